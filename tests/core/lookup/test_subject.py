"""Which number a request is about, by both of CAMARA's conventions, and which numbers the service is for."""

from __future__ import annotations

import pytest

from lastcall.core.errors import BadInput, Refused
from lastcall.core.lookup.subject import agreeing, either, read_number, require_mobile
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN


@pytest.mark.parametrize("convention", [either, agreeing])
def test_one_of_both_says_the_number(convention: object) -> None:
    assert callable(convention)
    assert convention(bound=LI_WEI_MSISDN, given=None) == LI_WEI_MSISDN
    assert convention(bound=None, given=LI_WEI_MSISDN) == LI_WEI_MSISDN
    with pytest.raises(Refused) as refused:
        convention(bound=None, given=None)
    assert refused.value.code == "missing_identifier"


@pytest.mark.parametrize("given", [LI_WEI_MSISDN, ANNA_MSISDN], ids=["the same", "another"])
def test_recycling_and_tenure_take_no_second_number_even_the_same(given: int) -> None:
    with pytest.raises(Refused) as refused:
        either(bound=LI_WEI_MSISDN, given=given)
    assert refused.value.code == "unnecessary_identifier"


def test_status_and_match_take_the_same_number_and_no_other() -> None:
    assert agreeing(bound=LI_WEI_MSISDN, given=LI_WEI_MSISDN) == LI_WEI_MSISDN
    with pytest.raises(Refused) as refused:
        agreeing(bound=LI_WEI_MSISDN, given=ANNA_MSISDN)
    assert refused.value.code == "invalid_token_context"


@pytest.mark.parametrize(
    ("text", "number"), [("+79161234567", 79161234567), ("+12345", 12345), ("+" + "9" * 15, 10**15 - 1)]
)
def test_a_number_is_read_in_e164(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "79161234567", "+09161234567", "+1234", "+" + "9" * 16, "+7 916 1234567", "+79161234567\n", "+7916123456٧"],
    ids=["empty", "no plus", "zero", "too short", "too long", "spaces", "line end", "another digit"],
)
def test_what_is_no_number_in_e164_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_number(text)
    assert refused.value.code == "malformed_number"
    assert text not in refused.value.message or not text


@pytest.mark.parametrize("msisdn", [79161234567, LI_WEI_MSISDN], ids=["one", "the cast's"])
def test_mobile_numbers_of_this_country_are_served(msisdn: int) -> None:
    require_mobile(msisdn)


@pytest.mark.parametrize(
    "msisdn",
    [12345, 12025550123, 74951234567, 78001234567, 77012345678, 7916123456, 791612345678, 9_990_200_001],
    ids=["short", "America", "landline", "toll-free", "Kazakhstan", "a digit less", "a digit more", "sandbox"],
)
def test_landlines_service_numbers_and_other_countries_are_not(msisdn: int) -> None:
    with pytest.raises(Refused) as refused:
        require_mobile(msisdn)
    assert refused.value.code == "service_not_applicable"

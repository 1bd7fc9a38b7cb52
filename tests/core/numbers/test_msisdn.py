"""MSISDNs as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.core.errors import BadInput
from lastcall.core.numbers.msisdn import format_msisdn, mask_msisdn, parse_msisdn

RUSSIAN = st.one_of(st.integers(79_000_000_000, 79_999_999_999), st.integers(73_000_000_000, 74_999_999_999))


@pytest.mark.parametrize(
    "text",
    [
        "+79161234567",
        "79161234567",
        "89161234567",
        "9161234567",
        "+7 916 123-45-67",
        "8 (916) 123-45-67",
        "8(916)123.45.67",
        "  +7\N{NO-BREAK SPACE}916\N{NO-BREAK SPACE}123\N{EN DASH}45\N{MINUS SIGN}67 ",
        "＋７（９１６）１２３４５６７",
        "٨٩١٦١٢٣٤٥٦٧",
        "\N{LEFT-TO-RIGHT EMBEDDING}+7 916 123-45-67\N{POP DIRECTIONAL FORMATTING}",
        "+7 8 916 123 45 67",
    ],
)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    assert parse_msisdn(text) == 79161234567


@pytest.mark.parametrize("national", ["9990000000", "9000000000", "9700000001", "8005553535", "4951234567"])
def test_a_number_is_read_whether_or_not_it_is_assigned(national: str) -> None:
    assert parse_msisdn("8" + national) == int("7" + national)


@pytest.mark.parametrize(
    "text", ["+86 138 0013 8000", "8 10 86 138 0013 8000", "+1 212 555 0100", "+7 701 123 45 67", "8 777 123 45 67"]
)
def test_a_foreign_number_is_refused_as_foreign(text: str) -> None:
    with pytest.raises(BadInput) as trouble:
        parse_msisdn(text)
    assert trouble.value.code == "foreign_number"
    assert trouble.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "112",
        "0919",
        "8 916 123-45",
        "+7 916 123-45-678",
        "+999 123 456 789",
        "+8 916 123-45-67",
        "8 916 ABC-DE-FG",
        "+7 916 123-45-67 ext. 5",
        "+7+9161234567",
        "*100#",
        "()",
        "9" * 400,
    ],
)
def test_what_is_no_number_is_refused_as_malformed(text: str) -> None:
    with pytest.raises(BadInput) as trouble:
        parse_msisdn(text)
    assert trouble.value.code == "malformed_number"
    assert trouble.value.remedy


@pytest.mark.parametrize("text", ["8 916 123-45-6", "7 916 123-45-6", "8121234567"])
def test_ten_digits_that_may_lack_one_are_not_taken_for_another_number(text: str) -> None:
    with pytest.raises(BadInput, match="lacks its last digit") as trouble:
        parse_msisdn(text)
    assert trouble.value.code == "malformed_number"


@pytest.mark.parametrize("text", ["+86 138 0013 8000", "+7 916 123-45-678", "+7 701 123 45 67", "8916123456x"])
def test_no_message_repeats_the_number(text: str) -> None:
    with pytest.raises(BadInput) as trouble:
        parse_msisdn(text)
    told = f"{trouble.value.message} {trouble.value.remedy}"
    typed = "".join(filter(str.isdigit, text))
    assert typed[3:7] not in "".join(filter(str.isdigit, told))
    assert trouble.value.__cause__ is None


def test_a_number_is_shown_in_groups() -> None:
    assert format_msisdn(79161234567) == "+7 916 123-45-67"


def test_a_masked_number_shows_code_and_last_two_digits() -> None:
    assert mask_msisdn(79161234567) == "+7 916 ***-**-67"


def test_a_foreign_number_is_masked_to_its_last_two_digits() -> None:
    assert format_msisdn(8613800138000) == "+8613800138000"
    assert mask_msisdn(8613800138000) == "+***00"


@given(RUSSIAN)
def test_what_is_shown_is_read_back(msisdn: int) -> None:
    assert parse_msisdn(format_msisdn(msisdn)) == msisdn
    assert parse_msisdn("8" + str(msisdn)[1:]) == msisdn
    assert parse_msisdn(str(msisdn)) == msisdn


@given(st.one_of(st.text(), st.text(alphabet="+78 ()-0123456789９/.*#", max_size=30)))
def test_any_text_is_a_russian_number_or_bad_input(text: str) -> None:
    try:
        outcome: int | str = parse_msisdn(text)
    except BadInput as trouble:
        outcome = trouble.code
    assert outcome in {"foreign_number", "malformed_number"} or outcome in range(70_000_000_000, 80_000_000_000)

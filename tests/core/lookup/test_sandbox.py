"""The sandbox: every answer of every reading has a number, every error of every API has one, and none can be real."""

from __future__ import annotations

import re
from datetime import date

import phonenumbers
import pytest

from lastcall.core.errors import Refused
from lastcall.core.lookup import readings, sandbox
from lastcall.core.lookup.documented import APIS, COMMON, ERRORS, documented
from lastcall.core.lookup.subject import SHAPE, require_mobile

TODAY = date(2026, 1, 12)
DAYS = (date(2019, 12, 31), date(2023, 10, 9), date(2024, 2, 25), date(2024, 6, 1), date(2024, 9, 21), date(2030, 1, 1))


@pytest.mark.parametrize("semantics", readings.SEMANTICS)
def test_every_answer_of_a_reading_can_be_had(semantics: str) -> None:
    answers = {"camara": readings.CAMARA, "disconnect": readings.DISCONNECT, "rich": readings.RICH}[semantics]
    read = readings.SEMANTICS[semantics]
    had = {read(life.evidence(), day, today=TODAY) for life in sandbox.LIVES.values() for day in DAYS}
    assert had == set(answers)


@pytest.mark.parametrize("api", APIS)
def test_every_documented_error_has_its_number(api: str) -> None:
    for error in (*ERRORS[api], *COMMON):
        assert sandbox.trouble(api, sandbox.number_of(api, error.code)) == error


def test_a_number_with_an_error_says_nothing_to_other_apis() -> None:
    number = sandbox.number_of(APIS[0], "OUT_OF_RANGE")
    assert [sandbox.trouble(api, number) is None for api in APIS] == [False, True, True, True]


def test_no_number_can_be_real() -> None:
    """Its country code belongs to nobody, and the service is for nobody with it."""
    for line in sandbox.table():
        number = int(line.number[1:])
        assert re.fullmatch(SHAPE, line.number) and sandbox.is_sandbox(number)
        with pytest.raises(phonenumbers.NumberParseException):
            phonenumbers.parse(line.number)
        with pytest.raises(Refused):
            require_mobile(number)


def test_the_table_has_each_number_once() -> None:
    numbers = [line.number for line in sandbox.table()]
    assert len(numbers) == len(set(numbers)) == len(sandbox.LIVES) + len(sandbox.TROUBLES)


def test_lives_are_about_different_people() -> None:
    """Who took the number over is somebody else on file too."""
    first, second = (sandbox.LIVES[9_990_200_000 + place].record() for place in (1, 2))
    assert first.names != second.names
    assert first.documents[0].number_key != second.documents[0].number_key


def test_an_error_is_found_by_its_code_with_and_without_the_prefix_of_its_api() -> None:
    assert documented("kyc-match", "ID_DOCUMENT_REQUIRED").code == "KNOW_YOUR_CUSTOMER.ID_DOCUMENT_REQUIRED"
    with pytest.raises(KeyError):
        documented("number-recycling", "INVALID_TOKEN_CONTEXT")

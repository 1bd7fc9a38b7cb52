"""The everyday question of Number Recycling: answered from bytes and index alone, and never otherwise than in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastcall.core.lookup import pair
from lastcall.core.relying.access import Access
from lastcall.doors.lookup import lookup
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.camara.at_once import EVERYDAY, at_once
from lastcall.doors.lookup.camara.recycling import in_full
from lastcall.doors.lookup.errors import ApiError
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN
from tests.doors.lookup.camara.stage import Stage

AS_OF = datetime(2026, 3, 13, 9, tzinfo=UTC)
KNOWN_SINCE, BEGAN, CEASED = date(2020, 1, 1), date(2024, 9, 21), date(2024, 2, 25)
PAIRS = {
    LI_WEI_MSISDN: (pair.day_number(CEASED), pair.day_number(BEGAN)), ANNA_MSISDN: (pair.NEVER, pair.day_number(KNOWN_SINCE)),
    FREE_MSISDN: (pair.NEVER, pair.NOBODY), FREE_MSISDN + 1: (pair.day_number(CEASED), pair.NOBODY),
    FREE_MSISDN + 2: (pair.COMPLEX, pair.COMPLEX),
}  # fmt: skip
ACCESS = Access(
    consumer_id=1, name="Demo Bank", category="bank", scopes=frozenset(), purpose="dpv:FraudPreventionAndDetection",
    tenure_id=None, msisdn=None, sandbox=False, expires_at=AS_OF,
)  # fmt: skip


class MadeUp:
    """An index of a few numbers."""

    def find(self, msisdn: int) -> tuple[int, int]:
        """The pair, or that of a number that is not covered."""
        return PAIRS.get(msisdn, (pair.NOT_COVERED, pair.NOBODY))


@pytest.fixture(autouse=True)
def index(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The made-up index is in use, as of the present."""
    made: Any = MadeUp()
    here = lookup.Present(made, AS_OF, "2026-03-13T09:00:00Z", KNOWN_SINCE)
    monkeypatch.setattr(lookup, "present", lambda: here)


def asking(body: bytes, access: Access = ACCESS) -> Asked:
    """A request with this body."""
    return Asked("POST", "/number-recycling/v0.2/check", {}, {}, {}, body, access, "c")


def written(msisdn: int, day: str) -> bytes:
    """The everyday body."""
    return f'{{"phoneNumber": "+{msisdn}", "specifiedDate": "{day}"}}'.encode()


def said(asked: Asked) -> Answer | tuple[int, str]:
    """The answer in full, or status and code of the error."""
    try:
        return in_full(asked)
    except ApiError as trouble:
        return trouble.status, trouble.code


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from([*PAIRS, 79888888888, 12025550123]),
    st.dates(date(2019, 12, 25), date(2020, 1, 5)) | st.dates(BEGAN - timedelta(3), BEGAN + timedelta(3))
    | st.dates(AS_OF.date() - timedelta(3), AS_OF.date() + timedelta(3)) | st.dates(),
)  # fmt: skip
def test_at_once_is_never_otherwise_than_in_full(msisdn: int, day: date) -> None:
    asked = asking(written(msisdn, day.isoformat()))
    quick = at_once(asked)
    assert quick is None or quick == said(asked)


def test_the_everyday_question_is_answered_at_once() -> None:
    """Both answers, on the first and the last day of the evidence."""
    answers = [
        at_once(asking(written(LI_WEI_MSISDN, day))) for day in ("2020-01-01", "2024-09-20", "2024-09-21", "2026-03-13")
    ]
    assert [answer.body if answer else None for answer in answers] == [
        b'{"phoneNumberRecycled":true}', b'{"phoneNumberRecycled":true}', b'{"phoneNumberRecycled":false}',
        b'{"phoneNumberRecycled":false}',
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["2019-12-31", "2026-03-14", "2023-02-30", "0000-01-01"])
def test_what_is_an_error_is_not_answered_at_once(day: str) -> None:
    assert at_once(asking(written(LI_WEI_MSISDN, day))) is None


@pytest.mark.parametrize("msisdn", [FREE_MSISDN, FREE_MSISDN + 2, 79888888888], ids=["free", "complex", "not ours"])
def test_what_the_pair_does_not_answer_is_asked_in_full(msisdn: int) -> None:
    assert at_once(asking(written(msisdn, "2024-10-01"))) is None


@pytest.mark.parametrize(
    "access",
    [replace(ACCESS, sandbox=True), replace(ACCESS, msisdn=LI_WEI_MSISDN, tenure_id=1)],
    ids=["sandbox", "three-legged"],
)
def test_other_tokens_are_asked_in_full(access: Access) -> None:
    assert at_once(asking(written(LI_WEI_MSISDN, "2024-10-01"), access)) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"specifiedDate":"2024-10-01","phoneNumber":"+79000001001"}',
        b'{"phoneNumber":"\\u002b79000001001","specifiedDate":"2024-10-01"}',
        b'{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01","specifiedDate":"2024-10-01"}',
        b'{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01","more":1}',
        b'{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01"}}',
        b'{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01",}',
        b'{"phoneNumber":"+79000001001" "specifiedDate":"2024-10-01"}',
        b'\xef\xbb\xbf{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01"}',
        b'\x0b{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01"}',
        b'{"phoneNumber":"+79000001001","specifiedDate":"2024-10-01T00:00:00Z"}',
        b"",
    ],
    ids=[
        "other order",
        "escape",
        "twice",
        "more",
        "a brace more",
        "a comma more",
        "no comma",
        "mark",
        "odd space",
        "time",
        "empty",
    ],
)
def test_other_bodies_are_asked_in_full(body: bytes) -> None:
    assert EVERYDAY.fullmatch(body) is None


def test_spaces_are_no_matter() -> None:
    spaced = b' \t{\r\n"phoneNumber" :\t"+79000001001" ,\n "specifiedDate" : "2024-10-01" } \n'
    quick = at_once(asking(spaced))
    assert quick is not None and quick == said(asking(spaced))

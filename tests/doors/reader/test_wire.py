"""What comes over the wire is taken for what it is, or refused: nothing that a desk says can break the program."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastcall.core.errors import ElementTrouble, LastcallError
from lastcall.doors.reader.desk import Desk
from lastcall.doors.reader.order import Order

ASKED = {
    "id": "123", "ticket": "A001", "language": "ru", "backup": True, "pin_off": False, "until": "2026-01-12T10:00:00+00:00",
}  # fmt: skip
_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
_ANY = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
)


def _desk(body: Any, status: int = 200) -> Desk:
    return Desk("http://localhost", transport=httpx.MockTransport(lambda _: httpx.Response(status, json=body)))


ORDER = Order(
    id="123", ticket="A001", language="ru", backup=True, pin_off=False, until=datetime(2026, 1, 12, 10, tzinfo=UTC)
)


def test_an_order_is_read_as_it_was_written() -> None:
    assert _desk({"order": ASKED}).order() == ORDER and _desk({"order": None}).order() is None


def test_an_unknown_language_is_english() -> None:
    found = _desk({"order": ASKED | {"language": "tlh"}}).order()
    assert found is not None and found.language == "en"


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "12/../3"}, {"id": "-1"}, {"id": "1" * 20}, {"id": "１２"}, {"backup": "yes"}, {"pin_off": 1},
        {"until": "tomorrow"}, {"until": "2026-01-12T10:00:00"}, {"until": None},
    ],
)  # fmt: skip
def test_an_order_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ElementTrouble) as trouble:
        _desk({"order": ASKED | wrong}).order()
    assert trouble.value.code == "desk_garbled"


@settings(max_examples=150, deadline=None)
@given(field=st.sampled_from(sorted(ASKED)), value=_ANY, whole=_ANY)
def test_whatever_the_desk_says_ends_in_an_order_or_in_words(field: str, value: Any, whole: Any) -> None:
    assert {_heard(body) for body in ({"order": ASKED | {field: _spoken(value)}}, {"order": _spoken(whole)}, whole)} <= {
        "order", "nothing", "desk_garbled",
    }  # fmt: skip


def _heard(body: Any) -> str:
    SAYS["body"] = _spoken(body)
    try:
        found = ONE.order()
    except ElementTrouble as trouble:
        return trouble.code
    return "nothing" if found is None else "order"


SAYS: dict[str, Any] = {}
ONE = Desk("http://localhost", transport=httpx.MockTransport(lambda _: httpx.Response(200, json=SAYS["body"])))


def _spoken(value: Any) -> Any:
    """JSON knows neither infinity nor half a pair of surrogates."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else 0.5
    if isinstance(value, list):
        return [_spoken(each) for each in value]
    return {key: _spoken(each) for key, each in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "desk_refused"), (401, "reader_ended"), (403, "desk_refused"), (404, "order_over"), (409, "desk_refused"),
        (413, "too_big"), (429, "desk_away"), (500, "desk_away"), (503, "desk_away"), (302, "desk_garbled"),
    ],
)  # fmt: skip
def test_each_refusal_has_its_code(status: int, code: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, headers={"Location": "/"}, json={"error": {}}))
    with pytest.raises(LastcallError) as refused:
        Desk("http://localhost", transport=transport).done(ORDER, contacts=1, messages=1, partial="", pin="removed")
    assert refused.value.code == code

"""A PDF that is the same for everyone is set once, in bounded memory, and by no more at a time than one computer bears."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from lastcall.core import clock, provided
from lastcall.core.clock import ManualClock
from lastcall.core.closing.letters import Letter
from lastcall.core.kit.operators import OTHER, version_of
from lastcall.core.ports import Printer
from lastcall.doors.kit import pages
from lastcall.doors.kit.kept import MOST_WAITING, Busy, Kept
from tests.core.kit.kits import pack

NOW: Final = datetime(2026, 1, 12, 9, tzinfo=UTC)
CHOICE: Final = {"operator": "mts", "reason": "leaving", "situation": "foreigner"}
PDF: Final = "/kit/show/kit.pdf"
LONG: Final = 20
"""Seconds to wait for what must happen."""


class Counts:
    """A printer that counts what it sets, and waits while it is told to."""

    name = "counts"

    def __init__(self) -> None:
        self.set = 0
        self.begun = threading.Event()
        self.go = threading.Event()
        self.go.set()

    def make(self, letter: Letter) -> bytes:
        raise AssertionError("a kit is bound")

    def bind(self, letters: Sequence[Letter]) -> bytes:
        self.set += 1
        self.begun.set()
        assert self.go.wait(LONG)
        first, titles = letters[0], [letter.title.shown() for letter in letters]
        return f"%PDF {first.language} {first.brand.shown()} {first.made_at.isoformat()} {titles}".encode()


@pytest.fixture
def time() -> Iterator[ManualClock]:
    manual = ManualClock(NOW)
    with clock.use(manual):
        yield manual


@pytest.fixture
def printer(monkeypatch: pytest.MonkeyPatch, time: ManualClock) -> Iterator[Counts]:
    counts = Counts()
    monkeypatch.setattr(provided, "_makers", dict(provided._makers))
    monkeypatch.setattr(provided, "_made", dict(provided._made))
    provided.provide(Printer, lambda: counts)
    pages.KEPT.clear()
    yield counts
    pages.KEPT.clear()


def ask(language: str = "en", headers: dict[str, str] | None = None, **other: str) -> HttpResponse:
    client = Client(headers={"host": "localhost"} | (headers or {}))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(PDF, CHOICE | other)
    assert isinstance(answer, HttpResponse)
    return answer


def test_two_who_ask_for_the_same_cost_one_setting(printer: Counts) -> None:
    first, second = ask(), ask()

    assert printer.set == 1
    assert first.content == second.content and first["ETag"] == second["ETag"]


def test_two_who_ask_at_the_same_time_cost_one_setting() -> None:
    kept, begun, go, made = Kept(), threading.Event(), threading.Event(), []

    def make() -> bytes:
        made.append(1)
        begun.set()
        assert go.wait(LONG)
        return b"the same"

    with ThreadPoolExecutor(2) as askers:
        one = askers.submit(kept.get, "key", make)
        assert begun.wait(LONG)
        other = askers.submit(kept.get, "key", make)
        go.set()
        assert one.result(LONG) == other.result(LONG) == b"the same"
    assert len(made) == 1


@pytest.mark.parametrize(
    "other", [{"operator": "t2"}, {"operator": OTHER}, {"reason": "lost"}, {"situation": "heir"}, {"language": "ru"}]
)
def test_another_choice_or_language_is_another_pdf(printer: Counts, other: dict[str, Any]) -> None:
    assert ask()["ETag"] != ask(**other)["ETag"]
    assert printer.set == 2


def test_another_day_is_another_pdf_and_the_same_day_is_the_same_to_the_byte(
    printer: Counts, time: ManualClock
) -> None:
    first = ask()
    time.advance(timedelta(hours=5))
    pages.KEPT.clear()
    assert ask().content == first.content, "whichever process sets it, whenever"
    time.advance(timedelta(hours=24))
    assert ask().content != first.content
    assert printer.set == 3


def test_another_state_of_the_pack_is_another_version() -> None:
    assert version_of(pack()) == version_of(pack())
    assert len({version_of(pack(operator)) for operator in ("mts", "t2", OTHER)}) == 3


def test_who_has_it_already_is_told_so(printer: Counts) -> None:
    first = ask()
    again = ask(headers={"if-none-match": first["ETag"]})
    stale = ask(headers={"if-none-match": '"something else"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"] and again["Cache-Control"] == first["Cache-Control"]
    assert (stale.status_code, stale.content) == (200, first.content)
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(first["Vary"].split(", "))


def test_memory_is_bounded_and_what_nobody_asked_for_goes_first() -> None:
    kept = Kept(most_bytes=1000)
    for number in range(50):
        kept.get(number, lambda: bytes(300))
        kept.get(0, lambda: bytes(300))
        assert kept.size <= 1000
    made: list[int] = []

    def make(number: int) -> Callable[[], bytes]:
        return lambda: made.append(number) or bytes(300)  # type: ignore[func-returns-value]

    for number in (0, 49, 1):
        kept.get(number, make(number))
    assert made == [1], "the others are there still"


def test_what_is_larger_than_all_room_is_given_and_not_kept() -> None:
    kept = Kept(most_bytes=10)

    assert kept.get("key", lambda: bytes(11)) == bytes(11)
    assert kept.size == 0


def test_what_fails_is_not_kept_and_leaves_room_for_the_next() -> None:
    kept = Kept(most_waiting=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            kept.get("key", lambda: bytes(1 // 0))
    assert kept.get("key", lambda: b"there") == b"there"


def test_no_more_wait_than_there_is_room_for_and_what_is_there_is_given_to_all() -> None:
    kept, begun, go = Kept(most_waiting=1), threading.Event(), threading.Event()
    kept.get("there", lambda: b"there")

    def slow() -> bytes:
        begun.set()
        assert go.wait(LONG)
        return b"slow"

    with ThreadPoolExecutor(1) as askers:
        asking = askers.submit(kept.get, "slow", slow)
        assert begun.wait(LONG)
        with pytest.raises(Busy):
            kept.get("other", lambda: b"other")
        assert kept.get("there", lambda: b"never") == b"there"
        go.set()
        assert asking.result(LONG) == b"slow"


def test_whoever_finds_no_room_is_asked_to_come_again(printer: Counts) -> None:
    printer.go.clear()
    reasons = ("leaving", "unused", "price", "lost", "not_mine", "switching")
    with ThreadPoolExecutor(len(reasons)) as askers:
        asking = [askers.submit(ask, reason=reason) for reason in reasons]
        refused = wait(asking, LONG, return_when="FIRST_COMPLETED").done
        early = next(iter(refused)).result()
        printer.go.set()
        answers = [each.result(LONG) for each in asking]

    assert (early.status_code, early["Retry-After"], early["Cache-Control"]) == (503, "2", "no-store")
    assert PDF in early.content.decode() and "<script" not in early.content.decode()
    assert {answer.status_code for answer in answers} == {200, 503}
    assert printer.set >= MOST_WAITING

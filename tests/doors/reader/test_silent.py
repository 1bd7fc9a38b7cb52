"""A reader that hangs: the visitor need not wait on, hears what is not known, and its late answer changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.doors.reader.asking import EVERY
from lastcall.doors.reader.stage import SILENT
from lastcall.elements.simcard.simulated.pins import Outcome, Pin
from tests.doors.reader.counter import PIN, Beside, secret_on

BUTTON = 'value="give_up"'


def hang(beside: Beside) -> list[Callable[[], None]]:
    """From now on the reader takes what it is to do, and does it when the test lets it."""
    waiting: list[Callable[[], None]] = []
    beside.agent.working.soon = waiting.append
    return waiting


def silence(beside: Beside, time: timedelta = SILENT) -> None:
    beside.visit.cast.time.advance(time)


def test_there_is_nothing_to_press_while_the_reader_may_still_answer(beside: Beside) -> None:
    beside.ask()
    hang(beside)
    assert BUTTON not in beside.press("agree")
    silence(beside, SILENT - timedelta(seconds=1))
    word = beside.agent.stage.page
    assert BUTTON not in beside.page()
    beside.screen.post("/", {"act": "give_up", "page": word})
    assert (beside.agent.stage.name, beside.agent.stage.page) == ("working", word)


def test_a_sign_of_the_reader_begins_the_wait_anew(beside: Beside) -> None:
    beside.ask()
    hang(beside)
    beside.press("agree")
    silence(beside)
    assert BUTTON in beside.page()
    beside.agent.showing.progress("reading", 1, 280)
    assert BUTTON not in beside.page()


@pytest.mark.parametrize("step", ["writing", "sending"])
def test_what_is_not_done_with_the_card_ends_by_itself(beside: Beside, step: str) -> None:
    beside.ask()
    hang(beside)
    beside.press("agree")
    beside.agent.showing.progress(step, 0, 0)
    silence(beside)
    assert BUTTON not in beside.page()


def test_who_waits_no_longer_is_told_what_is_not_known_and_so_is_the_desk(beside: Beside) -> None:
    asked = beside.ask()
    waiting = hang(beside)
    beside.press("agree")
    silence(beside)
    page = beside.press("give_up")
    assert "The card reader gives no sign" in page and "is not known" in page and "Begin again" not in page
    assert (beside.now(asked).state, beside.now(asked).problem) == ("failed", "reader_gone")

    word = beside.agent.stage.page
    waiting.pop()()
    assert beside.agent.stage.page == word, "its late answer changes nothing"
    assert beside.card.writes == [] and beside.now(asked).state == "failed"
    assert "Waiting for the desk" in beside.press("finish") and beside.agent.poll() == EVERY


def test_the_next_visitor_is_not_shown_the_last_ones_late_end(beside: Beside) -> None:
    beside.asked_for_pin()
    waiting = hang(beside)
    beside.press("pin", pin=PIN)
    silence(beside)
    beside.press("give_up")
    beside.press("finish")
    beside.visit.ask()
    beside.agent.poll()
    word = beside.agent.stage.page
    waiting.pop()()
    assert (beside.agent.stage.name, beside.agent.stage.page) == ("asked", word)


def test_a_pin_that_was_being_taken_off_is_not_known_and_the_secret_is_shown(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, really, seen = beside.asked_for_pin(), Pin.disable, []

    def late(pin: Pin, given: bytes, *, replace: bool = False) -> Outcome:
        silence(beside)
        seen.append(beside.press("give_up"))
        return really(pin, given, replace=replace)

    monkeypatch.setattr(Pin, "disable", late)
    last = beside.press("pin", pin=PIN)
    assert "not known yet" in seen[0] and "The card reader gives no sign" in seen[0]
    assert secret_on(last) == secret_on(seen[0]) and "not known yet" in last and not beside.card.pin.enabled
    assert (beside.now(asked).state, beside.now(asked).pin) == ("done", "kept"), "what nobody knows is not ticked off"

"""Asking for the same number back: the former holder, while nobody else may have it."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.closing.asking_back import ask_back
from lastcall.core.numbers.sweep import sweep
from tests.cast import FREE_MSISDN, ON_THE_WEB, Cast
from tests.core.tools import nothing_changes, refused


def test_the_wish_is_noted_with_an_event(cast: Cast) -> None:
    receipt = cast.closed()
    case = ask_back(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    assert case.asked_back_at == cast.time.now()
    assert cast.events(receipt)[-1] == "case.asked_back"


def test_asked_twice_it_is_one_wish(cast: Cast) -> None:
    receipt = cast.closed()
    first = ask_back(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.time.advance(timedelta(days=1))
    with nothing_changes():
        assert ask_back(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB) == first


def test_a_line_that_was_not_closed_gives_nothing_back(cast: Cast) -> None:
    for receipt in (cast.declare(FREE_MSISDN), cast.on_hold()):
        with refused("not_closed"):
            ask_back(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def test_after_the_window_it_is_too_late(cast: Cast) -> None:
    receipt = cast.closed()
    cast.time.advance(timedelta(days=61))
    sweep(cast.base)
    with refused("window_over"):
        ask_back(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)

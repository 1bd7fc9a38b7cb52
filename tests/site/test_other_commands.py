"""The commands that only tell: lifecycle, number, numbers, work, help."""

from __future__ import annotations

import pytest

from lastcall.site.main import COMMANDS
from tests.cast import LI_WEI_MSISDN, Cast
from tests.site.terminal import Terminal


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(lastcall: Terminal, command: str) -> None:
    left = lastcall(command, "--help")
    assert left.code == 0
    assert "Usage: lastcall" in left.out or "Usage:" in left.out


def test_the_lifecycles_are_printed_drawn_and_read_by_machines(lastcall: Terminal) -> None:
    tables = lastcall("lifecycle", "--json").document
    assert set(tables) == {
        "batch", "break_glass", "call", "case", "correction", "delivery", "early_release", "handling", "number", "reader", "sim",
        "ticket", "webhook",
    }  # fmt: skip
    assert {"from": "quarantined", "action": "release", "to": "available"}.items() <= next(
        row for row in tables["number"]["transitions"] if row["action"] == "release"
    ).items()
    assert "quarantined --> available: release" in lastcall("lifecycle", "number", "--mermaid").out
    assert "in_stock" in lastcall("lifecycle", "sim").out


def test_strangers_learn_the_same_of_every_number(cast: Cast, lastcall: Terminal) -> None:
    held = lastcall("number", "status", f"+{LI_WEI_MSISDN}", "--json").document
    free = lastcall("number", "status", f"+{LI_WEI_MSISDN + 5000}", "--json").document
    assert {**held, "number": ""} == {**free, "number": ""}


def test_the_leaver_learns_what_became_of_the_number(cast: Cast, lastcall: Terminal) -> None:
    receipt = cast.closed()
    words = ("number", "status", f"+{LI_WEI_MSISDN}", "--reference", receipt.reference, "--secret-file", "-", "--json")
    told = lastcall(*words, typed=receipt.secret).document
    assert told["state"] == "pending_release"
    assert told["reclaim_until"]
    wrong = lastcall(*words, typed="WRONGWRONGWRONG0")
    assert (wrong.code, wrong.error["code"]) == (4, "not_found")


def test_the_numbers_are_counted_by_state(cast: Cast, lastcall: Terminal) -> None:
    cast.closed()
    counted = lastcall("numbers", "status", "--json").document
    assert (counted["in_service"], counted["pending_release"]) == (1, 1)
    assert "pending_release" in lastcall("numbers", "status").out


def test_what_is_due_is_swept(cast: Cast, lastcall: Terminal) -> None:
    from datetime import timedelta

    cast.closed()
    cast.time.advance(timedelta(days=400))
    swept = lastcall("numbers", "sweep", "--json").document
    assert swept == {"quarantined": 1, "released": 1, "reservations_ended": 0, "put_off": 0}


def test_nothing_waits_for_a_person_when_all_is_well(cast: Cast, lastcall: Terminal) -> None:
    assert lastcall("work", "dead", "--json").document == []
    assert lastcall("work", "retry", "1").code == 4

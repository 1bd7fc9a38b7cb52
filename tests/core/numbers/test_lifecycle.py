"""The lifecycles of number and SIM: what every role may do in every state, as text; and the state that a number has."""

from __future__ import annotations

from pathlib import Path

import pytest

from lastcall.core.numbers.lifecycle import CORRECTION, EARLY_RELEASE, NUMBER, SIM
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.rules import NumberLife
from tests.core.closing.facts import NOW, bound
from tests.core.lifecycles import answers_as_written, as_text, matches_snapshot

SNAPSHOT = Path(__file__).with_name("lifecycle.txt")
HELD = bound().tenure
PENDING = PendingRelease(reclaim_until=NOW, msisdn=1, tenure_id=2, quarantine_until=NOW)
REST = Quarantine(quarantine_until=NOW, msisdn=1, tenure_id=2)
KEPT = Reservation(msisdn=1, until=NOW, purpose="order 1")


def test_the_whole_tables_are_the_ones_that_were_reviewed() -> None:
    matches_snapshot(as_text(NUMBER, SIM, EARLY_RELEASE, CORRECTION), SNAPSHOT)


def test_every_state_action_and_role_is_answered_as_the_text_says() -> None:
    text = SNAPSHOT.read_text(encoding="utf-8")
    answers_as_written(NUMBER, text)
    answers_as_written(SIM, text)
    answers_as_written(EARLY_RELEASE, text)
    answers_as_written(CORRECTION, text)


def test_no_way_leads_back_from_a_dead_sim_or_a_number_given_back() -> None:
    assert SIM.ends == {"dead"} and NUMBER.ends == {"withdrawn"}
    assert [row for row in (*SIM, *NUMBER) if row.source in {"dead", "withdrawn"}] == []


def test_no_number_goes_to_a_new_holder_without_its_rest() -> None:
    without_rest = {"reactivate", "transfer"}
    before = {row.source for row in NUMBER if row.target == "in_service" and row.action not in without_rest}
    assert before == {"available", "reserved"}
    assert {row.source for row in NUMBER if row.action == "transfer"} == {"in_service"}
    assert {row.source for row in NUMBER if row.target == "available"} == {"reserved", "quarantined"}


@pytest.mark.parametrize(
    ("life", "state"),
    [
        (NumberLife(1, in_range=True), "available"),
        (NumberLife(1, in_range=True, reservation=KEPT), "reserved"),
        (NumberLife(1, in_range=True, latest=HELD), "in_service"),
        (NumberLife(1, in_range=True, pending=PENDING), "pending_release"),
        (NumberLife(1, in_range=True, quarantine=REST), "quarantined"),
        (
            NumberLife(1, in_range=True, absent=Absent(msisdn=1, state="ported_out", since=NOW, tenure_id=2)),
            "ported_out",
        ),
        (NumberLife(1, in_range=True, absent=Absent(msisdn=1, state="withdrawn", since=NOW, tenure_id=2)), "withdrawn"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_numbers_state_is_read_from_its_tenure_and_memberships(life: NumberLife, state: str) -> None:
    assert life.state == state
    assert set(NUMBER.states) >= {state}

"""Subscription status from what is known of a line and its SIM."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lastcall.core.lookup.service_state import ACTIVE, SUSPENDED, service_state
from lastcall.core.numbers.sim import STATES, Sim
from lastcall.core.subscribers.line import Line

NOW = datetime(2026, 1, 12, 9, tzinfo=UTC)
LINE = Line(
    id=1, subscriber_id=1, tenure_id=1, sim_id=1, plan="prepaid", currency="RUB", opened_at=NOW, sim_since=NOW
)  # fmt: skip
SIM = Sim(id=1, iccid="", imsi="", form="card", state="active", custody="subscriber")


def test_a_line_with_an_active_sim_works() -> None:
    assert service_state(LINE, SIM) == ACTIVE


@pytest.mark.parametrize("state", sorted(set(STATES) - {"active"}))
def test_a_line_without_an_active_sim_does_not(state: str) -> None:
    assert service_state(LINE, replace(SIM, state=state)) == SUSPENDED


@pytest.mark.parametrize("mark", ["ceasing_at", "closed_at"])
def test_a_line_that_is_being_ceased_or_was_does_not(mark: str) -> None:
    marked = replace(LINE, ceasing_at=NOW) if mark == "ceasing_at" else replace(LINE, closed_at=NOW)
    assert service_state(marked, SIM) == SUSPENDED


@pytest.mark.parametrize("mark", ["locked_at", "legal_hold_at", "port_out_at"])
def test_what_only_concerns_the_closing_takes_no_service_away(mark: str) -> None:
    marked = {
        "locked_at": replace(LINE, locked_at=NOW), "legal_hold_at": replace(LINE, legal_hold_at=NOW),
        "port_out_at": replace(LINE, port_out_at=NOW),
    }[mark]  # fmt: skip
    assert service_state(marked, SIM) == ACTIVE

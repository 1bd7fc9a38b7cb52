"""Tenure: since when the present holder has had the number on every day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.lookup.continuity import held_since, tenure
from lastcall.core.lookup.evidence import Evidence, Span, evidence
from lastcall.core.policies.load import load
from tests.core.lookup.histories import MSISDN, START, History, histories, written

A, B = 1, 2
BEGAN = date(2023, 10, 9)
TODAY = date(2026, 1, 12)
POLICY = load("demo", on=TODAY).policy()


def of(*spans: Span, known_since: date = date(2020, 1, 1)) -> Evidence:
    """Evidence of a number with these holders."""
    return Evidence(
        spans, "in_service", covered=True, known_since=known_since, as_of=datetime(2026, 1, 12, 9, tzinfo=UTC)
    )


HELD = of(Span(A, BEGAN, None, ""))


def asked(found: Evidence, day: date, **policy: Any) -> str:
    """The answer on the cast's day."""
    return tenure(found, day, today=TODAY, policy=replace(POLICY, **policy))


@pytest.mark.parametrize(("days", "answer"), [(-1, "false"), (0, "true"), (1, "true")])
def test_the_first_day_counts(days: int, answer: str) -> None:
    assert asked(HELD, BEGAN + timedelta(days=days)) == answer


def test_today_counts_and_tomorrow_does_not() -> None:
    assert asked(HELD, TODAY) == "true"
    assert asked(HELD, TODAY + timedelta(days=1)) == "out_of_range"


def test_a_day_before_the_evidence_gets_no_boolean() -> None:
    assert asked(HELD, date(2019, 12, 31)) == "out_of_range"
    assert asked(HELD, date(2020, 1, 1)) == "false"


def test_the_operator_may_look_back_less_far() -> None:
    longest = (TODAY - BEGAN).days
    assert asked(HELD, BEGAN, lookup_tenure_days_max=longest) == "true"
    assert asked(HELD, BEGAN, lookup_tenure_days_max=longest - 1) == "out_of_range"


@pytest.mark.parametrize("ending", ["ceased", "ported_out", "transferred"])
def test_nobody_holds_it_with_us(ending: str) -> None:
    assert asked(of(Span(A, BEGAN, date(2024, 2, 25), ending)), BEGAN) == "not_found"
    assert asked(of(), BEGAN) == "not_found"


def test_another_holder_before_does_not_count() -> None:
    found = of(Span(A, BEGAN, date(2024, 2, 25), "transferred"), Span(B, date(2024, 2, 25), None, ""))
    assert asked(found, date(2024, 2, 24)) == "false"
    assert asked(found, date(2024, 2, 25)) == "true"


def test_a_return_after_days_without_it_begins_anew() -> None:
    found = of(Span(A, BEGAN, date(2024, 2, 25), "ceased"), Span(A, date(2024, 2, 27), None, ""))
    assert asked(found, date(2024, 2, 25)) == "false"
    assert asked(found, date(2024, 2, 27)) == "true"


def test_a_return_on_the_next_day_leaves_no_day_without_it() -> None:
    found = of(Span(A, BEGAN, date(2024, 2, 25), "ceased"), Span(A, date(2024, 2, 26), None, ""))
    assert asked(found, BEGAN) == "true"


@settings(max_examples=150, deadline=None)
@given(histories())
def test_it_agrees_with_a_walk_back_through_every_slot(history: History) -> None:
    with clock.use(ManualClock(history.moment(history.now) + timedelta(seconds=1))):
        found = evidence(written(history), msisdn=MSISDN, known_since=START.date())
    assert held_since(found) == _by_hand(history)


def _by_hand(history: History) -> date | None:
    """Back from now to the last slot of anybody else: the days on which the holder had it, up to the first one without."""
    if history.state != "in_service":
        return None
    holders = [None if place is None else history.periods[place].holder for place in history.periods_by_slot()]
    days: set[date] = set()
    for slot in range(history.now, -1, -1):
        if holders[slot] not in {holders[-1], None}:
            break
        if holders[slot] is not None:
            days.add(history.day(slot))
    first = history.day(history.now)
    while first - timedelta(days=1) in days:
        first -= timedelta(days=1)
    return first

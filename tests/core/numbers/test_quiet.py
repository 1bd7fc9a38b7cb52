"""Quiet before release: the rule as a table, and the sweep that puts off what people still try to reach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.numbers import quiet
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.quiet import Decision, Rest
from lastcall.core.numbers.sweep import Swept, sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.load import load
from tests.cast import LI_WEI_MSISDN, Cast
from tests.core.audit import stories
from tests.core.numbers.test_sweep import ceased
from tests.core.tools import nothing_changes, only, race, some

TODAY = date(2026, 7, 20)
DAY = timedelta(days=1)
MOSCOW = ZoneInfo("Europe/Moscow")
POLICY = replace(load("demo", on=TODAY).policy(), quiet_days=7, quiet_most_attempts_a_day=3, quiet_most_days_beyond=30)
QUIET, LONG_ENOUGH = Decision(None, "quiet"), Decision(None, "long_enough")


def on(days_ago: int, calls: int = 4, messages: int = 0) -> Attempts:
    return Attempts(msisdn=LI_WEI_MSISDN, day=TODAY - days_ago * DAY, calls=calls, messages=messages)


def until(days: int) -> Decision:
    return Decision(TODAY + days * DAY, "not_quiet")


@pytest.mark.parametrize(
    ("attempts", "overdue", "decision"),
    [
        ((), 0, QUIET),
        ((on(1, 3),), 0, QUIET),
        ((on(1, 2, 1),), 0, QUIET),
        ((on(1, 2, 2),), 0, until(7)),
        ((on(1, 0, 4),), 0, until(7)),
        ((on(0),), 0, until(8)),
        ((on(7),), 0, until(1)),
        ((on(8),), 0, QUIET),
        ((on(7), on(3), on(5)), 0, until(5)),
        ((on(20, 900), on(1, 3)), 0, QUIET),
        ((on(1),), 22, until(7)),
        ((on(1),), 23, until(7)),
        ((on(1),), 24, until(6)),
        ((on(1),), 29, until(1)),
        ((on(1),), 30, LONG_ENOUGH),
        ((on(1),), 400, LONG_ENOUGH),
    ],
    ids=[
        "no attempts", "as many as may be", "calls and messages are counted together", "one more than may be", "messages alone",
        "today", "on the last day that counts", "a day before it", "the last loud day counts", "loud long ago", "beyond its date",
        "exactly to the bound", "no further than the bound", "on the last day before the bound", "on the bound", "far beyond it",
    ],
)  # fmt: skip
def test_the_rule(attempts: tuple[Attempts, ...], overdue: int, decision: Decision) -> None:
    assert quiet.decide(attempts, Rest(TODAY - overdue * DAY), POLICY, TODAY) == decision


def test_a_policy_that_asks_for_no_quiet_puts_nothing_off() -> None:
    assert quiet.decide((on(0, 900),), Rest(TODAY), replace(POLICY, quiet_days=0), TODAY) == QUIET
    assert quiet.decide((on(0, 900),), Rest(TODAY), replace(POLICY, quiet_most_days_beyond=0), TODAY) == LONG_ENOUGH


@pytest.mark.parametrize("overdue", range(40))
def test_it_is_never_put_off_beyond_the_bound_and_always_into_the_future(overdue: int) -> None:
    for days_ago in range(12):
        made = quiet.decide((on(days_ago),), Rest(TODAY - overdue * DAY), POLICY, TODAY).until
        assert made is None or TODAY < made <= TODAY + (30 - overdue) * DAY


def tried(cast: Cast, *, calls: int = 9, days_ago: int = 1, msisdn: int = LI_WEI_MSISDN) -> None:
    day = cast.time.now().astimezone(MOSCOW).date() - days_ago * DAY
    row = Attempts(msisdn=msisdn, day=day, calls=calls, messages=0)
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(row),))))


def due(cast: Cast) -> datetime:
    """Li Wei's number on the day of its release; returns its date."""
    cast.closed()
    cast.time.advance(61 * DAY)
    sweep(cast.base, policy=POLICY)
    ends = only(cast.base, Quarantine).quarantine_until
    cast.time.advance(ends - cast.time.now())
    return ends


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def starts(day: date) -> datetime:
    return datetime.combine(day, time.min, MOSCOW)


def test_the_sweep_puts_off_a_number_that_is_still_called(cast: Cast) -> None:
    was = due(cast)
    tried(cast)
    assert sweep(cast.base, policy=POLICY) == Swept(0, 0, 0, put_off=1)
    expected = starts(was.astimezone(MOSCOW).date() + 7 * DAY)
    tenure = only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)
    assert tenure.quarantine_until == expected == only(cast.base, Quarantine).quarantine_until
    event = only(cast.base, Event, kind="number.rest_extended")
    assert (event.actor, event.reason, event.source, event.target) == (
        "system:sweep", "not_quiet", "quarantined", "quarantined",
    )  # fmt: skip
    assert datetime.fromisoformat(event.data["first"]) == was
    assert state(cast) == "quarantined" and stories.broken(cast) == set()


def test_once_it_is_quiet_it_goes_and_what_was_counted_is_deleted(cast: Cast) -> None:
    due(cast)
    tried(cast)
    sweep(cast.base, policy=POLICY)
    cast.time.advance(7 * DAY)
    assert sweep(cast.base, policy=POLICY) == Swept(0, 1, 0)
    assert state(cast) == "available" and some(cast.base, Attempts) == []
    assert stories.broken(cast) == set()


def test_as_long_as_it_is_called_it_waits_and_then_it_goes_all_the_same(cast: Cast) -> None:
    was = due(cast)
    weeks = 0
    while state(cast) == "quarantined":
        tried(cast)
        sweep(cast.base, policy=POLICY)
        cast.time.advance(7 * DAY)
        weeks += 1
    released = only(cast.base, Event, kind="number.released").at
    assert weeks == 6 and was + 29 * DAY <= released <= was + 37 * DAY
    ends = [
        datetime.fromisoformat(event.data["until"]) for event in some(cast.base, Event, kind="number.rest_extended")
    ]
    assert max(ends) <= was + POLICY.quiet_most_days_beyond * DAY
    assert stories.broken(cast) == set()


def test_a_few_attempts_put_nothing_off(cast: Cast) -> None:
    due(cast)
    tried(cast, calls=3)
    assert sweep(cast.base, policy=POLICY) == Swept(0, 1, 0)
    assert some(cast.base, Attempts) == []


def test_attempts_to_a_number_that_is_not_due_change_nothing(cast: Cast) -> None:
    cast.closed()
    tried(cast)
    with nothing_changes():
        assert sweep(cast.base, policy=POLICY) == Swept(0, 0, 0)


def test_a_sweep_that_comes_late_puts_off_what_came_through_both_doors_at_once(cast: Cast) -> None:
    cast.closed()
    ends = only(cast.base, Tenure, msisdn=LI_WEI_MSISDN).quarantine_until
    assert ends is not None
    cast.time.advance(ends - cast.time.now())
    tried(cast)
    assert sweep(cast.base, policy=POLICY) == Swept(1, 0, 0, put_off=1)
    assert stories.broken(cast) == set()


def test_only_those_that_are_called_wait_among_many(cast: Cast) -> None:
    ceased(cast, 10, apart=timedelta(0))
    cast.time.advance(61 * DAY)
    sweep(cast.base, batch=3)
    cast.time.advance(130 * DAY)
    resting = sorted(row.msisdn for row in some(cast.base, Quarantine))
    for msisdn in resting[2:5]:
        tried(cast, msisdn=msisdn)
    tried(cast, msisdn=resting[7], calls=1)
    assert sweep(cast.base, policy=replace(POLICY, quiet_most_days_beyond=60), batch=3) == Swept(0, 7, 0, put_off=3)
    assert sorted(row.msisdn for row in some(cast.base, Quarantine)) == resting[2:5]


def test_more_than_one_page_is_put_off(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lastcall.core.numbers.put_off.PAGE", 2)
    ceased(cast, 7, apart=timedelta(0))
    cast.time.advance(61 * DAY)
    sweep(cast.base)
    cast.time.advance(119 * DAY)
    for row in some(cast.base, Quarantine):
        tried(cast, msisdn=row.msisdn)
    assert sweep(cast.base, policy=POLICY) == Swept(0, 0, 0, put_off=7)


def test_eight_sweeps_at_once_put_it_off_once(cast: Cast) -> None:
    due(cast)
    tried(cast)
    race(*(lambda: sweep(cast.base, policy=POLICY) for _ in range(8)))
    assert len(some(cast.base, Event, kind="number.rest_extended")) == 1
    assert state(cast) == "quarantined" and stories.broken(cast) == set()


def test_days_are_the_operators(cast: Cast) -> None:
    """23:30 in Moscow is half past eight in the evening in UTC: the same day for both; half past midnight is not."""
    assert starts(date(2026, 7, 27)) == datetime(2026, 7, 26, 21, tzinfo=UTC)
    was = due(cast)
    tried(cast, days_ago=0)
    sweep(cast.base, policy=POLICY)
    assert only(cast.base, Quarantine).quarantine_until == starts(was.astimezone(MOSCOW).date() + 8 * DAY)

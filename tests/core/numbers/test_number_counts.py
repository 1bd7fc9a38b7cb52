"""Calendar, pools and sweeps: counts by day and by range, exact at their edges, without a number in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lastcall.core.errors import BadInput
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine
from lastcall.core.numbers.pool import OUTSIDE, Pool
from lastcall.core.numbers.pools import FRESH, count_if_stale, count_pools, pools
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.reserve import reserve
from lastcall.core.numbers.rest_calendar import Day, month
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.sweep_record import SweepRecord
from lastcall.core.numbers.sweeps import swept_days
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from tests.cast import FIRST, FREE_MSISDN, NIKOLAI, Cast
from tests.core.tools import only, refused, some

MOSCOW = ZoneInfo("Europe/Moscow")
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
INN = "7700000000"


def rest(cast: Cast, *moments: datetime, pending: bool = False, first: int = FIRST + 5_000) -> None:
    """Numbers of former tenures whose rest ends at these moments."""
    long_ago = cast.time.now() - 300 * DAY
    plan = []
    for place, moment in enumerate(moments):
        msisdn, tenure_id = first + place, first + place
        tenure = Tenure(
            id=tenure_id, msisdn=msisdn, ordinal=1, subscriber_id=cast.sergei.subscriber.id, since=long_ago, until=long_ago,
            ending="ceased", reclaim_until=moment, quarantine_until=moment,
        )  # fmt: skip
        held = (
            PendingRelease(reclaim_until=moment, msisdn=msisdn, tenure_id=tenure_id, quarantine_until=moment)
            if pending
            else Quarantine(quarantine_until=moment, msisdn=msisdn, tenure_id=tenure_id)
        )
        plan += [Insert(tenure), Insert(held)]
    cast.base.transact(lambda rows: rows.apply(Plan(tuple(plan))))


def test_a_day_counts_from_midnight_to_midnight_on_the_operators_clocks(cast: Cast) -> None:
    midnight = datetime(2026, 4, 10, tzinfo=MOSCOW).astimezone(UTC)
    rest(cast, midnight - TICK, midnight, midnight + DAY - TICK, midnight + DAY)
    rest(cast, midnight + TICK, pending=True, first=FIRST + 6_000)
    made = month(cast.base, first=date(2026, 4, 1), zone=MOSCOW)
    assert made.days[8:11] == (Day(date(2026, 4, 9), 0, 1), Day(date(2026, 4, 10), 1, 2), Day(date(2026, 4, 11), 0, 1))
    assert (len(made.days), made.into_quarantine, made.released, made.overdue) == (30, 1, 4, (0, 0))


def test_what_is_due_already_is_on_no_day(cast: Cast) -> None:
    now = cast.time.now()
    rest(cast, now, now + TICK)
    made = month(cast.base, first=now.date().replace(day=1), zone=MOSCOW)
    assert (made.released, made.overdue) == (1, (0, 1))


@pytest.mark.parametrize(
    "first", [date(2026, 2, 1), date(2026, 3, 2), date(2029, 1, 1)], ids=["over", "no first", "too far"]
)
def test_there_is_no_calendar_for_other_months(cast: Cast, first: date) -> None:
    with refused("bad_month", BadInput):
        month(cast.base, first=first, zone=MOSCOW)


def another_range(cast: Cast) -> None:
    """A range of ours far off, and one of somebody else's between."""
    rows = (
        Operator(inn="7799999999", name="Somebody Else"),
        Range(
            id=2, first=FIRST + 20_000_000, last=FIRST + 20_000_099, operator_id="7799999999", region="", territory=""
        ),
        Range(id=3, first=FIRST + 30_000_000, last=FIRST + 30_000_099, operator_id=INN, region="North", territory=""),
    )
    cast.base.transact(lambda store: store.apply(Plan(tuple(Insert(row) for row in rows))))


def test_each_of_our_ranges_is_counted_by_state(cast: Cast) -> None:
    another_range(cast)
    far = FIRST + 30_000_000
    later = cast.time.now() + 9 * DAY
    rest(cast, later, later + DAY, first=far)
    rest(cast, later, pending=True, first=far + 99)
    rest(cast, later, first=far + 100)
    reserve(cast.base, msisdn=FREE_MSISDN, purpose="order 1", until=later, actor=NIKOLAI)
    ported = Absent(msisdn=FIRST, state="ported_out", since=later, tenure_id=None)
    gone = Absent(msisdn=FIRST + 9_999_999, state="withdrawn", since=later, tenure_id=None)
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(ported), Insert(gone)))))
    ours, north, outside = count_pools(cast.base, operator_inn=INN, batch=2)
    now = cast.time.now()
    assert ours == Pool(
        first=FIRST, last=FIRST + 9_999_999, region="", at=now, in_service=2, reserved=1, ported_out=1, withdrawn=1
    )
    assert (ours.size, ours.free) == (10_000_000, 9_999_995)
    assert north == Pool(first=far, last=far + 99, region="North", at=now, pending_release=1, quarantined=2)
    assert (outside.first, outside.quarantined, outside.size, outside.free) == (OUTSIDE, 1, 0, 0)
    assert pools(cast.base) == (ours, north, outside)


def test_a_number_in_somebody_elses_range_is_outside_of_ours(cast: Cast) -> None:
    another_range(cast)
    cast.give_line(cast.sergei, FIRST + 20_000_005)
    assert count_pools(cast.base, operator_inn=INN)[-1].in_service == 1


def test_counting_again_replaces_the_counts(cast: Cast) -> None:
    count_pools(cast.base, operator_inn=INN)
    cast.closed()
    first, _ = count_pools(cast.base, operator_inn=INN)
    assert (first.in_service, first.pending_release) == (1, 1)
    assert len(some(cast.base, Pool)) == 2


def test_it_counts_by_itself_when_the_last_count_is_old(cast: Cast) -> None:
    assert pools(cast.base) == ()
    count_if_stale(cast.base, operator_inn=INN)
    cast.time.advance(FRESH - TICK)
    count_if_stale(cast.base, operator_inn=INN)
    assert pools(cast.base)[0].at == cast.time.now() - FRESH + TICK
    cast.time.advance(TICK)
    count_if_stale(cast.base, operator_inn=INN)
    assert pools(cast.base)[0].at == cast.time.now()


def test_a_sweep_that_moved_something_leaves_its_record(cast: Cast) -> None:
    cast.closed()
    sweep(cast.base)
    assert some(cast.base, SweepRecord) == []
    cast.time.advance(400 * DAY)
    sweep(cast.base)
    record = only(cast.base, SweepRecord)
    assert (record.at, record.quarantined, record.released, record.reservations_ended) == (cast.time.now(), 1, 1, 0)


def test_sweeps_are_told_by_day_the_newest_first(cast: Cast) -> None:
    now = cast.time.now()
    rest(cast, now, now + timedelta(hours=3), now + DAY)
    for hours in (4, 21, 1):
        sweep(cast.base)
        cast.time.advance(timedelta(hours=hours))
    days = swept_days(cast.base, zone=MOSCOW)
    assert [(day.day, day.released, len(day.sweeps)) for day in days] == [
        (date(2026, 3, 14), 1, 1), (date(2026, 3, 13), 2, 2),
    ]  # fmt: skip
    cast.time.advance(20 * DAY)
    assert swept_days(cast.base, zone=MOSCOW) == ()

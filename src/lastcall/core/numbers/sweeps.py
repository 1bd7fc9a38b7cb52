"""The sweeps that moved something, and what they moved by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import groupby
from typing import Final

from lastcall.core import clock
from lastcall.core.numbers.sweep_record import SweepRecord
from lastcall.core.store import Store, transaction

DAYS: Final = 14
MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class SweptDay:
    """One day's sweeps, the newest first, and their totals."""

    day: date
    sweeps: tuple[SweepRecord, ...]
    quarantined: int
    released: int
    reservations_ended: int


@transaction
def swept_days(rows: Store, *, zone: tzinfo, days: int = DAYS) -> tuple[SweptDay, ...]:
    """The days with a sweep that moved something, the newest first, over the last ``days``; by the clocks of ``zone``."""
    since = clock.now() - timedelta(days=days)
    found = rows.some(SweepRecord, {"at__gte": since}, order="-at", limit=MOST)
    by_day = groupby(found, key=lambda record: record.at.astimezone(zone).date())
    return tuple(_day(day, tuple(records)) for day, records in by_day)


def _day(day: date, records: tuple[SweepRecord, ...]) -> SweptDay:
    return SweptDay(
        day, records, sum(each.quarantined for each in records), sum(each.released for each in records),
        sum(each.reservations_ended for each in records),
    )  # fmt: skip

"""How many numbers leave pending release and quarantine on which day: counts only, never a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final, cast

from lastcall.core import clock
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.store import Store, transaction

MONTHS_AHEAD: Final = 24
_TABLES: Final = ((PendingRelease.table, "reclaim_until"), (Quarantine.table, "quarantine_until"))


@dataclass(frozen=True, slots=True)
class Day:
    """``into_quarantine``: whose former holder's time ends; ``released``: whose quarantine ends. Both as it stands now."""

    day: date
    into_quarantine: int
    released: int


@dataclass(frozen=True, slots=True)
class Month:
    """``days``: every day of the month; ``overdue``: (into quarantine, released) that the next sweep moves."""

    first: date
    days: tuple[Day, ...]
    overdue: tuple[int, int]

    @property
    def into_quarantine(self) -> int:
        return sum(day.into_quarantine for day in self.days)

    @property
    def released(self) -> int:
        return sum(day.released for day in self.days)


@transaction
def month(rows: Store, *, first: date, zone: tzinfo) -> Month:
    """The month that begins on ``first``, its days by the clocks of ``zone``. What is due already counts as overdue, on no day.

    Raises ``BadInput`` (``bad_month``) for a month that is over, or more than :data:`MONTHS_AHEAD` months ahead.

    Both tables are kept in the order of their dates, so a day is one range of each: the cost follows the numbers of the month.
    """
    now = clock.now()
    ahead = (first.year - now.astimezone(zone).year) * 12 + first.month - now.astimezone(zone).month
    if first.day != 1 or not 0 <= ahead <= MONTHS_AHEAD:
        raise BadInput(
            "there is no calendar for that month", code="bad_month", remedy="Choose this month or a later one."
        )
    days = [first + timedelta(days=place) for place in range((_next_month(first) - first).days)]
    bounds = [datetime.combine(day, time.min, zone) for day in (*days, _next_month(first))]
    store = cast(DatabaseStore, rows)
    leaving, freed = (_counts(store, table, due, bounds, now) for table, due in _TABLES)
    made = tuple(Day(day, *counts) for day, *counts in zip(days, leaving, freed, strict=True))
    return Month(first, made, (_overdue(store, *_TABLES[0], now), _overdue(store, *_TABLES[1], now)))


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _counts(rows: DatabaseStore, table: str, due: str, bounds: Sequence[datetime], now: datetime) -> list[int]:
    """How many are due from each bound to the next, in one statement; what is due by now is left out."""
    one_day = f"(SELECT COUNT(*) FROM {table} WHERE {due} >= %s AND {due} < %s AND {due} > %s)"
    values = [value for start, end in pairwise(bounds) for value in (start, end, now)]
    found = rows.run(f"SELECT {', '.join([one_day] * (len(bounds) - 1))}", values).fetchone()
    return [int(count) for count in found]


def _overdue(rows: DatabaseStore, table: str, due: str, now: datetime) -> int:
    return int(rows.run(f"SELECT COUNT(*) FROM {table} WHERE {due} <= %s", [now]).fetchone()[0])

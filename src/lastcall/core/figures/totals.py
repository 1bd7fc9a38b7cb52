"""What only grows: counted from the rows themselves, so that it is the same in every process and after every restart.

What lies further back than :data:`SETTLED` cannot change any more; it is counted once for a process and then carried forward,
so that a count of all time costs no more than one of the last hour.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from lastcall.core.database import DatabaseStore
from lastcall.core.figures.reading import found
from lastcall.core.figures.steps import sums

SETTLED: Final = timedelta(hours=1)
"""No transaction lasts so long: what is to be dated further back is there by now."""
_STEP: Final = timedelta(minutes=10)
_BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Totals:
    """``declared``: by (door, language); ``ended``: by (end, door); ``steps``: cases and seconds by step."""

    declared: Counter[tuple[str, str]] = field(default_factory=Counter)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Totals) -> Totals:
        return Totals(
            self.declared + other.declared, self.ended + other.ended, self.steps + other.steps,
            self.seconds + other.seconds,
        )  # fmt: skip


def totals(rows: DatabaseStore, *, since: datetime, until: datetime) -> Totals:
    """What was declared, and what ended, in ``[since, until)``."""
    declared = (
        "SELECT door, language, COUNT(*) FROM closing_case WHERE declared_at >= %s AND declared_at < %s "
        "GROUP BY door, language"
    )
    ended = (
        "SELECT state, door, COUNT(*) FROM closing_case WHERE ended_at IS NOT NULL AND ended_at >= %s AND ended_at < %s "
        "GROUP BY state, door"
    )
    took = sums(rows, since=since, until=until)
    return Totals(
        Counter({(row[0], row[1]): int(row[2]) for row in found(rows, declared, [since, until])}),
        Counter({(row[0], row[1]): int(row[2]) for row in found(rows, ended, [since, until])}),
        Counter({step: count for step, (count, _) in took.items()}),
        Counter({step: seconds for step, (_, seconds) in took.items()}),
    )


@dataclass(slots=True)
class Running:
    """The totals up to ``upto``, carried forward. Not for two threads at once."""

    upto: datetime = _BEGINNING
    settled: Totals = field(default_factory=Totals)

    def until(self, rows: DatabaseStore, now: datetime) -> Totals:
        """The totals of all time as of ``now``."""
        edge = now - SETTLED
        if edge - self.upto >= _STEP:
            self.settled += totals(rows, since=self.upto, until=edge)
            self.upto = edge
        # Nothing is dated after now, but what another machine's clock dates a moment ahead belongs to us too.
        return self.settled + totals(rows, since=self.upto, until=now + SETTLED)

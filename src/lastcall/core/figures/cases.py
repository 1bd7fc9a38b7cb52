"""Open cases by state and age, and how many there are of each state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from lastcall.core.closing.lifecycle import CASE
from lastcall.core.database import DatabaseStore
from lastcall.core.figures.reading import found, seconds, through

OPEN: Final = tuple(state for state in CASE.states if state not in CASE.ends)
ENDS: Final = tuple(state for state in CASE.states if state in CASE.ends)
AGES: Final = (1, 3, 7, 14, 30)
"""Days since the declaration, the upper bounds of all age groups but the last."""


@dataclass(frozen=True, slots=True)
class Aged:
    """Open cases in ``state``: ``groups`` up to each of :data:`AGES` days old and beyond; ``seconds``: all ages together."""

    state: str
    groups: tuple[int, ...]
    seconds: int = 0

    @property
    def count(self) -> int:
        return sum(self.groups)


def open_cases(rows: DatabaseStore, *, now: datetime, door: str = "") -> tuple[Aged, ...]:
    """Every open state, in the order of the lifecycle, also those without a case."""
    clause, values = through(door)
    marks = [now - timedelta(days=days) for days in AGES]
    groups = "".join(", SUM(CASE WHEN declared_at > %s THEN 1 ELSE 0 END)" for _ in marks)
    # Spelled like the partial index, or it could not be used.
    age = seconds(rows, "declared_at", "%s" if rows.sqlite else "%s::timestamptz")
    sql = f"SELECT state, COUNT(*){groups}, SUM({age}) FROM closing_case WHERE ended_at IS NULL{clause} GROUP BY state"
    counted = {row[0]: row[1:] for row in found(rows, sql, [*marks, now, *values])}
    return tuple(_aged(state, counted.get(state)) for state in OPEN)


def _aged(state: str, row: tuple[int, ...] | None) -> Aged:
    if row is None:
        return Aged(state, (0,) * (len(AGES) + 1))
    count, *younger, age = (int(value) for value in row)
    steps = [0, *younger, count]
    return Aged(state, tuple(upper - lower for lower, upper in pairwise(steps)), age)


@dataclass(frozen=True, slots=True)
class Reviews:
    """``waiting`` for a person; ``overdue``: past their deadline (policy ``review.deadline_hours``)."""

    waiting: int
    overdue: int


def reviews(rows: DatabaseStore, *, now: datetime, door: str = "") -> Reviews:
    """Cases in review."""
    clause, values = through(door)
    sql = (
        "SELECT COUNT(*), SUM(CASE WHEN review_due_at <= %s THEN 1 ELSE 0 END) FROM closing_case "
        f"WHERE ended_at IS NULL AND state = 'review'{clause}"
    )
    waiting, overdue = found(rows, sql, [now, *values])[0]
    return Reviews(int(waiting), int(overdue or 0))

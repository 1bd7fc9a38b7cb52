"""What came in and what came to an end, day by day, by door and language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lastcall.core.database import DatabaseStore
from lastcall.core.figures.period import Period
from lastcall.core.figures.reading import found, through

DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Counted:
    """``what``: ``declared``, or the end that the cases came to (``closed``, ``withdrawn``, ``rejected``, ``lapsed``)."""

    day: date
    what: str
    door: str
    language: str
    count: int


def daily(rows: DatabaseStore, period: Period, *, door: str = "") -> tuple[Counted, ...]:
    """Declarations and ends of each day of the period; a day without any has no entry."""
    declared = _by_day(rows, period, "declared_at", f"'{DECLARED}'", door)
    ended = _by_day(rows, period, "ended_at", "state", door)
    made = (Counted(period.days[int(row[0])], row[1], row[2], row[3], int(row[4])) for row in declared + ended)
    return tuple(sorted(made, key=lambda one: (one.day, one.what, one.door, one.language)))


def _by_day(rows: DatabaseStore, period: Period, moment: str, what: str, door: str) -> list[tuple[Any, ...]]:
    """Place of the day, what, door, language, count. SQLite does not know the operator's clocks: it is given each midnight."""
    clause, doors = through(door, "c.door")
    since, until = ("d.since", "d.until") if rows.sqlite else ("%s", "%s")
    within = f"c.{moment} IS NOT NULL AND c.{moment} >= {since} AND c.{moment} < {until}{clause}"
    group = f"place, {what}, c.door, c.language" if what == "state" else "place, c.door, c.language"
    if not rows.sqlite:
        begins = [period.bounds(day)[0] for day in period.days]
        place = f"width_bucket(c.{moment}, %s::timestamptz[]) - 1 AS place"
        sql = (
            f"SELECT {place}, {what}, c.door, c.language, COUNT(*) FROM closing_case c WHERE {within} GROUP BY {group}"
        )
        return found(rows, sql, [begins, period.since, period.until, *doors])
    values: list[Any] = [value for place, day in enumerate(period.days) for value in (place, *period.bounds(day))]
    days = f"WITH days(place, since, until) AS (VALUES {', '.join(['(%s, %s, %s)'] * len(period.days))})"
    sql = (
        f"{days} SELECT place, {what}, c.door, c.language, COUNT(*) FROM days d CROSS JOIN closing_case c "
        f"WHERE {within} GROUP BY {group}"
    )
    return found(rows, sql, [*values, *doors])

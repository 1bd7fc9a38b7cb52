"""Who waits for us: visitors in the shops, callers for an agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lastcall.core.database import DatabaseStore
from lastcall.core.figures.period import Period
from lastcall.core.figures.reading import found, seconds


@dataclass(frozen=True, slots=True)
class Calls:
    """``waiting`` for an agent now, the longest for ``longest`` seconds."""

    waiting: int
    longest: int


def calls_waiting(rows: DatabaseStore, *, now: datetime) -> Calls:
    """Callers in the queue for an agent."""
    longest = f"MAX({seconds(rows, 'wants_agent_at', '%s' if rows.sqlite else '%s::timestamptz')})"
    sql = f"SELECT COUNT(*), {longest} FROM hotline_call WHERE state = 'queued' AND wants_agent_at IS NOT NULL"
    waiting, most = found(rows, sql, [now])[0]
    return Calls(int(waiting), max(int(most or 0), 0))


@dataclass(frozen=True, slots=True)
class Queue:
    """Visitors who wait in one shop now."""

    shop: str
    waiting: int


def tickets_waiting(rows: DatabaseStore, *, today: date, shop: str = "") -> tuple[Queue, ...]:
    """The queue of every open shop, also an empty one. ``today``: on the operator's clocks; ``shop``: one shop's code."""
    sql = (
        "SELECT s.code, COUNT(t.id) FROM staff_shop s LEFT JOIN counter_ticket t ON t.shop_id = s.id AND t.day = %s "
        f"AND t.state = 'waiting' WHERE s.closed_at IS NULL{_of(shop)} GROUP BY s.code ORDER BY s.code"
    )
    return tuple(Queue(row[0], int(row[1])) for row in found(rows, sql, [today, *([shop] if shop else [])]))


@dataclass(frozen=True, slots=True)
class Waited:
    """Visitors who were called in one shop, in seconds from their ticket to the (last) call; ``within``: the target."""

    shop: str
    count: int
    median: int
    ninth: int
    within: int


def waited(rows: DatabaseStore, period: Period, *, target: int, shop: str = "") -> tuple[Waited, ...]:
    """How long visitors waited, by shop. ``target``: seconds (policy ``figures.target_waiting_minutes``)."""
    sql = f"""WITH waits AS (SELECT s.code AS shop, {seconds(rows, "t.issued_at", "t.called_at")} AS took FROM staff_shop s
        JOIN counter_ticket t ON t.shop_id = s.id AND t.day >= %s AND t.day <= %s WHERE t.called_at IS NOT NULL{_of(shop)}),
      ranked AS (SELECT shop, took, ROW_NUMBER() OVER (PARTITION BY shop ORDER BY took) AS place,
        COUNT(*) OVER (PARTITION BY shop) AS many FROM waits)
      SELECT shop, COUNT(*), MAX(CASE WHEN place = (many + 1) / 2 THEN took END),
        MAX(CASE WHEN place = (9 * many + 9) / 10 THEN took END), SUM(CASE WHEN took <= {int(target)} THEN 1 ELSE 0 END)
      FROM ranked GROUP BY shop ORDER BY shop"""
    values = [period.first, period.last, *([shop] if shop else [])]
    return tuple(Waited(row[0], *(int(value) for value in row[1:])) for row in found(rows, sql, values))


def _of(shop: str) -> str:
    return " AND s.code = %s" if shop else ""


def shops(rows: DatabaseStore) -> tuple[tuple[str, str], ...]:
    """Code and name of every open shop."""
    sql = "SELECT code, name FROM staff_shop WHERE closed_at IS NULL ORDER BY name, code"
    return tuple((row[0], row[1]) for row in found(rows, sql))

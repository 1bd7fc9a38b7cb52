"""The set-based move of due members (:class:`~lastcall.core.store.Drain`), as statements for each database.

Cost follows the members due, not the members held: both tables are kept in order of the due date, and the number's own
row is not touched. Each batch is a transaction of its own, so a sweep may be stopped and started anywhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from lastcall.core.statements import aware
from lastcall.core.store import Drain

if TYPE_CHECKING:
    from lastcall.core.database import DatabaseStore

_EVENT_COLUMNS = "at, kind, subject, subject_id, actor, door, reason, source, target, data"
_EVENT_VALUES = "%s, %s, 'tenure', due.tenure_id, 'system:sweep', 'system', '', %s, %s, '{}'"


def drain_sql(rows: DatabaseStore, drain: Drain, *, now: datetime, sqlite: bool) -> int:
    """Move one batch; returns how many members it moved."""
    condition, bounds = _batch(rows, drain, drain.until or now)
    event = [now, drain.event_kind, drain.source, drain.target]
    move = _sqlite if sqlite else _postgresql
    return move(rows, drain, condition, bounds, event)


def _batch(rows: DatabaseStore, drain: Drain, until: datetime) -> tuple[str, list[Any]]:
    """The condition that holds for the members of one batch. Found once, it reads the key alone, and no row."""
    due = drain.due
    after = rows.run(
        f"SELECT {due}, msisdn FROM {drain.kind.table} WHERE {due} <= %s ORDER BY {due}, msisdn LIMIT 1 OFFSET %s",
        [until, drain.limit],
    ).fetchone()
    if after is None:
        return f"{due} <= %s", [until]
    return f"({due}, msisdn) < (%s, %s)", [aware(after[0]), after[1]]


def _postgresql(rows: DatabaseStore, drain: Drain, condition: str, bounds: list[Any], event: list[Any]) -> int:
    # Two sweeps at once: the second waits for the first one's rows, finds them gone, and makes no event of them.
    moved = ""
    if drain.into is not None:
        columns = ", ".join(drain.into.columns)
        moved = f", moved AS (INSERT INTO {drain.into.table} ({columns}) SELECT {columns} FROM due)"
    sql = (
        f"WITH due AS (DELETE FROM {drain.kind.table} WHERE {condition} RETURNING *){moved} "
        f"INSERT INTO audit_event ({_EVENT_COLUMNS}) SELECT {_EVENT_VALUES} FROM due"
    )
    return int(rows.run(sql, [*bounds, *event]).rowcount)


def _sqlite(rows: DatabaseStore, drain: Drain, condition: str, bounds: list[Any], event: list[Any]) -> int:
    # The one writer holds the database, so the three statements see the same members.
    table, due = drain.kind.table, drain.due
    rows.run(
        f"INSERT INTO audit_event ({_EVENT_COLUMNS}) SELECT {_EVENT_VALUES} FROM {table} AS due WHERE {condition} "
        f"ORDER BY {due}, msisdn",
        [*event, *bounds],
    )
    if drain.into is not None:
        columns = ", ".join(drain.into.columns)
        rows.run(f"INSERT INTO {drain.into.table} ({columns}) SELECT {columns} FROM {table} WHERE {condition}", bounds)
    return int(rows.run(f"DELETE FROM {table} WHERE {condition}", bounds).rowcount)

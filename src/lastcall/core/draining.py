"""The set-based move of due members (:class:`~lastcall.core.store.Drain`), as statements for each database.

Cost follows the members due, not the members held: both tables are kept in order of the due date, and the number's own
row is not touched. Each batch is a transaction of its own, so a sweep may be stopped and started anywhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from lastcall.core.statements import aware
from lastcall.core.store import Drain

if TYPE_CHECKING:
    from lastcall.core.database import DatabaseStore

_EVENT_COLUMNS = "at, kind, subject, subject_id, actor, door, reason, source, target, data"
_EVENT_VALUES = "'tenure', due.tenure_id, 'system:sweep', 'system', '', %s, %s, '{{}}'"


def drain_sql(rows: DatabaseStore, drain: Drain, *, now: datetime, sqlite: bool) -> int:
    """Move one batch; returns how many members it moved."""
    return _sqlite(rows, drain, now) if sqlite else _postgresql(rows, drain, now)


def _postgresql(rows: DatabaseStore, drain: Drain, now: datetime) -> int:
    table, due = drain.kind.table, drain.due
    moved = ""
    if drain.into is not None:
        columns = ", ".join(drain.into.columns)
        moved = f", moved AS (INSERT INTO {drain.into.table} ({columns}) SELECT {columns} FROM due)"
    sql = f"""
        WITH picked AS (
            SELECT {due}, msisdn FROM {table} WHERE {due} <= %s
            ORDER BY {due}, msisdn LIMIT %s FOR UPDATE SKIP LOCKED
        ), due AS (
            DELETE FROM {table} held USING picked
            WHERE held.{due} = picked.{due} AND held.msisdn = picked.msisdn RETURNING held.*
        ){moved}
        INSERT INTO audit_event ({_EVENT_COLUMNS})
        SELECT %s, %s, {_EVENT_VALUES.format()} FROM due
    """
    cursor = rows.run(sql, [now, drain.limit, now, drain.event_kind, drain.source, drain.target])
    return int(cursor.rowcount)


def _sqlite(rows: DatabaseStore, drain: Drain, now: datetime) -> int:
    table, due = drain.kind.table, drain.due
    # The one writer holds the database, so the batch's end found here is still its end below.
    last = rows.run(
        f"SELECT {due}, msisdn FROM {table} WHERE {due} <= %s ORDER BY {due}, msisdn LIMIT 1 OFFSET %s",
        [now, drain.limit],
    ).fetchone()
    batch, bounds = (f"{due} <= %s", [now])
    if last is not None:
        batch, bounds = f"({due}, msisdn) < (%s, %s)", [aware(last[0]), last[1]]
    rows.run(
        f"INSERT INTO audit_event ({_EVENT_COLUMNS}) "
        f"SELECT %s, %s, {_EVENT_VALUES.format()} FROM {table} AS due WHERE {batch} ORDER BY {due}, msisdn",
        [now, drain.event_kind, drain.source, drain.target, *bounds],
    )
    if drain.into is not None:
        columns = ", ".join(drain.into.columns)
        rows.run(
            f"INSERT INTO {drain.into.table} ({columns}) SELECT {columns} FROM {table} WHERE {batch}",
            bounds,
        )
    return int(rows.run(f"DELETE FROM {table} WHERE {batch}", bounds).rowcount)

"""How figures are read: on a connection of the reader's own, as of one moment, and never in a writer's way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from lastcall.core.database import DatabaseStore
from lastcall.core.transacting import run_in

T = TypeVar("T")

LONGEST_SECONDS: Final = 30
"""A statement of the figures that takes longer is given up (PostgreSQL)."""


def read(work: Callable[[DatabaseStore], T]) -> T:
    """Run a read-only ``work`` on the configured database; all its statements see the same moment.

    On SQLite it is not run together with the writers, who share one connection: a reader of the log never holds them up.
    """
    connection = connections["default"]
    if connection.vendor == "sqlite":
        return _read_sqlite(connection, work)
    return run_in(connection, lambda own: work(_only_reading(DatabaseStore(own))))


def _read_sqlite(connection: BaseDatabaseWrapper, work: Callable[[DatabaseStore], T]) -> T:
    connection.ensure_connection()
    rows = DatabaseStore(connection)
    if connection.in_atomic_block:
        return work(rows)
    with connection.wrap_database_errors:
        rows.run("BEGIN DEFERRED")  # Django's own would be IMMEDIATE, which is for writers
        try:
            return work(rows)
        finally:
            rows.run("ROLLBACK")


def _only_reading(rows: DatabaseStore) -> DatabaseStore:
    rows.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    rows.run(f"SET LOCAL statement_timeout = '{LONGEST_SECONDS}s'")
    return rows


def found(rows: DatabaseStore, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    return [tuple(row) for row in rows.run(sql, values).fetchall()]


def seconds(rows: DatabaseStore, since: str, until: str) -> str:
    """SQL: whole seconds between two columns."""
    if rows.sqlite:
        return f"CAST(ROUND((julianday({until}) - julianday({since})) * 86400.0) AS INTEGER)"
    return f"CAST(ROUND(EXTRACT(EPOCH FROM ({until} - {since}))) AS BIGINT)"


def word(rows: DatabaseStore, column: str) -> str:
    """SQL: what stands before the first colon of a text, which is an error's code."""
    if rows.sqlite:
        return f"substr({column}, 1, instr({column} || ':', ':') - 1)"
    return f"split_part({column}, ':', 1)"


def member(rows: DatabaseStore, column: str, name: str) -> str:
    """SQL: one text of a JSON object that is kept as text."""
    return f"json_extract({column}, '$.{name}')" if rows.sqlite else f"({column}::jsonb ->> '{name}')"


def through(door: str, column: str = "door") -> tuple[str, list[str]]:
    """SQL for one door, and its values; all doors when ``door`` is empty."""
    return (f" AND {column} = %s", [door]) if door else ("", [])

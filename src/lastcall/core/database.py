"""Rows in SQLite or PostgreSQL, by plain statements made once per row type.

PostgreSQL: every caller has its own connection and transaction. SQLite: whoever comes first commits in one go for all who
came meanwhile, so that many declarations share one fsync and each is durable before its caller hears of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from lastcall.core import statements as made
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.rows import Row
from lastcall.core.statements import POSTGRESQL, SQLITE, adapted, marked, statements
from lastcall.core.store import Drain, Store
from lastcall.core.transacting import CONFLICT, GroupCommit, run_in

T = TypeVar("T")
R = TypeVar("R", bound=Row)

_Statement = tuple[str, Sequence[Any], bool]
"""SQL, its values, and whether it must touch exactly one row."""


class DatabaseStore:
    """Rows inside the transaction that is open on one connection."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self.sqlite = connection.vendor == "sqlite"
        self._adapters = SQLITE if self.sqlite else POSTGRESQL

    def run(self, sql: str, values: Iterable[Any] = ()) -> Any:
        """One statement; returns the driver's cursor."""
        raw = self._connection.connection
        return raw.execute(marked(sql) if self.sqlite else sql, adapted(values, self._adapters))

    def _prepared(self, sql: str, values: Sequence[Any]) -> Any:
        """One of our own statements, whose columns tell the types of its values; PostgreSQL plans it once."""
        raw = self._connection.connection
        if self.sqlite:
            return raw.execute(marked(sql), adapted(values, self._adapters))
        raw.prepare_threshold = 2
        return psycopg.Cursor(raw).execute(sql, adapted(values, self._adapters))

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows."""
        values = (adapted(row, self._adapters) for row in rows)
        with closing(self._connection.connection.cursor()) as cursor:
            cursor.executemany(marked(sql) if self.sqlite else sql, values)

    def one(self, kind: type[R], where: Mapping[str, Any]) -> R | None:
        shape, values = made.shape(where)
        try:
            raw = self._prepared(made.select(kind, shape, limit=1), values).fetchone()
        except OverflowError:  # SQLite: a number that no column can hold, from an address say, is in no row
            return None
        return None if raw is None else made.load(kind, raw)

    def some(self, kind: type[R], where: Mapping[str, Any], *, order: str = "", limit: int | None = None) -> list[R]:
        shape, values = made.shape(where)
        found = self._prepared(made.select(kind, shape, order, limit), values).fetchall()
        return [made.load(kind, raw) for raw in found]

    def count(self, kind: type[Row], where: Mapping[str, Any]) -> int:
        shape, values = made.shape(where)
        sql = f"SELECT COUNT(*) FROM {kind.table} WHERE {made.condition(shape)}"
        return int(self._prepared(sql, values).fetchone()[0])

    def apply(self, plan: Plan) -> None:
        asked = [self._statement(write) for write in plan.writes]
        asked += [
            (statements(type(event)).insert, statements(type(event)).written(event), False) for event in plan.events
        ]
        if self.sqlite or len(asked) < 2:
            for sql, values, exactly_one in asked:
                _check(self._prepared(sql, values), exactly_one)
            return
        # Sent together, answered together: one round trip to the server instead of one for each.
        with self._connection.connection.pipeline():
            sent = [(self._prepared(sql, values), exactly_one) for sql, values, exactly_one in asked]
        for cursor, exactly_one in sent:
            _check(cursor, exactly_one)

    def _statement(self, write: Write) -> _Statement:
        match write:
            case Insert(row):
                return statements(type(row)).insert, statements(type(row)).written(row), False
            case InsertMissing(row):
                sql = statements(type(row)).insert + " ON CONFLICT DO NOTHING"
                return sql, statements(type(row)).written(row), False
            case Change(kind, where, values):
                shape, guards = made.shape(where)
                return made.update(kind, tuple(values), shape), [*values.values(), *guards], True
            case Remove(kind, where):
                shape, guards = made.shape(where)
                return made.delete(kind, shape), guards, True

    def insert_all(self, rows: Iterable[Row], kind: type[Row]) -> None:
        """Many new rows of one kind in one statement."""
        self.many(statements(kind).insert, map(statements(kind).written, rows))

    def claim(self, now: datetime) -> Job | None:
        # A leased job's due date is the end of its lease, so one condition serves both.
        sql = statements(Job).select + "state IN ('queued', 'leased') AND due_at <= %s ORDER BY due_at LIMIT 1"
        raw = self._prepared(sql if self.sqlite else f"{sql} FOR UPDATE SKIP LOCKED", [now]).fetchone()
        return None if raw is None else made.load(Job, raw)

    def drain(self, drain: Drain, *, now: datetime) -> int:
        from lastcall.core.draining import drain_sql  # the statements differ per vendor and are long

        return drain_sql(self, drain, now=now, sqlite=self.sqlite)


def _check(cursor: Any, exactly_one: bool) -> None:
    if exactly_one and cursor.rowcount != 1:
        raise Conflict(CONFLICT, remedy="Read the present state and decide again.")


class DjangoDatabase:
    """Transactions on the configured database (``LASTCALL_DATABASE_URL``)."""

    def __init__(self, alias: str = "default") -> None:
        self._alias = alias
        self._group: GroupCommit | None = None
        self._lock = threading.Lock()

    def transact(self, work: Callable[[Store], T]) -> T:
        connection = connections[self._alias]
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            return self._together().run(lambda shared: work(DatabaseStore(shared)))
        return run_in(connection, lambda own: work(DatabaseStore(own)))

    def _together(self) -> GroupCommit:
        group = self._group
        if group is not None and group.usable:
            return group
        with self._lock:
            if self._group is None or not self._group.usable:
                self._group = GroupCommit(self._alias)
            return self._group

    def close(self) -> None:
        """Close the connection that all share and this thread's own."""
        with self._lock:
            if self._group is not None and self._group.usable:
                self._group.close()
            self._group = None
        connections[self._alias].close()


_default = DjangoDatabase()


def database() -> DjangoDatabase:
    """The configured database of this process."""
    return _default

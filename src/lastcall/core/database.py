"""Rows in SQLite or PostgreSQL, by plain statements made once per row type.

PostgreSQL: every caller has its own connection and transaction. SQLite: one writer thread in a process takes the work of
all callers, runs each under a savepoint, and commits what has gathered together, so that many declarations share one
fsync and each is durable before its caller hears of it.
"""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, cast

from django.db import IntegrityError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.rows import Row, column_types
from lastcall.core.store import Drain, Store

T = TypeVar("T")
R = TypeVar("R", bound=Row)

F = TypeVar("F", bound=Callable[..., Any])


def _memo(function: F) -> F:
    """``functools.cache`` that keeps the signature."""
    return cast(F, cache(function))


_COMPARISONS = {"lte": "<=", "lt": "<", "gte": ">=", "gt": ">", "ne": "<>"}
_CONFLICT = "somebody else changed this first, or a constraint held; nothing was written"


def _to_sqlite(value: Any) -> Any:
    # The same text as Django's own backend writes, so that rows compare whoever wrote them.
    if isinstance(value, datetime):
        return str(value.astimezone(UTC).replace(tzinfo=None))
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else value


def _to_postgresql(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else value


@_memo
def _readers(kind: type[Any]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Which columns need work when read, and which work."""
    readers: dict[type, Callable[[Any], Any]] = {dict: json.loads, datetime: _aware}
    types = [plain for plain, _ in column_types(kind).values()]
    return tuple((place, readers[plain]) for place, plain in enumerate(types) if plain in readers)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _load(kind: type[R], raw: Sequence[Any]) -> R:
    values = list(raw)
    for place, read in _readers(kind):
        if values[place] is not None:
            values[place] = read(values[place])
    return kind(**dict(zip(kind.columns, values, strict=True)))


@_memo
def _condition(names: tuple[tuple[str, bool, int], ...]) -> str:
    """SQL for conditions given as (name, value is None, how many values for ``in``)."""
    parts = []
    for name, empty, many in names:
        column, _, comparison = name.partition("__")
        if comparison == "in":
            parts.append(f'"{column}" IN ({", ".join(["%s"] * many)})')
        elif empty:
            parts.append(f'"{column}" IS {"NOT " if comparison == "ne" else ""}NULL')
        else:
            parts.append(f'"{column}" {_COMPARISONS[comparison] if comparison else "="} %s')
    return " AND ".join(parts) or "1=1"


def _where(where: Mapping[str, Any]) -> tuple[str, list[Any]]:
    names = tuple((n, v is None, len(v) if n.endswith("__in") else 0) for n, v in where.items())
    values: list[Any] = []
    for name, value in where.items():
        if name.endswith("__in"):
            values.extend(value)
        elif value is not None:
            values.append(value)
    return _condition(names), values


@_memo
def _select(kind: type[Any]) -> str:
    return f"SELECT {', '.join(_quoted(kind.columns))} FROM {kind.table} WHERE "


@_memo
def _insert(kind: type[Any]) -> str:
    columns = _written(kind)
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {kind.table} ({', '.join(_quoted(columns))}) VALUES ({marks})"


@_memo
def _update(kind: type[Any], columns: tuple[str, ...]) -> str:
    return f"UPDATE {kind.table} SET {', '.join(f'{name} = %s' for name in _quoted(columns))} WHERE "


def _quoted(columns: Iterable[str]) -> list[str]:
    return [f'"{column}"' for column in columns]


@_memo
def _written(kind: type[Any]) -> tuple[str, ...]:
    return tuple(column for column in kind.columns if not (kind.spec.auto and column in kind.spec.key))


class DatabaseStore:
    """Rows inside the transaction that is open on one connection."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._sqlite = connection.vendor == "sqlite"
        self._adapt = _to_sqlite if self._sqlite else _to_postgresql

    def run(self, sql: str, values: Iterable[Any] = ()) -> Any:
        """One statement; returns the driver's cursor."""
        adapted = [self._adapt(value) for value in values]
        return self._connection.connection.execute(sql.replace("%s", "?") if self._sqlite else sql, adapted)

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows."""
        adapted = ([self._adapt(value) for value in row] for row in rows)
        with closing(self._connection.connection.cursor()) as cursor:
            cursor.executemany(sql.replace("%s", "?") if self._sqlite else sql, adapted)

    def one(self, kind: type[R], where: Mapping[str, Any]) -> R | None:
        found = self.some(kind, where, limit=1)
        return found[0] if found else None

    def some(self, kind: type[R], where: Mapping[str, Any], *, order: str = "", limit: int | None = None) -> list[R]:
        condition, values = _where(where)
        sql = _select(kind) + condition
        if order:
            sql += f' ORDER BY "{order.lstrip("-")}"' + (" DESC" if order.startswith("-") else "")
        if limit is not None:
            sql += f" LIMIT {int(limit)}"
        return [_load(kind, raw) for raw in self.run(sql, values).fetchall()]

    def count(self, kind: type[Row], where: Mapping[str, Any]) -> int:
        condition, values = _where(where)
        return int(self.run(f"SELECT COUNT(*) FROM {kind.table} WHERE {condition}", values).fetchone()[0])

    def apply(self, plan: Plan) -> None:
        for write in plan.writes:
            self._write(write)
        for event in plan.events:
            self._put(event)

    def _write(self, write: Write) -> None:
        match write:
            case Insert(row):
                self._put(row)
            case InsertMissing(row):
                self._put(row, tail=" ON CONFLICT DO NOTHING")
            case Change(kind, where, values):
                self._exactly_one(_update(kind, tuple(values)), where, list(values.values()))
            case Remove(kind, where):
                self._exactly_one(f"DELETE FROM {kind.table} WHERE ", where, [])

    def _put(self, row: Row, tail: str = "") -> None:
        kind = type(row)
        self.run(_insert(kind) + tail, [getattr(row, column) for column in _written(kind)])

    def _exactly_one(self, statement: str, where: Mapping[str, Any], values: list[Any]) -> None:
        condition, guards = _where(where)
        if self.run(statement + condition, values + guards).rowcount != 1:
            raise Conflict(_CONFLICT, remedy="Read the present state and decide again.")

    def insert_all(self, rows: Iterable[Row], kind: type[Row]) -> None:
        """Many new rows of one kind in one statement."""
        columns = _written(kind)
        self.many(_insert(kind), ([getattr(row, column) for column in columns] for row in rows))

    def claim(self, now: datetime) -> Job | None:
        # A leased job's due date is the end of its lease, so one condition serves both.
        sql = _select(Job) + "state IN ('queued', 'leased') AND due_at <= %s ORDER BY due_at LIMIT 1"
        raw = self.run(sql if self._sqlite else f"{sql} FOR UPDATE SKIP LOCKED", [now]).fetchone()
        return None if raw is None else _load(Job, raw)

    def drain(self, drain: Drain, *, now: datetime) -> int:
        from lastcall.core.draining import drain_sql  # the statements differ per vendor and are long

        return drain_sql(self, drain, now=now, sqlite=self._sqlite)


class DjangoDatabase:
    """Transactions on the configured database (``LASTCALL_DATABASE_URL``)."""

    def __init__(self, alias: str = "default") -> None:
        self._alias = alias
        self._writer: _GroupWriter | None = None
        self._lock = threading.Lock()

    def transact(self, work: Callable[[Store], T]) -> T:
        connection = connections[self._alias]
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            return self._group_writer().run(work)
        return run_in(connection, work)

    def _group_writer(self) -> _GroupWriter:
        with self._lock:
            if self._writer is None or not self._writer.usable:
                self._writer = _GroupWriter(self._alias)
            return self._writer

    def close(self) -> None:
        """End the writer thread and this thread's connection."""
        with self._lock:
            if self._writer is not None:
                self._writer.stop()
                self._writer = None
        connections[self._alias].close()


def run_in(connection: BaseDatabaseWrapper, work: Callable[[Store], T]) -> T:
    """Run ``work`` in one transaction of ``connection`` (a savepoint inside an open one).

    A broken constraint and a serialisation failure become :class:`Conflict`.
    """
    try:
        with transaction.atomic(using=connection.alias), connection.wrap_database_errors:
            connection.ensure_connection()
            return work(DatabaseStore(connection))
    except (IntegrityError, OperationalError) as trouble:
        if (conflict := _as_conflict(trouble)) is trouble:
            raise
        raise conflict from trouble


def _as_conflict(trouble: Exception) -> Exception:
    """A broken constraint, a serialisation failure or a deadlock as :class:`Conflict`; anything else as it is."""
    if isinstance(trouble, IntegrityError):
        return Conflict(_CONFLICT, remedy="Read the present state and decide again.")
    if getattr(trouble.__cause__, "sqlstate", None) in {"40001", "40P01"}:
        return Conflict(_CONFLICT, remedy="Try again.")
    return trouble


class _GroupWriter:
    """The one thread of this process that writes to SQLite, committing what has gathered in one go."""

    MOST = 256

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._pid = os.getpid()
        self._waiting: queue.SimpleQueue[tuple[Callable[[Store], Any], Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="lastcall-writer", daemon=True)
        self._thread.start()

    @property
    def usable(self) -> bool:
        return self._pid == os.getpid() and self._thread.is_alive()

    def run(self, work: Callable[[Store], T]) -> T:
        if threading.current_thread() is self._thread:
            return run_in(connections[self._alias], work)
        future: Future[T] = Future()
        self._waiting.put((work, future))
        return future.result()

    def stop(self) -> None:
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _serve(self) -> None:
        connection = connections[self._alias]
        try:
            while batch := self._gather():
                self._commit_together(connection, batch)
        finally:
            connection.close()

    def _gather(self) -> list[tuple[Callable[[Store], Any], Future[Any]]]:
        batch = []
        item = self._waiting.get()
        while item is not None:
            batch.append(item)
            if len(batch) >= self.MOST or self._waiting.empty():
                return batch
            item = self._waiting.get()
        if batch:  # finish what was asked before the stop
            self._waiting.put(None)
        return batch

    def _commit_together(
        self, connection: BaseDatabaseWrapper, batch: list[tuple[Callable[[Store], Any], Future[Any]]]
    ) -> None:
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with transaction.atomic(using=self._alias):
                for work, future in batch:
                    outcomes.append((future, *self._attempt(connection, work)))
        except Exception as trouble:  # the commit itself failed: nobody's work is durable
            self._commit_apart(connection, batch, trouble)
            return
        for future, result, error in outcomes:
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def _commit_apart(
        self,
        connection: BaseDatabaseWrapper,
        batch: list[tuple[Callable[[Store], Any], Future[Any]]],
        trouble: Exception,
    ) -> None:
        """One caller's work broke the common commit (a deferred constraint): find it by committing each alone."""
        if len(batch) == 1:
            batch[0][1].set_exception(_as_conflict(trouble))
            return
        for item in batch:
            self._commit_together(connection, [item])

    @staticmethod
    def _attempt(connection: BaseDatabaseWrapper, work: Callable[[Store], Any]) -> tuple[Any, BaseException | None]:
        try:
            return run_in(connection, work), None
        except Exception as error:  # handed to the caller it belongs to
            return None, error


_default = DjangoDatabase()


def database() -> DjangoDatabase:
    """The configured database of this process."""
    return _default

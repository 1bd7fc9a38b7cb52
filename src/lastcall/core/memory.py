"""Rows in memory: the store the simulator runs production services on, without a database.

It applies the same plans with the same guards; uniqueness beyond the key is left to the invariants to judge, so that a
rule which relies on a constraint to be right is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import attrgetter, ge, gt, le, lt, ne
from typing import Any, TypeVar, cast

from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.rows import Row
from lastcall.core.store import Drain, Store

T = TypeVar("T")
R = TypeVar("R", bound=Row)

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"lte": le, "lt": lt, "gte": ge, "gt": gt, "ne": ne}


def _matches(row: Row, where: Mapping[str, Any]) -> bool:
    for name, wanted in where.items():
        column, _, comparison = name.partition("__")
        value = getattr(row, column)
        if comparison == "in":
            if value not in wanted:
                return False
        elif comparison:
            if wanted is None:
                if value is None:
                    return False
            elif value is None or not _COMPARE[comparison](value, wanted):
                return False
        elif value != wanted:
            return False
    return True


class MemoryStore:
    """All tables as dictionaries from key to row; also its own :class:`~lastcall.core.store.Database`."""

    def __init__(self) -> None:
        self.tables: dict[type[Row], dict[Any, Row]] = {}
        self.events: list[Event] = []
        self._undo: list[Callable[[], None]] | None = None

    def copy(self) -> MemoryStore:
        """Another store with the same rows, which never change and so are shared."""
        made = MemoryStore()
        made.tables = {kind: dict(rows) for kind, rows in self.tables.items()}
        made.events = list(self.events)
        return made

    def rows(self, kind: type[R]) -> dict[Any, R]:
        """The table of ``kind``: key -> row."""
        return cast(dict[Any, R], self.tables.setdefault(kind, {}))

    def transact(self, work: Callable[[Store], T]) -> T:
        if self._undo is not None:
            return work(self)
        self._undo, count = [], len(self.events)
        try:
            return work(self)
        except BaseException:
            for step in reversed(self._undo):
                step()
            del self.events[count:]
            raise
        finally:
            self._undo = None

    def one(self, kind: type[R], where: Mapping[str, Any]) -> R | None:
        key = kind.spec.key
        if len(key) == 1 and key[0] in where:
            row = self.rows(kind).get(where[key[0]])
            return row if row is not None and _matches(row, where) else None
        return next((row for row in self.rows(kind).values() if _matches(row, where)), None)

    def some(self, kind: type[R], where: Mapping[str, Any], *, order: str = "", limit: int | None = None) -> list[R]:
        if kind is Event:
            found = [cast(R, event) for event in self.events if _matches(event, where)]
        else:
            found = [row for row in self.rows(kind).values() if _matches(row, where)]
        if order:
            found.sort(key=attrgetter(order.lstrip("-")), reverse=order.startswith("-"))
        return found if limit is None else found[:limit]

    def count(self, kind: type[Row], where: Mapping[str, Any]) -> int:
        return len(self.some(kind, where))

    def apply(self, plan: Plan) -> None:
        for write in plan.writes:
            self._write(write)
        for event in plan.events:
            self.events.append(replace(event, id=len(self.events) + 1))

    def _write(self, write: Write) -> None:
        match write:
            case Insert(row):
                self._put(row, missing_only=False)
            case InsertMissing(row):
                self._put(row, missing_only=True)
            case Change(kind, where, values):
                key, row = self._exactly_one(kind, where)
                self._set(kind, key, replace(cast(Any, row), **values))
            case Remove(kind, where):
                key, _ = self._exactly_one(kind, where)
                self._set(kind, key, None)

    def _put(self, row: Row, *, missing_only: bool) -> None:
        kind = type(row)
        key = _key(row)
        if key in self.rows(kind):
            if missing_only:
                return
            raise Conflict(f"{kind.__name__}: that key is taken")
        self._set(kind, key, row)

    def _exactly_one(self, kind: type[Row], where: Mapping[str, Any]) -> tuple[Any, Row]:
        matching = self.some(kind, where) if kind.spec.key[0] not in where or len(kind.spec.key) > 1 else []
        if not matching and (row := self.one(kind, where)) is not None:
            matching = [row]
        if len(matching) != 1:
            raise Conflict(f"{kind.__name__}: somebody else changed this first")
        return _key(matching[0]), matching[0]

    def _set(self, kind: type[Row], key: Any, row: Row | None) -> None:
        table = self.tables.setdefault(kind, {})
        before = table.get(key)
        if self._undo is not None:
            self._undo.append(partial(_restore, table, key, before))
        if row is None:
            del table[key]
        else:
            table[key] = row

    def claim(self, now: datetime) -> Job | None:
        due = [job for job in self.rows(Job).values() if job.state in {"queued", "leased"} and job.due_at <= now]
        return min(due, key=attrgetter("due_at"), default=None)

    def drain(self, drain: Drain, *, now: datetime) -> int:
        due = self.some(drain.kind, {f"{drain.due}__lte": now}, order=drain.due, limit=drain.limit)
        for row in due:
            self._set(drain.kind, _key(row), None)
            if drain.into is not None:
                moved = drain.into(**{name: getattr(row, name) for name in drain.into.columns})
                self._put(moved, missing_only=False)
            self.apply(Plan(events=(_drained(drain, cast(Any, row).tenure_id, now),)))
        return len(due)


def _restore(table: dict[Any, Row], key: Any, before: Row | None) -> None:
    if before is None:
        table.pop(key, None)
    else:
        table[key] = before


def _key(row: Row) -> Any:
    names = row.spec.key
    return getattr(row, names[0]) if len(names) == 1 else tuple(getattr(row, name) for name in names)


def _drained(drain: Drain, tenure_id: int, now: datetime) -> Event:
    return Event(
        at=now,
        kind=drain.event_kind,
        subject="tenure",
        subject_id=tenure_id,
        actor="system:sweep",
        door="system",
        source=drain.source,
        target=drain.target,
    )

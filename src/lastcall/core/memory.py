"""Rows in memory: the store the simulator runs production services on, without a database.

It applies the same plans with the same guards; uniqueness beyond the key is left to the invariants to judge, so that a
rule which relies on a constraint to be right is found out. Only the work queue's own, "once while open", holds here too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, partial
from operator import attrgetter, eq, ge, gt, le, lt, ne
from typing import Any, TypeVar, cast

from django.db.models import Q, UniqueConstraint

from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.rows import Row
from lastcall.core.store import Drain, Store

T = TypeVar("T")
R = TypeVar("R", bound=Row)

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"lte": le, "lt": lt, "gte": ge, "gt": gt, "ne": ne}


def _within(value: Any, wanted: Any) -> bool:
    return value in wanted


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """As SQL compares: an empty column fulfils no comparison, and ``ne None`` asks for one that is not empty."""

    def test(value: Any, wanted: Any) -> bool:
        if value is None:
            return False
        return True if wanted is None else compare(value, wanted)

    return test


_TESTS = {name: _compared(compare) for name, compare in _COMPARE.items()} | {"": eq, "in": _within}


@cache
def _tests(names: tuple[str, ...]) -> tuple[tuple[str, Callable[[Any, Any], bool]], ...]:
    """Condition names -> columns and how each is compared."""
    parts = [name.partition("__") for name in names]
    return tuple((column, _TESTS[comparison]) for column, _, comparison in parts)


def _matches(row: Row, where: Mapping[str, Any]) -> bool:
    for (column, test), wanted in zip(_tests(tuple(where)), where.values(), strict=True):
        if not test(getattr(row, column), wanted):
            return False
    return True


def _matching(rows: Iterable[R], where: Mapping[str, Any]) -> list[R]:
    tests = _tests(tuple(where))
    for (column, test), wanted in zip(tests, where.values(), strict=True):
        rows = [row for row in rows if test(getattr(row, column), wanted)]
    return list(rows)


@cache
def _uniques(kind: type[Any]) -> tuple[tuple[tuple[str, ...], dict[str, Any]], ...]:
    """The declared uniquenesses: the columns that may not agree, and among which rows."""
    declared = [each for each in kind.spec.constraints if isinstance(each, UniqueConstraint)]
    # The columns that tell rows apart best come first: most rows then fail at the first comparison.
    fields = [tuple(sorted(each.fields, key=lambda column: not column.endswith("id"))) for each in declared]
    return tuple((columns, dict(_conditions(each.condition))) for columns, each in zip(fields, declared, strict=True))


def _conditions(among: Q | None) -> Iterator[tuple[str, Any]]:
    for child in among.children if among is not None else ():
        name, value = cast(tuple[str, Any], child)
        column, _, comparison = name.partition("__")
        if comparison == "isnull":
            yield (column, None) if value else (f"{column}__ne", None)
        else:
            yield name, value


@cache
def _slots(kind: type[Any]) -> tuple[Callable[[Any], tuple[Any, ...]], dict[str, Callable[[Any, Any], None]]]:
    """Reading all columns at once, and writing each past the frozen class."""
    return attrgetter(*kind.columns), {column: getattr(kind, column).__set__ for column in kind.columns}


def changed(row: R, values: Mapping[str, Any]) -> R:
    """A copy of ``row`` with ``values`` set: ``dataclasses.replace`` for row types, several times faster."""
    kind: Any = type(row)
    read, writers = _slots(kind)
    copy: R = object.__new__(kind)
    for write, value in zip(writers.values(), read(row), strict=True):
        write(copy, value)
    for column, value in values.items():
        writers[column](copy, value)
    return copy


class MemoryStore:
    """All tables as dictionaries from key to row; also its own :class:`~lastcall.core.store.Database`."""

    def __init__(self) -> None:
        self.tables: dict[type[Row], dict[Any, Row]] = defaultdict(dict)
        self.events: list[Event] = []
        self.touched: list[Row] = []
        """Every row that was put, changed or removed, also in transactions that were undone; whoever reads it clears it."""
        self._undo: list[Callable[[], None]] | None = None

    def copy(self) -> MemoryStore:
        """Another store with the same rows, which never change and so are shared."""
        made = MemoryStore()
        for kind, rows in self.tables.items():
            made.tables[kind] = dict(rows)
        made.events = list(self.events)
        return made

    def rows(self, kind: type[R]) -> dict[Any, R]:
        """The table of ``kind``: key -> row."""
        return self.tables[kind]  # type: ignore[return-value]

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
        if len(key) > 1 or key[0] not in where:
            found = _matching(self.tables[kind].values(), where)
            return cast(R, found[0]) if found else None
        row = self.tables[kind].get(where[key[0]])
        if row is None or (len(where) > 1 and not _matches(row, where)):
            return None
        return cast(R, row)

    def some(self, kind: type[R], where: Mapping[str, Any], *, order: str = "", limit: int | None = None) -> list[R]:
        rows = cast(list[R], self.events) if kind is Event else self.rows(kind).values()
        found = _matching(rows, where)
        if order:
            found.sort(key=attrgetter(order.lstrip("-")), reverse=order.startswith("-"))
        return found if limit is None else found[:limit]

    def count(self, kind: type[Row], where: Mapping[str, Any]) -> int:
        return len(self.some(kind, where))

    def apply(self, plan: Plan) -> None:
        for write in plan.writes:
            self._write(write)
        for event in plan.events:
            self.events.append(changed(event, {"id": len(self.events) + 1}))

    def _write(self, write: Write) -> None:
        match write:
            case Insert(row):
                self._put(row, missing_only=False)
            case InsertMissing(row):
                self._put(row, missing_only=True)
            case Change(kind, where, values):
                key, row = self._exactly_one(kind, where)
                self._set(kind, key, changed(row, values))
            case Remove(kind, where):
                key, _ = self._exactly_one(kind, where)
                self._set(kind, key, None)

    def _put(self, row: Row, *, missing_only: bool) -> None:
        kind = type(row)
        key = _key(row)
        if missing_only and (key in self.rows(kind) or self._is_like_another(row)):
            return
        if key in self.rows(kind) or (kind is Job and self._is_like_another(row)):
            raise Conflict(f"{kind.__name__}: that key is taken")
        self._set(kind, key, row)

    def _is_like_another(self, row: Row) -> bool:
        """Whether a declared uniqueness stands in the row's way: "unless it is there" means that too."""
        rows = self.rows(type(row)).values()
        for columns, where in _uniques(cast(Any, type(row))):
            same = {column: getattr(row, column) for column in columns}
            if None not in same.values() and _matching([row], where) and _matching(rows, same | dict(where)):
                return True
        return False

    def _exactly_one(self, kind: type[Row], where: Mapping[str, Any]) -> tuple[Any, Row]:
        key = kind.spec.key
        if len(key) == 1 and key[0] in where:
            row = self.one(kind, where)
            matching = [] if row is None else [row]
        else:
            matching = _matching(self.tables[kind].values(), where)
        if len(matching) != 1:
            raise Conflict(f"{kind.__name__}: somebody else changed this first")
        return _key(matching[0]), matching[0]

    def _set(self, kind: type[Row], key: Any, row: Row | None) -> None:
        table = self.rows(kind)
        before = table.get(key)
        if (standing := row or before) is not None:
            self.touched.append(standing)
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
        due = self.some(drain.kind, {f"{drain.due}__lte": drain.until or now}, order=drain.due, limit=drain.limit)
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

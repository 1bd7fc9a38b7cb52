"""The statements and values of each row type, made once: SQL text for both databases, values as each driver takes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, TypeVar, cast

from lastcall.core.rows import Row, column_types

R = TypeVar("R", bound=Row)
F = TypeVar("F", bound=Callable[..., Any])


def memo(function: F) -> F:
    """``functools.lru_cache`` that keeps the signature."""
    return cast(F, lru_cache(maxsize=4_096)(function))


_COMPARISONS = {"lte": "<=", "lt": "<", "gte": ">=", "gt": ">", "ne": "<>"}
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def _moment(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone: what moment it means depends on the machine")
    return moment


def _moment_text(moment: datetime) -> str:
    # The same text as Django's own backend writes, so that rows compare whoever wrote them.
    if _moment(moment).tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    return moment.isoformat(" ")[:-6]


SQLITE: Mapping[type, Callable[[Any], Any]] = {datetime: _moment_text, date: date.isoformat, dict: _encode}
"""What SQLite's driver is given for a value of the type; other types as they are."""
POSTGRESQL: Mapping[type, Callable[[Any], Any]] = {datetime: _moment, dict: _encode}
"""What PostgreSQL's driver is given for a value of the type; other types as they are."""


def adapted(values: Iterable[Any], adapters: Mapping[type, Callable[[Any], Any]]) -> list[Any]:
    """``values`` as a driver takes them."""
    find = adapters.get
    return [value if (adapt := find(type(value))) is None else adapt(value) for value in values]


@memo
def marked(sql: str) -> str:
    """``sql`` with SQLite's marks for values."""
    return sql.replace("%s", "?")


def quoted(columns: Iterable[str]) -> list[str]:
    """The columns' names in double quotes: some are words of SQL."""
    return [f'"{column}"' for column in columns]


def _decode(text: str) -> Any:
    return {} if text == "{}" else json.loads(text)  # most are empty


def aware(moment: datetime) -> datetime:
    """A moment as SQLite's driver returns it, which is UTC without saying so."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@dataclass(frozen=True, slots=True)
class Statements:
    """What is made once for a row type. ``read``: which columns need work when read, and which work."""

    select: str
    insert: str
    written: Callable[[Any], tuple[Any, ...]]
    read: tuple[tuple[int, Callable[[Any], Any]], ...]


@memo
def statements(kind: type[Any]) -> Statements:
    """The statements of ``kind``."""
    columns = tuple(column for column in kind.columns if not (kind.spec.auto and column in kind.spec.key))
    marks = ", ".join(["%s"] * len(columns))
    readers: dict[type, Callable[[Any], Any]] = {dict: _decode, datetime: aware}
    types = [plain for plain, _ in column_types(kind).values()]
    get = attrgetter(*columns)
    return Statements(
        select=f"SELECT {', '.join(quoted(kind.columns))} FROM {kind.table} WHERE ",
        insert=f"INSERT INTO {kind.table} ({', '.join(quoted(columns))}) VALUES ({marks})",
        written=get if len(columns) > 1 else lambda row: (get(row),),
        read=tuple((place, readers[plain]) for place, plain in enumerate(types) if plain in readers),
    )


def load(kind: type[R], raw: Sequence[Any]) -> R:
    """The row that the driver returned as ``raw``."""
    values = list(raw)
    for place, read in statements(kind).read:
        if values[place] is not None:
            values[place] = read(values[place])
    return kind(**dict(zip(kind.columns, values, strict=True)))


Shape = tuple[tuple[str, int], ...]
"""What makes one condition's SQL differ from another's: its names, and how many values each has."""


def shape(where: Mapping[str, Any]) -> tuple[Shape, list[Any]]:
    """The shape of the conditions of :class:`~lastcall.core.store.Store`, and their values."""
    names: list[tuple[str, int]] = []
    values: list[Any] = []
    for name, value in where.items():
        if value is None:
            names.append((name, _EMPTY))
        elif name.endswith("__in"):
            names.append((name, len(value)))
            values.extend(value)
        else:
            names.append((name, 1))
            values.append(value)
    return tuple(names), values


_EMPTY = -1


@memo
def condition(names: Shape) -> str:
    """The SQL of a condition."""
    parts = []
    for name, count in names:
        column, _, comparison = name.partition("__")
        if count == _EMPTY:
            parts.append(f'"{column}" IS {"NOT " if comparison == "ne" else ""}NULL')
        elif comparison == "in":
            parts.append(f'"{column}" IN ({", ".join(["%s"] * count)})' if count else "1=0")
        else:
            parts.append(f'"{column}" {_COMPARISONS[comparison] if comparison else "="} %s')
    return " AND ".join(parts) or "1=1"


@memo
def select(kind: type[Any], names: Shape, order: str = "", limit: int | None = None) -> str:
    """``SELECT`` of all columns; ``order``: a column, ``-name`` for descending."""
    sql = statements(kind).select + condition(names)
    if order:
        sql += f' ORDER BY "{order.lstrip("-")}"' + (" DESC" if order.startswith("-") else "")
    return sql if limit is None else f"{sql} LIMIT {int(limit)}"


@memo
def update(kind: type[Any], columns: tuple[str, ...], names: Shape) -> str:
    """``UPDATE`` of these columns."""
    sets = ", ".join(f"{name} = %s" for name in quoted(columns))
    return f"UPDATE {kind.table} SET {sets} WHERE {condition(names)}"


@memo
def delete(kind: type[Any], names: Shape) -> str:
    """``DELETE`` of what fulfils the condition."""
    return f"DELETE FROM {kind.table} WHERE {condition(names)}"

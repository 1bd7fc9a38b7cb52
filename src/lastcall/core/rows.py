"""Rows: each noun of the core is one frozen dataclass, and its database table is made from it.

A row type declares its columns by annotation (``int``, ``str``, ``bool``, ``datetime``, ``date``, ``Json``, each with
``| None`` where empty is allowed) and its key, references and constraints by :func:`table`. Rules and the simulator read
the dataclass; :func:`model_of` gives Django the same columns for migrations. So there is one declaration, not two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from types import NoneType, UnionType
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from django.db import models

Json = dict[str, Any]
"""A JSON object, kept as text."""


@dataclass(frozen=True)
class Spec:
    """How a row type is kept: Django ``app``, ``key`` columns, ``references`` (column -> ``app.Model``)."""

    app: str
    key: tuple[str, ...] = ("id",)
    auto: bool = False
    references: Mapping[str, str] = field(default_factory=dict)
    constraints: tuple[models.BaseConstraint, ...] = ()
    indexes: tuple[models.Index, ...] = ()


class Row:
    """Base of all row types."""

    __slots__ = ()
    spec: ClassVar[Spec]
    columns: ClassVar[tuple[str, ...]]
    table: ClassVar[str]


R = TypeVar("R", bound=Row)
_kinds: list[type[Row]] = []


def table(
    app: str,
    *,
    key: tuple[str, ...] = ("id",),
    auto: bool = False,
    references: Mapping[str, str] | None = None,
    constraints: tuple[models.BaseConstraint, ...] = (),
    indexes: tuple[models.Index, ...] = (),
) -> Callable[[type[R]], type[R]]:
    """Declare how a row dataclass is kept. ``auto``: the database counts the single integer key upward."""

    def declare(kind: type[R]) -> type[R]:
        kind.spec = Spec(app, key, auto, references or {}, constraints, indexes)
        kind.columns = tuple(column.name for column in fields(kind))  # type: ignore[arg-type]
        kind.table = f"{app}_{kind.__name__.lower()}"
        _kinds.append(kind)
        return kind

    return declare


def kinds(app: str | None = None) -> tuple[type[Row], ...]:
    """All declared row types, or those of one app."""
    return tuple(kind for kind in _kinds if app is None or kind.spec.app == app)


def column_types(kind: type[Row]) -> dict[str, tuple[type, bool]]:
    """Column -> (plain type, may be empty)."""
    hints = get_type_hints(kind, include_extras=False)
    return {column: _plain(hints[column]) for column in kind.columns}


def _plain(hint: Any) -> tuple[type, bool]:
    if isinstance(hint, UnionType):
        inner = next(arg for arg in get_args(hint) if arg is not NoneType)
        return _plain(inner)[0], True
    return (dict if getattr(hint, "__origin__", None) is dict else hint), False


_FIELDS: dict[type, type[models.Field[Any, Any]]] = {
    int: models.BigIntegerField,
    str: models.TextField,
    bool: models.BooleanField,
    datetime: models.DateTimeField,
    date: models.DateField,
    dict: models.TextField,
}


def _field(kind: type[Row], column: str, plain: type, *, empty: bool) -> tuple[str, models.Field[Any, Any]]:
    spec = kind.spec
    primary = spec.key == (column,)
    if spec.auto and primary:
        return column, models.BigAutoField(primary_key=True)
    if target := spec.references.get(column):
        return column.removesuffix("_id"), models.ForeignKey(
            target, models.PROTECT, null=empty, db_index=False, related_name="+", primary_key=primary
        )
    return column, _FIELDS[plain](null=empty, primary_key=primary)


def model_of(kind: type[Row], *, module: str) -> type[models.Model]:
    """The Django model with the columns of ``kind``, for migrations and constraints; rules never see it."""
    body: dict[str, Any] = dict(
        _field(kind, column, plain, empty=empty) for column, (plain, empty) in column_types(kind).items()
    )
    if len(kind.spec.key) > 1:
        body["pk"] = models.CompositePrimaryKey(*kind.spec.key)
    options = {
        "app_label": kind.spec.app,
        "db_table": kind.table,
        "constraints": list(kind.spec.constraints),
        "indexes": list(kind.spec.indexes),
    }
    body |= {"__module__": module, "__doc__": kind.__doc__, "Meta": type("Meta", (), options)}
    return type(kind.__name__, (models.Model,), body)


def unique(name: str, *columns: str, where: models.Q | None = None) -> models.UniqueConstraint:
    """No two rows (among those ``where``) agree in ``columns``."""
    return models.UniqueConstraint(fields=list(columns), name=name, condition=where)


def holds(name: str, condition: models.Q) -> models.CheckConstraint:
    """Every row fulfils ``condition``."""
    return models.CheckConstraint(condition=condition, name=name)

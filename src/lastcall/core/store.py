"""Where rows are kept, as seen by services: read, apply a plan, drain what is due, all inside one transaction.

Two stores: :mod:`lastcall.core.database` (SQLite or PostgreSQL) and :mod:`lastcall.core.memory` (the simulator).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from lastcall.core.job import Job
from lastcall.core.plan import Plan
from lastcall.core.rows import Row

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Drain:
    """A set-based move of due members: delete from ``kind`` where ``due`` <= now, oldest first, at most ``limit``.

    Each leaves one event of ``event_kind`` about its tenure (``source`` -> ``target``) and, where ``into`` is given, a
    row there with ``into_due`` read from the member's own column of that name. ``until``: due by then, where that is before now.
    """

    kind: type[Row]
    due: str
    event_kind: str
    source: str
    target: str
    limit: int
    into: type[Row] | None = None
    until: datetime | None = None


class Store(Protocol):
    """Rows inside one transaction.

    Conditions are equalities by column name; a name may end in ``__lte``, ``__gt`` or ``__in`` for those comparisons, and a
    value None asks for an empty column.
    """

    def one(self, kind: type[R], where: Mapping[str, Any]) -> R | None:
        """The row that matches, or None. Where several match, any of them."""

    def some(self, kind: type[R], where: Mapping[str, Any], *, order: str = "", limit: int | None = None) -> list[R]:
        """The rows that match, by column ``order`` (``-name`` for descending)."""

    def count(self, kind: type[Row], where: Mapping[str, Any]) -> int:
        """How many rows match."""

    def apply(self, plan: Plan) -> None:
        """Write the plan. Raises :class:`~lastcall.core.errors.Conflict` when a guard does not hold."""

    def claim(self, now: datetime) -> Job | None:
        """The queued job due first, or one whose lease has run out, kept from other claimers until the transaction ends."""

    def drain(self, drain: Drain, *, now: datetime) -> int:
        """Move one batch of due members; returns how many."""


class Database(Protocol):
    """A place that runs work in a transaction: all of it or nothing, durable when it returns."""

    def transact(self, work: Callable[[Store], T]) -> T:
        """Run ``work`` in one transaction and return what it returned."""


def transaction(work: Callable[Concatenate[Store, P], T]) -> Callable[Concatenate[Database, P], T]:
    """Make a service of a function on a :class:`Store`: called with a :class:`Database`, it runs in one transaction."""

    @wraps(work)
    def service(database: Database, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return database.transact(lambda rows: work(rows, *args, **kwargs))

    return service

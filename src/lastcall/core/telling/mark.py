"""How far telling has come: in the log, and in the days that have a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lastcall.core.plan import Change, Insert, Write
from lastcall.core.rows import Row, table
from lastcall.core.store import Store

LOG: Final = "log"


@table("telling", key=("name",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Row):
    """One row, ``log``. ``place``: of the last event that was read; ``day``: the last one whose file was written.

    Whoever announces anything raises its ``revision``: announcements are made one after the other, in the order of their commits.
    """

    name: str
    place: int = 0
    day: date | None = None
    revision: int = 0


def read_mark(rows: Store) -> Mark:
    """How far telling has come."""
    return rows.one(Mark, {"name": LOG}) or Mark(name=LOG)


def moved(mark: Mark, **values: object) -> Write:
    """The write that moves the mark on, and lets nobody else do so at the same time."""
    if mark.revision == 0:
        return Insert(Mark(name=LOG, revision=1, **values))  # type: ignore[arg-type]
    return Change(Mark, {"name": LOG, "revision": mark.revision}, {"revision": mark.revision + 1, **values})

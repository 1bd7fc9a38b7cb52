"""What a decision writes: a plan of guarded row changes and the events that go with them.

A rule returns a plan; a store applies it in one transaction, all or nothing. The same plan is applied to the database
and to the simulator's memory, so what the simulator checks is what production writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lastcall.core.audit.event import Event
from lastcall.core.rows import Row


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row. A row that breaks a constraint is a :class:`~lastcall.core.errors.Conflict`."""

    row: Row


@dataclass(frozen=True, slots=True)
class InsertMissing:
    """A new row unless one with the same key is there already."""

    row: Row


@dataclass(frozen=True, slots=True)
class Change:
    """Set ``values`` on exactly the one row of ``kind`` that matches ``where``, else Conflict.

    ``where`` names the key *and* what the decision relied on (the state, the revision).
    """

    kind: type[Row]
    where: Mapping[str, Any]
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete exactly the one row of ``kind`` that matches ``where``, else Conflict."""

    kind: type[Row]
    where: Mapping[str, Any]


Write = Insert | InsertMissing | Change | Remove


@dataclass(frozen=True, slots=True)
class Plan:
    """Writes in order, then events in order."""

    writes: tuple[Write, ...] = ()
    events: tuple[Event, ...] = field(default=())

    def __add__(self, other: Plan) -> Plan:
        return Plan(self.writes + other.writes, self.events + other.events)

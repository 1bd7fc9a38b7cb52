"""Transition tables as data: the grammar that the lifecycles of number, SIM and case are written in.

A table answers three questions and nothing else writes a state: may this role do this action in this state, which
state follows, and what is possible instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lastcall.core.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from ``source`` by ``action`` to ``target``; ``who``: roles; ``requires``: what the rule checks."""

    source: str
    action: str
    target: str
    who: frozenset[str]
    requires: str = ""


@dataclass(frozen=True)
class Table:
    """A lifecycle: its ``name``, ``states`` in the order of life, the ``ends`` no row leaves, and its rows."""

    name: str
    states: tuple[str, ...]
    start: str
    ends: frozenset[str]
    rows: tuple[Transition, ...]

    @cached_property
    def _index(self) -> dict[tuple[str, str], Transition]:
        index = {(row.source, row.action): row for row in self.rows}
        if len(index) != len(self.rows):
            raise ValueError(f"{self.name}: two rows for one state and action")
        return index

    def possible(self, state: str, role: str) -> tuple[str, ...]:
        """The actions that ``role`` may take in ``state``, sorted."""
        return tuple(sorted(row.action for row in self.rows if row.source == state and role in row.who))

    def move(self, state: str, action: str, *, role: str) -> str:
        """The state that follows. Raises :class:`NotAllowed` naming the action, the state and what is possible."""
        row = self._index.get((state, action))
        if row is not None and role in row.who:
            return row.target
        reason = "not in this state" if row is None else "not for this role"
        raise NotAllowed(
            f"{self.name}: '{action}' is {reason} (state {state}, role {role}).", possible=self.possible(state, role)
        )

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.rows)


def rows(sources: str, action: str, target: str, *, who: str, requires: str = "") -> tuple[Transition, ...]:
    """Rows for several sources at once; ``sources`` and ``who`` are words separated by spaces; target ``=`` stays."""
    roles = frozenset(who.split())
    return tuple(
        Transition(source, action, source if target == "=" else target, roles, requires) for source in sources.split()
    )

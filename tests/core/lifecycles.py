"""Lifecycles as text, so that a reviewer sees a change as a diff, and the text as what every table must answer.

``LASTCALL_WRITE_SNAPSHOTS=1`` writes the texts anew.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest

from lastcall.core.actor import ROLES
from lastcall.core.errors import NotAllowed
from lastcall.core.lifecycle import Table


def as_text(*tables: Table) -> str:
    """Each table: its states, its ends, then one line for each state and action: target, roles, what it requires."""
    return "\n".join(line for table in tables for line in _lines(table))


def _lines(table: Table) -> list[str]:
    order = {state: place for place, state in enumerate(table.states)}
    lines = [
        f"{table.name}: {' '.join(table.states)}", f"  starts {table.start}, ends {' '.join(sorted(table.ends))}", "",
    ]  # fmt: skip
    for row in sorted(table, key=lambda row: (order[row.source], row.action)):
        who = " ".join(sorted(row.who))
        lines += [f"  {row.source:<16}{row.action:<12}{row.target:<16}{who}", f"{'':<46}({row.requires})"]
    return [*lines, ""]


def matches_snapshot(text: str, path: Path) -> None:
    """The text is the one in the file."""
    if os.environ.get("LASTCALL_WRITE_SNAPSHOTS") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def answers_as_written(table: Table, text: str) -> None:
    """For every state, action and role the table answers as the text says, and names what is possible instead."""
    written = _read(table, text)
    actions = sorted({action for _, action in written})
    for state, action, role in product(table.states, actions, ROLES):
        target, roles = written.get((state, action), ("", frozenset()))
        if role in roles:
            assert table.move(state, action, role=role) == target
            continue
        with pytest.raises(NotAllowed) as refused:
            table.move(state, action, role=role)
        possible = tuple(sorted(act for (source, act), (_, who) in written.items() if source == state and role in who))
        assert refused.value.possible == possible
        assert all(act in refused.value.remedy for act in possible)


def _read(table: Table, text: str) -> dict[tuple[str, str], tuple[str, frozenset[str]]]:
    own = text.split(f"{table.name}: ", 1)[1].split("\n\n")[1]
    words = [line.split() for line in own.splitlines() if not line.strip().startswith("(")]
    return {(source, action): (target, frozenset(roles)) for source, action, target, *roles in words}

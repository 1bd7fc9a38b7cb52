"""The house stands as drawn (``docs/design.md``, section 3): imports run downward, and no door leads into another."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import lastcall

HOUSE = Path(lastcall.__file__).parent
ROOMS = {
    "core": {"core"},
    "elements": {"core", "elements"},
    "doors": {"core", "doors"},
    "site": {"core", "elements", "doors", "site"},
}
FILES = sorted(path for path in HOUSE.rglob("*.py") if "migrations" not in path.parts)


def imported(path: Path) -> Iterator[tuple[str, ...]]:
    """What a file imports of Lastcall, as parts of the dotted name behind ``lastcall``; what is for type checkers alone counts."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        for name in names:
            if name.startswith("lastcall."):
                yield tuple(name.split(".")[1:])


def room_of(path: Path) -> str:
    """The topmost folder a file lies in."""
    return path.relative_to(HOUSE).parts[0]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downward(room: str) -> None:
    """Doors and elements stand on the core; only the site may know everything."""
    upward = {
        f"{path.relative_to(HOUSE)} imports {'.'.join(name)}"
        for path in FILES
        if room_of(path) == room
        for name in imported(path)
        if name[0] in ROOMS and name[0] not in ROOMS[room]
    }
    assert not upward


def test_no_door_leads_into_another() -> None:
    """What several web doors need lies in ``doors/screens``, which is no door."""
    crossing = set()
    for path in FILES:
        if room_of(path) != "doors":
            continue
        own = path.relative_to(HOUSE).parts[1]
        crossing |= {
            f"{path.relative_to(HOUSE)} imports {'.'.join(name)}"
            for name in imported(path)
            if name[0] == "doors" and len(name) > 1 and name[1] not in {own, "screens"}
        }
    assert not crossing

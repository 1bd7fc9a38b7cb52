"""Where a key stands in a TOML text, so that a complaint can name the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"^\s*(\[\[?)\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"^\s*({_DOTTED})\s*=")
_QUOTES = re.compile("\"\"\"|'''")


def index(text: str) -> dict[Path, int]:
    """The line (from 1) of every header and every key that begins a line, by its path; array items are numbered."""
    found: dict[Path, int] = {}
    items: dict[Path, int] = {}
    table: Path = ()
    for number, line in _outside_strings(text):
        if header := _HEADER.match(line):
            table = _enter(_names(header[2]), items, is_item=header[1] == "[[")
            _note(found, table, number)
        elif key := _KEY.match(line):
            _note(found, table + _names(key[1]), number)
    return found


def find(lines: Mapping[Path, int], path: Path) -> int:
    """The line of ``path``, or of the nearest thing around it that has one; 1 when nothing does."""
    for length in range(len(path), 0, -1):
        if line := lines.get(path[:length]):
            return line
    return 1


def _outside_strings(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that do not begin inside a multi-line string."""
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not inside:
            yield number, line
        for mark in _QUOTES.findall(line):
            inside = "" if mark == inside else inside or mark


def _names(dotted: str) -> Path:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


def _enter(names: Path, items: dict[Path, int], *, is_item: bool) -> Path:
    """The path of a header: each array of tables on the way stands at its latest item."""
    table: Path = ()
    for place, name in enumerate(names):
        table += (name,)
        if is_item and place == len(names) - 1:
            items[table] = items.get(table, -1) + 1
        if table in items:
            table += (items[table],)
    return table


def _note(found: dict[Path, int], path: Path, line: int) -> None:
    """Note the line of ``path`` and, when they have none yet, of the tables around it."""
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], line)

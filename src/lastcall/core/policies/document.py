"""Reading one pack: TOML text in, entries with their lines out, or the exact list of what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from lastcall.core.policies import lines, schema
from lastcall.core.policies.schema import Entry, Header

_HEADER = TypeAdapter(Header)
_ENTRY = TypeAdapter(Entry)
_ENTRY_MARKS = frozenset({"value", "source", "confidence"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a pack: where (``line`` from 1), what, and what to do.

    ``severity``: ``error`` stops the pack from being used; ``warning`` (a value that is not confirmed) does not.
    """

    file: str
    line: int
    key: str
    message: str
    remedy: str
    severity: str = "error"

    def __str__(self) -> str:
        word = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}: {self.key}: {word}{self.message}; {self.remedy}"


@dataclass(frozen=True)
class Document:
    """A pack as read. ``label``: the name of its file; ``entries``: for each key the sound values it has over time.

    ``written``: the keys that stand in the file, also those whose values were refused.
    """

    label: str
    header: Header
    entries: Mapping[str, tuple[Entry, ...]]
    written: frozenset[str]
    where: Mapping[lines.Path, int] = field(repr=False)

    @property
    def is_operator(self) -> bool:
        return self.header.kind == "operator"

    def line(self, key: str, item: int | None = None) -> int:
        """The line on which ``key`` (its ``item``-th value, from 0) begins."""
        path: lines.Path = tuple(key.split("."))
        return lines.find(self.where, path if item is None else (*path, item))


def read(text: str, label: str) -> tuple[Document | None, list[Problem]]:
    """The pack in ``text``, and what is wrong with it; no pack when it cannot be told what kind it is."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [_not_toml(str(error), text, label)]
    where = lines.index(text)
    header, problems = _header(tree.pop("pack", None), where, label)
    if header is None:
        return None, problems
    entries: dict[str, tuple[Entry, ...]] = {}
    leaves = list(_leaves(tree))
    for key, path, raw in leaves:
        found, wrong = _entries(key, path, raw, _Place(label, where, header.kind == "operator"))
        entries |= {key: found} if found else {}
        problems += wrong
    return Document(label, header, entries, frozenset(key for key, _, _ in leaves), where), problems


@dataclass(frozen=True, slots=True)
class _Place:
    """What is needed to complain about something in a pack."""

    label: str
    where: dict[lines.Path, int]
    operator: bool

    def problem(self, path: lines.Path, message: str, remedy: str, *, key: str = "") -> Problem:
        name = key or ".".join(str(step) for step in path)
        return Problem(self.label, lines.find(self.where, path), name, message, remedy)


def _not_toml(complaint: str, text: str, label: str) -> Problem:
    at = re.search(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$", complaint)
    line = int(at[1]) if at and at[1] else max(len(text.splitlines()), 1)
    what = complaint[: at.start()] if at else complaint
    return Problem(label, line, "-", f"not TOML: {what}", "correct this line; nothing else in the file was read")


def _header(raw: object, where: dict[lines.Path, int], label: str) -> tuple[Header | None, list[Problem]]:
    place = _Place(label, where, operator=False)
    if not isinstance(raw, dict):
        remedy = "begin the file with [pack] and name, kind and title"
        return None, [place.problem(("pack",), "the [pack] table is missing", remedy)]
    try:
        return _HEADER.validate_python(raw), []
    except ValidationError as error:
        return None, [_told(place, ("pack",), detail) for detail in error.errors()]


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[str, lines.Path, Any]]:
    """Every ``table.key`` and the few keys without a table, with what stands there."""
    for table, inside in tree.items():
        if not isinstance(inside, dict) or _ENTRY_MARKS & inside.keys():
            yield table, (table,), inside
            continue
        for name, raw in inside.items():
            yield f"{table}.{name}", (table, name), raw


def _entries(key: str, path: lines.Path, raw: Any, place: _Place) -> tuple[tuple[Entry, ...], list[Problem]]:
    """The values of one key over time, and what is wrong with them."""
    if schema.kind_of(key, operator=place.operator) is None:
        return (), [place.problem(path, "unknown key", _known(key, operator=place.operator))]
    if raw == []:
        return (), [
            place.problem(path, "has no value", f"write [{key}] with value, source, source_date and confidence")
        ]
    several = isinstance(raw, list)
    found, problems = [], []
    for item, one in enumerate(raw if several else [raw]):
        here = (*path, item) if several else path
        entry, wrong = _entry(key, here, one, place)
        found += [entry] if entry else []
        problems += wrong
    return tuple(found), problems


def _known(key: str, *, operator: bool) -> str:
    table, _, name = key.partition(".")
    if similar := schema.near(key, operator=operator):
        return f"did you mean {' or '.join(similar)}?"
    if name and table in schema.tables(operator=operator):
        inside = schema.keys_of(table, operator=operator)
        return f"remove it, or use one of {', '.join(inside)}"
    return f"remove it, or use one of the tables {', '.join(schema.tables(operator=operator))}"


def _entry(key: str, path: lines.Path, raw: object, place: _Place) -> tuple[Entry | None, list[Problem]]:
    if not isinstance(raw, dict):
        remedy = f"write [{key}] with value, source, source_date and confidence"
        return None, [place.problem(path, "a bare value without source", remedy)]
    try:
        entry = _ENTRY.validate_python(raw)
    except ValidationError as error:
        return None, [_told(place, path, detail) for detail in error.errors()]
    problems = _value(key, path, entry, place) or _bounds(key, path, entry, place)
    return None if problems else entry, problems


def _value(key: str, path: lines.Path, entry: Entry, place: _Place) -> list[Problem]:
    reader = schema.reader(key, operator=place.operator)
    assert reader is not None
    try:
        reader.validate_python(entry.value, strict=True)
    except ValidationError as error:
        return [_told(place, (*path, "value"), detail) for detail in error.errors()]
    return []


def _bounds(key: str, path: lines.Path, entry: Entry, place: _Place) -> list[Problem]:
    """Bounds are the jurisdiction's to set, and hold for its own value too."""
    if place.operator and entry.is_bounded:
        return [place.problem(path, "an operator pack sets bounds", "remove min, max and choices", key=key)]
    complaint = out_of_bounds(entry.value, entry)
    return [place.problem((*path, "value"), complaint, "change the value or the bounds", key=key)] if complaint else []


def out_of_bounds(value: Any, bounds: Entry) -> str:
    """What is wrong with ``value`` under the bounds of an entry; empty when nothing is."""
    if type(value) is int and bounds.min is not None and value < bounds.min:
        return f"{value} is below the least allowed, {bounds.min}"
    if type(value) is int and bounds.max is not None and value > bounds.max:
        return f"{value} is above the most allowed, {bounds.max}"
    given = value if isinstance(value, list) else [value]
    if bounds.choices is not None and (strange := [one for one in given if one not in bounds.choices]):
        return f"{', '.join(map(shown, strange))} is not one of {', '.join(map(shown, bounds.choices))}"
    return ""


def shown(value: object) -> str:
    """A value as TOML writes the short ones."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _told(place: _Place, path: lines.Path, detail: ErrorDetails) -> Problem:
    """A complaint of the schema in our words."""
    full = (*path, *detail["loc"])
    own_words = {
        "extra_forbidden": ("unknown key", "remove it or correct its spelling"),
        "missing": ("missing", f"add {full[-1]} here"),
        "string_too_short": ("empty", "fill it in"),
        "value_error": (detail["msg"].removeprefix("Value error, "), "correct it"),
    }
    wanted = detail["msg"].removeprefix("Input should be ").removeprefix("String should ")
    wanted = wanted.replace("match pattern", "text that matches", 1)
    message, remedy = own_words.get(detail["type"], (f"{_brief(detail.get('input'))} is not right", f"give {wanted}"))
    return place.problem(full, message, remedy)


def _brief(given: object) -> str:
    text = shown(given) if isinstance(given, bool) else repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."

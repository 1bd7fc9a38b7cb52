"""Every fact comes from the pack, with its source and day, and says when it is not sure."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import lastcall.core.kit as package
from lastcall.core.closing.letters.letter import Unsure, Value
from lastcall.core.kit import absent, afterwards, checklist, deadlines, powers, scams, statement, unlinking
from lastcall.core.kit.choice import Choice, Line
from lastcall.core.kit.facts import Cited, Facts
from lastcall.core.kit.sources import source_of
from lastcall.core.policies.load import operators
from lastcall.core.policies.schema import kind_of
from tests.core.kit.kits import ALL, english, items, pack, part, text, under_heading

_SAYS_NOTHING = {"calendar", "typed"}  # how a file is written, and what may be typed
_MODULES = sorted(path for path in Path(package.__file__).parent.glob("*.py") if path.stem not in _SAYS_NOTHING)
_TABLES = (
    checklist.FIRST, checklist.HOME, checklist.PAPERS, checklist.THERE, checklist.AFTER, afterwards.SIM, afterwards.ESIM,
    afterwards.AGAIN, afterwards.STATUS, unlinking.HOW, scams.KNOW, scams.ANSWERS, scams.TOO_LATE, statement.ATTACHMENTS,
    powers.NOTES,
)  # fmt: skip
LINES = tuple(line for table in _TABLES for line in table)


def values(thing: Any) -> Iterator[Value]:
    """Every value within, outermost first."""
    if isinstance(thing, tuple):
        for each in thing:
            yield from values(each)
    elif is_dataclass(thing) and not isinstance(thing, type):
        if isinstance(thing, Value):
            yield thing
        for field in fields(thing):
            yield from values(getattr(thing, field.name))


@pytest.mark.parametrize("operator", operators())
def test_every_fact_has_a_source_with_a_day_in_the_same_letter(operator: str) -> None:
    for reason, situation in ALL:
        for letter in english(reason, situation, operator).letters:
            places = {place for value in values(letter.blocks) if isinstance(value, Cited) for place in value.places}
            if not places:
                continue
            with translation.override("en"):
                listed = [item.text.shown() for item in items(under_heading(letter, "Sources"))]
            assert places == set(range(1, len(listed) + 1)), letter.kind
            assert all(re.search(r" — (undated|[A-Z][a-z]+\.? \d+, \d{4}) — ", each) for each in listed), listed


@pytest.mark.parametrize("operator", operators())
def test_every_fact_that_is_not_confirmed_says_so(operator: str) -> None:
    ours = Facts(pack(operator))
    for entry in pack(operator).entries():
        marked = ours.mark(ours.form("operator.inn"), entry.key)
        assert isinstance(marked, Cited)
        assert isinstance(marked.value, Unsure) == (not entry.is_confirmed)


@pytest.mark.parametrize("operator", operators())
def test_every_contact_channel_and_code_of_the_operator_is_shown(operator: str) -> None:
    said = text(english(operator=operator), "kit_contacts")
    for table in ("contacts.", "ussd."):
        for entry in pack(operator).entries(table):
            assert (entry.value["code"] if table == "ussd." else entry.value) in said
    assert "not tried" in said or not pack(operator).entries("ussd.")
    assert said.count("possible") >= len(pack(operator).entries("channels."))


@pytest.mark.parametrize("operator", operators())
def test_what_was_looked_for_and_not_found_is_said(operator: str) -> None:
    letter = part(english(operator=operator), "kit_contacts")
    assert len(items(under_heading(letter, "Looked for and not found"))) == len(pack(operator).not_found())


def test_sources_that_disagree_are_shown_side_by_side() -> None:
    said = text(english(operator="yota"), "kit_contacts")
    for reading in pack("yota").entry("contacts.hotline_free").readings:
        assert reading["value"] in said
    assert "The sources say: up to 60 days (T2) (source: tellcall.ru)" in text(english(), "kit_deadlines")


def test_every_note_of_the_shipped_packs_on_what_was_not_found_has_words() -> None:
    notes = {note for operator in operators() for note in pack(operator).not_found()}
    assert [note for note in notes if not any(note.startswith(begin) for begin in absent.NOTES)] == []


def test_every_source_of_the_shipped_packs_can_be_named() -> None:
    shown = {key for line in LINES for key in line.keys}
    entries = [entry for operator in operators() for entry in pack(operator).entries()]
    assert [entry.source for entry in entries if entry.key in shown and source_of(entry.source) is None] == []


def test_no_line_rests_on_a_key_that_no_pack_can_have() -> None:
    known = {entry.key for operator in operators() for entry in pack(operator).entries()}
    keys = {key for line in LINES for key in (*line.keys, *line.lacks)} | {term.key for term in deadlines.TERMS}
    assert [key for key in keys if kind_of(key, operator=True) is None] == []
    assert keys <= known, "a key of a shelf that no shipped pack has"


def test_every_line_is_said_to_somebody() -> None:
    ours = [Facts(pack(operator)) for operator in operators()]

    def said(line: Line) -> bool:
        return any(line.holds(Choice(*each), facts) for each in ALL for facts in ours)

    assert [str(line.words or line.key) for line in LINES if not said(line)] == []


def _texts(module: Path) -> Iterator[ast.Constant]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)


@pytest.mark.parametrize("module", _MODULES, ids=lambda path: path.stem)
def test_no_phone_deadline_or_fee_stands_in_the_code(module: Path) -> None:
    numbers = [node.value for node in _texts(module) if isinstance(node.value, int | float)]
    digits = [
        node.value for node in _texts(module) if isinstance(node.value, str) and re.search(r"\d{2}|[*#]\d", node.value)
    ]
    assert [number for number in numbers if number > 2] == []
    assert digits == []

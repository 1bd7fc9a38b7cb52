"""What in a kit is not confirmed: the pack's sources are silent or disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from lastcall.core.closing.letters.letter import Day, Heading, Item, Letter, Row, Text, Unsure, Value, unsure_in
from lastcall.core.kit import words
from lastcall.core.kit.deadlines import DATES
from lastcall.core.kit.facts import Cited
from lastcall.core.kit.kit import Kit


def doubts(kit: Kit) -> tuple[str, ...]:
    """Each doubtful thing once, in the language in force: facts after the title that they stand under, days with their date.

    Phones below a page are left out: they stand in the table of contacts too.
    """
    told: dict[str, str] = {}
    for letter in kit.letters:
        for title, fact in _of_letter(letter):
            told.setdefault(fact, title)
    days = (_joined(Day(each.on).shown(), each.title.shown()) for each in kit.deadlines if not each.sure)
    return (*(_joined(title, fact) for fact, title in told.items()), *days)


def _of_letter(letter: Letter) -> Iterator[tuple[str, str]]:
    """Each doubtful thing with the title that it stands under; the sheet of dates is the kit's deadlines over again."""
    title = letter.title
    for block in letter.blocks if letter.kind != DATES else ():
        title = block.text if isinstance(block, Heading) else title
        for fact in _of(block):
            yield title.shown(), fact


def _joined(title: str, fact: str) -> str:
    return words.Listed((Text(title), Text(fact)), words.COLON).shown()


def _of(thing: Any) -> Iterator[str]:
    if not unsure_in(thing):
        return
    if isinstance(thing, Row):
        yield _joined(thing.label.shown(), _bare(thing.value))
    elif isinstance(thing, Item):
        yield _bare(thing.text) if thing.under is None else _joined(_bare(thing.text), _bare(thing.under))
    elif isinstance(thing, Value):
        yield _bare(thing)
    else:
        yield from _parts(thing)


def _parts(thing: Any) -> Iterator[str]:
    inner = thing if isinstance(thing, tuple) else ()
    if is_dataclass(thing):
        inner = tuple(getattr(thing, field.name) for field in fields(thing))
    for each in inner:
        yield from _of(each)


def _bare(value: Value) -> str:
    """Without marks and numbers of sources: here everything is doubtful, and no list of sources follows."""
    while isinstance(value, Unsure | Cited):
        value = value.value
    return value.shown()

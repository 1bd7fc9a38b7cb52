"""What in a kit is not confirmed: the pack's sources are silent or disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from lastcall.core.closing.letters.letter import Item, Letter, Phone, Row, Unsure, Value, unsure_in
from lastcall.core.kit.facts import Cited
from lastcall.core.kit.kit import Kit


def doubts(kit: Kit) -> tuple[str, ...]:
    """Each doubtful thing once, in the language in force: facts with their label, days with their title."""
    told = [text for letter in kit.letters for text in _of_letter(letter)]
    days = [deadline.title.shown() for deadline in kit.deadlines if not deadline.sure]
    told += [day for day in days if not any(day in text for text in told)]
    return tuple(dict.fromkeys(told))


def _of_letter(letter: Letter) -> Iterator[str]:
    for block in letter.blocks:
        yield from _of(block)
    yield from _of(letter.phones)


def _of(thing: Any) -> Iterator[str]:
    if not unsure_in(thing):
        return
    if isinstance(thing, Row):
        yield f"{thing.label.shown()}: {_bare(thing.value)}"
    elif isinstance(thing, Phone):
        yield f"{thing.label.shown()}: {_bare(thing.number)}"
    elif isinstance(thing, Item):
        yield _bare(thing.text)
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

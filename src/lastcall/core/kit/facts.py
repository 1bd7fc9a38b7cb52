"""The pack's facts as a letter shows them: each with its doubt and a number under which the letter names its source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from lastcall.core.closing.letters.letter import (
    Block,
    Day,
    Heading,
    Item,
    Items,
    Sum,
    Text,
    Three,
    Unsure,
    Value,
    say,
)
from lastcall.core.closing.letters.wording import days
from lastcall.core.kit import words
from lastcall.core.kit.sources import shown_source, source_of
from lastcall.core.policies.pack import Pack, PackEntry

_DAYS: Final = re.compile(r"[._]days(_|$)")
_MONTHS: Final = re.compile(r"[._]months(_|$)")


@dataclass(frozen=True, slots=True)
class Cited:
    """``value`` with the numbers of its sources in the letter's own list."""

    value: Value
    places: tuple[int, ...]

    def shown(self) -> str:
        return f"{self.value.shown()} [{', '.join(map(str, self.places))}]"


class Facts:
    """The facts of one letter, all from one pack. Numbers of sources go by first use."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self._known = {entry.key: entry for entry in pack.entries()}
        self._sources: dict[tuple[object, ...], PackEntry] = {}

    def get(self, key: str) -> PackEntry | None:
        """The pack's entry, or None: what is absent is left out or said to be absent, never guessed."""
        return self._known.get(key)

    def agree(self, when: Mapping[str, Any]) -> bool:
        """Has the pack these values under these keys?"""
        return all(key in self._known and self._known[key].value == value for key, value in when.items())

    def mark(self, value: Value, *keys: str) -> Value:
        """``value`` as resting on the pack's ``keys``: with its doubt, and with their sources' numbers."""
        entries = [self._known[key] for key in keys if key in self._known]
        if not entries:
            return value
        sure = len(entries) == len(keys) and all(entry.is_confirmed for entry in entries)
        return Cited(value if sure else Unsure(value), self._places(entries))

    def fact(self, key: str) -> Value:
        """The value under ``key`` alone, in the form that suits it, marked. Raises ``NotFound``."""
        return self.mark(self.form(key), key)

    def form(self, key: str) -> Value:
        """The same without its mark, to stand inside a sentence that is marked as a whole. Raises ``NotFound``."""
        value = self.pack.entry(key).value
        if isinstance(value, int) and not isinstance(value, bool):
            return self._number(key, value)
        return formed(value)

    def sources(self) -> tuple[Block, ...]:
        """The list of sources of all that was marked so far, with what they say where they disagree."""
        if not self._sources:
            return ()
        items = tuple(_source_item(entry) for entry in self._sources.values())
        return (Heading(say(words.SOURCES)), Items(items, mark="number"))

    def _places(self, entries: list[PackEntry]) -> tuple[int, ...]:
        for entry in entries:
            self._sources.setdefault(_same_source(entry), entry)
        order = list(self._sources)
        return tuple(sorted({order.index(_same_source(entry)) + 1 for entry in entries}))

    def _number(self, key: str, value: int) -> Value:
        if _DAYS.search(key):
            return days(value)
        if _MONTHS.search(key):
            return words.months(value)
        return Sum(value, self.pack.entry("currency").value) if key.endswith(".fee") else Text(str(value))


_FORMS: Final[tuple[tuple[type, Callable[[Any], Value]], ...]] = (
    (date, Day),
    (list, lambda codes: words.Listed(tuple(map(words.coded, codes)))),
    (Mapping, lambda table: Three(table if "ru" in table else table["text"])),
)


def formed(value: Any) -> Value:
    """A date, a list of codes or words in three languages as a value; anything else as it stands."""
    for kind, form in _FORMS:
        if isinstance(value, kind):
            return form(value)
    return Text(str(value))


def _same_source(entry: PackEntry) -> tuple[object, ...]:
    readings = tuple(str(reading["value"]) for reading in entry.readings)
    return (shown_source(entry), entry.source_date, entry.confidence, readings)


def _source_item(entry: PackEntry) -> Item:
    sure = say(words.CONFIDENCES[entry.confidence])
    told = words.Listed((shown_source(entry), words.source_day(entry.source_date), sure), words.DASH)
    return Item(told, under=disagreeing(entry))


def disagreeing(entry: PackEntry) -> Value | None:
    """What the sources of a value say, one beside the other, where they disagree."""
    if not entry.readings:
        return None
    told = tuple(
        say(
            words.READING,
            value=formed(reading["value"]),
            source=source_of(reading["source"]) or Text(reading["source"]),
        )
        for reading in entry.readings
    )
    return say(words.DISAGREE, readings=words.Listed(told, words.LONG))

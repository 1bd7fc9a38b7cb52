"""Lists of numbers: their records as entries, each list once, even where a card shows it in two places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from lastcall.core.simcard.card import Entry

from .coding.records import NumberRecord, decode_number_record
from .coding.shown import listed
from .extensions import rest_of_number
from .files import ListFile, Path, shown
from .linear import Records
from .notes import Notes
from .shelves import Shelf, Shelves
from .tree import Unreadable

_SAMPLES: Final = 3
_FULL: Final = 20
"""Digits that a record has room for."""
CUT: Final = "the record came cut short"
_BLANK: Final = frozenset({0x00, 0xFF})


@dataclass(slots=True)
class Seen:
    """A file of records that was read."""

    kind: str
    layout: tuple[int, int]
    records: Records


class Once:
    """Reads files whole, but not the same one again at another place: a card that is SIM and USIM has one phone book, one file
    of messages, seen through both.

    It is held for the same one where number and length of the records agree and so do the first used ones and the last.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._seen: list[Seen] = []

    def read(self, shelf: Shelf, *, kind: str, words: str) -> Records | None:
        """All its records; None where there is nothing to read, or it was read before."""
        try:
            layout = shelf.layout()
            alike = [seen.records for seen in self._seen if (seen.kind, seen.layout) == (kind, layout)]
            records = None if any(_is_sampled(shelf, seen) for seen in alike) else shelf.read()
        except Unreadable as why:
            self._notes.trouble(words, why)
            return None
        if records is None or any(records.raw == seen.raw for seen in alike):
            self._notes.there(words)
            return None
        self._notes.records(words, records)
        if records.ended is not None and not records.raw:
            return None
        self._seen.append(Seen(kind, layout, records))
        return records


def _is_sampled(shelf: Shelf, seen: Records) -> bool:
    used = [number for number, raw in seen.raw.items() if not _BLANK.issuperset(raw)]
    samples = {*used[:_SAMPLES], *used[-1:]}
    read = shelf.read(samples).raw if samples else {}
    return bool(samples) and all(read.get(number) == seen.raw[number] for number in samples)


def decoded(records: Records, trailer: int = 0) -> dict[int, NumberRecord]:
    """The used records of a list of numbers. ``trailer``: bytes at the end of each that are not of it."""
    found = {number: decode_number_record(raw[: len(raw) - trailer]) for number, raw in records.raw.items()}
    for number in records.cut:
        found[number] = replace(found[number], damaged=listed(CUT, found[number].damaged))
    return {number: record for number, record in found.items() if not record.empty}


def entry(
    name: str, path: Path, number: int, record: NumberRecord, extension: Shelf | None, application: str = ""
) -> Entry:
    """One line, its number with all that it goes on with. ``application``: as in :class:`Entry`."""
    whole, damaged = whole_number(record.number, record.extension, extension)
    return Entry(
        list=name,
        file=shown(path),
        record=number,
        name=record.name,
        numbers=(whole,) if whole else (),
        damaged=listed(record.damaged, damaged),
        application=application,
    )


def whole_number(number: str, extension: int, shelf: Shelf | None) -> tuple[str, str]:
    """``number`` and what it goes on with in record ``extension`` of ``shelf``; then what of that could not be read.

    Of a number that leaves room in its own record nothing is missing where the pointer leads nowhere: at most a subaddress was
    meant (3GPP TS 51.011, 10.5.1), and cheap cards have anything in that byte.
    """
    rest, damaged = rest_of_number(shelf, extension)
    whole = not rest and len(number.removeprefix("+")) < _FULL
    return number + rest, "" if whole else damaged


def entries(file: ListFile, records: Records, shelves: Shelves) -> list[Entry]:
    """All used lines of a list."""
    extension = shelves.at(file.extension)
    used = decoded(records, file.trailer)
    return [entry(file.list, file.path, number, record, extension, file.application) for number, record in used.items()]


class Doubles:
    """Lines that say the same as one in another file of the same list, as EF_LND and EF_OCI may."""

    def __init__(self) -> None:
        self._first: dict[tuple[object, ...], str] = {}

    def left_out(self, lines: Iterable[Entry]) -> list[Entry]:
        """``lines`` without them; two that are alike in one file stay, and so does what says more than a name and a number."""
        return [line for line in lines if self._is_first(line) or line.mails or line.second_name or line.labels]

    def _is_first(self, line: Entry) -> bool:
        return self._first.setdefault((line.list, line.name, line.numbers, line.damaged), line.file) == line.file

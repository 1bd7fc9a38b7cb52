"""Lists of numbers: their records as entries, each list once, even where a card shows it in two places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from lastcall.core.simcard.card import Entry

from .coding.records import NumberRecord, decode_number_record
from .coding.shown import UNREADABLE, listed
from .extensions import rest_of_number
from .files import ListFile, Path, shown
from .linear import Records
from .notes import Notes
from .shelves import Shelf, Shelves
from .tree import Unreadable

_FULL: Final = 20
"""Half octets of digits that a record has room for."""
CUT: Final = "the record came cut short"


@dataclass(frozen=True, slots=True)
class Seen:
    """A file of records that was read. ``extension``: where its numbers go on; ``trailer``: as in :func:`decoded`."""

    kind: str
    records: Records
    extension: Shelf | None
    trailer: int

    def numbers(self) -> list[str]:
        """Those that go on in the other file, whole."""
        used = decoded(self.records, self.trailer).values()
        return [whole_number(each.number, each.extension, self.extension)[0] for each in used if _goes_on(each.number)]


class Once:
    """Reads files whole, and passes over one that is the same as another at another place: a card that is SIM and USIM has one file
    of messages, one list of fixed numbers, seen through both.

    It is held for the same one where all records agree, and all numbers with what they go on with. No sign that is cheaper tells
    for certain.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._seen: list[Seen] = []

    def read(
        self, shelf: Shelf, *, kind: str, words: str, extension: Shelf | None = None, trailer: int = 0
    ) -> Records | None:
        """All its records; None where there is nothing to read, or it is the same as one that was read before."""
        try:
            records = shelf.read()
        except Unreadable as why:
            self._notes.trouble(words, why)
            return None
        self._notes.records(words, records)
        this = Seen(kind, records, extension, trailer)
        if (records.ended is not None and not records.raw) or any(_is_same(this, other) for other in self._seen):
            return None
        self._seen.append(this)
        return records


def _is_same(one: Seen, other: Seen) -> bool:
    alike = (one.kind, one.records.raw) == (other.kind, other.records.raw)
    return alike and (one.extension is None or one.numbers() == other.numbers())


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

    A number that leaves room in its own record is whole (3GPP TS 51.011, 10.5.1: the record points on where there are more than
    twenty digits): at most a subaddress was meant, and cheap cards have anything in that byte.
    """
    if not _goes_on(number):
        return number, ""
    rest, damaged = rest_of_number(shelf, extension)
    return number + rest, damaged


def _goes_on(number: str) -> bool:
    # What has no meaning was two half octets (10.5.1, table 12).
    return len(number.removeprefix("+")) + number.count(UNREADABLE) >= _FULL


def entries(file: ListFile, records: Records, shelves: Shelves) -> list[Entry]:
    """All used lines of a list."""
    extension = shelves.at(file.extension)
    used = decoded(records, file.trailer)
    return [entry(file.list, file.path, number, record, extension, file.application) for number, record in used.items()]


class Doubles:
    """Lines that say nothing that one in another file of the same list does not say, as in EF_LND and EF_OCI, or in the phone book
    of a SIM and that of a USIM."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], list[Entry]] = {}

    def left_out(self, lines: Iterable[Entry]) -> list[Entry]:
        """``lines`` without them; two that are alike in one file stay."""
        return [line for line in lines if self._is_new(line)]

    def _is_new(self, line: Entry) -> bool:
        known = self._known.setdefault((line.list, line.name, *line.numbers[:1]), [])
        new = not any(_says_as_much(other, line) for other in known if not _are_two(other, line))
        if new:
            known.append(line)
        return new


def _are_two(one: Entry, other: Entry) -> bool:
    """Whether they lie in one file at two places."""
    return one.file == other.file and one.record != other.record


def _says_as_much(one: Entry, other: Entry) -> bool:
    """Whether ``one`` says all that ``other`` says, which has its name and main number."""
    parts = ((one.numbers, other.numbers), (one.mails, other.mails), (one.groups, other.groups))
    return (
        all(set(more) <= set(all_) for all_, more in parts)
        and {pair for pair in other.labelled() if pair[1]} <= set(one.labelled())
        and other.second_name in ("", one.second_name)
        and other.damaged in ("", one.damaged)
    )

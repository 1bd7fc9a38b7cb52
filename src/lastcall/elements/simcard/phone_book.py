"""The phone book of a USIM: EF_PBR names its files, set by set (3GPP TS 31.102, 4.4.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from lastcall.core.simcard.card import Entry

from .channel import TooManyCommands
from .coding.records import (
    BookFile,
    decode_anr,
    decode_groups,
    decode_iap,
    decode_label,
    decode_named,
    decode_pbr,
)
from .coding.shown import about, listed
from .files import PBR, Path, Place
from .linear import Records
from .lists import decoded, entry, whole_number
from .notes import Notes
from .shelves import Shelf, Shelves
from .status import Meaning
from .tree import Unreadable

WORDS: Final = "phone book"
_NAMED: Final = {
    "IAP": "index of the phone book", "SNE": "second names of the phone book", "ANR": "additional numbers of the phone book",
    "EMAIL": "e-mail addresses of the phone book", "GRP": "groups of the phone book",
    "GAS": "names of the phone book's groups", "AAS": "labels of additional numbers of the phone book",
}  # fmt: skip
_ELSEWHERE: Final = "a part that the index gives it belongs to another entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One set of a phone book: its ``entries``, of ``total`` records."""

    entries: tuple[Entry, ...] = ()
    total: int = 0


@dataclass(slots=True)
class _Line:
    """What belongs to an entry besides its record of EF_ADN."""

    numbers: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    second_names: list[str] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    damages: list[str] = field(default_factory=list)

    def onto(self, first: Entry) -> Entry:
        """The entry with it."""
        labels = (*("" for _ in first.numbers), *self.labels)
        return replace(
            first,
            numbers=(*first.numbers, *self.numbers),
            labels=labels if any(labels) else (),
            second_name=", ".join(self.second_names),
            mails=tuple(self.mails),
            groups=tuple(self.groups),
            damaged=listed(first.damaged, *self.damages),
        )


def read_book(place: Place, directory: Path, shelves: Shelves, notes: Notes) -> Iterator[Book]:
    """The phone book in a ``directory``, set by set; none where there is none. ``place``: says whose it is."""
    words = WORDS + place.whose
    try:
        sets = shelves.at((*directory, PBR)).read()
    except Unreadable as why:
        notes.trouble(words, why)
        return
    notes.records(words, sets)
    for files in dict.fromkeys(map(decode_pbr, sets.raw.values())):
        yield _Set(place, directory, files, shelves, notes).read()


class _Set:
    """The files of one record of EF_PBR."""

    def __init__(
        self, place: Place, directory: Path, files: tuple[BookFile, ...], shelves: Shelves, notes: Notes
    ) -> None:
        self._place = place
        self._directory = directory
        self._files = files
        self._shelves = shelves
        self._notes = notes
        self._extension = self._first("EXT1")

    def read(self) -> Book:
        adn = self._first("ADN")
        records = None if adn is None else self._entries(adn)
        if adn is None or records is None:
            return Book()
        used = decoded(records)
        parts = self._parts(used)
        first = {
            number: entry("phone_book", adn.path, number, record, self._extension, self._place.application)
            for number, record in used.items()
        }
        lines = {number: _Line() for number in used}
        for file, places in parts:
            self._fill(file, places, lines)
        entries = tuple(lines[number].onto(line) for number, line in first.items())
        return Book(entries=entries, total=records.total)

    def _entries(self, adn: Shelf) -> Records | None:
        words = WORDS + self._place.whose
        try:
            records = adn.read()
        except Unreadable as why:
            self._notes.trouble(words, why)
            return None
        self._notes.records(words, records)
        return records

    def _parts(self, used: Iterable[int]) -> list[tuple[BookFile, dict[int, int]]]:
        """The files whose records belong to entries, and for each entry its record there; they are read."""
        beside = {number: number for number in used}
        parts = [(file, beside) for file in self._files if file.type == 1 and file.kind in _FILL]
        indexed = [file for file in self._files if file.type == 2]
        index = self._index(beside) if any(file.kind in _FILL for file in indexed) else {}
        for place, file in enumerate(indexed):
            given = {number: row[place] for number, row in index.items() if place < len(row) and row[place]}
            parts += [(file, given)] if file.kind in _FILL else []
        for file, places in parts:
            records = self._records(file, places.values())
            if file.kind == "ANR":
                self._labels(decode_anr(raw).label for raw in records.values())
        # What goes on in EF_EXT1 first, as that file is open then, and selected once.
        return sorted(parts, key=lambda part: part[0].kind != "ANR")

    def _fill(self, file: BookFile, places: Mapping[int, int], lines: Mapping[int, _Line]) -> None:
        """``places``: for an entry's number the record of ``file`` that belongs to it."""
        records = self._records(file, places.values())
        for number, place in places.items():
            if raw := records.get(place, b""):
                lines[number].damages.append(_FILL[file.kind](self, raw, file, number, lines[number]))

    def _index(self, used: Iterable[int]) -> dict[int, tuple[int, ...]]:
        file = next((file for file in self._files if file.kind == "IAP" and file.type == 1), None)
        records = {} if file is None else self._records(file, used)
        return {number: decode_iap(raw) for number, raw in records.items()}

    def mail(self, raw: bytes, file: BookFile, number: int, line: _Line) -> str:
        return self._named(raw, file, number, line.mails, part="e-mail")

    def second_name(self, raw: bytes, file: BookFile, number: int, line: _Line) -> str:
        return self._named(raw, file, number, line.second_names, part="second name")

    def _named(self, raw: bytes, file: BookFile, number: int, found: list[str], *, part: str) -> str:
        read = decode_named(raw, indexed=file.type == 2)
        if read.entry not in (0, number):
            return _ELSEWHERE
        found += [read.text] if read.text else []
        return about(part, read.damaged)

    def another_number(self, raw: bytes, file: BookFile, number: int, line: _Line) -> str:
        read = decode_anr(raw)
        if file.type == 2 and read.entry not in (0, number):
            return _ELSEWHERE
        whole, damaged = ("", "") if read.empty else whole_number(read.number, read.extension, self._extension)
        if whole:
            line.numbers.append(whole)
            line.labels.append(self._label(read.label))
        return about("additional number", listed(read.damaged, damaged))

    def _label(self, label: int) -> str:
        """What an additional number is called; empty where the card has no word for it."""
        return decode_label(self._labels((label,)).get(label, b"")).text if label else ""

    def _labels(self, wanted: Iterable[int]) -> Mapping[int, bytes]:
        names = next((file for file in self._files if file.kind == "AAS"), None)
        return {} if names is None else self._records(names, filter(None, wanted))

    def groups(self, raw: bytes, file: BookFile, number: int, line: _Line) -> str:
        """The names of the groups, from EF_GAS; one that has none is called by its number."""
        del file, number
        wanted = decode_groups(raw)
        names = next((file for file in self._files if file.kind == "GAS"), None)
        records = self._records(names, wanted) if names is not None and wanted else {}
        for group in wanted:
            name = decode_label(records.get(group, b""))
            line.groups.append(name.text or str(group))
        return ""

    def _records(self, file: BookFile, wanted: Iterable[int]) -> Mapping[int, bytes]:
        """The wanted records, and those that were wanted before; none, and a note, where the file cannot be read."""
        numbers = set(wanted)
        if not numbers:
            return {}
        words = _NAMED[file.kind] + self._place.whose
        try:
            records: Records = self._shelves.at((*self._directory, file.file_id)).read(numbers)
        except Unreadable as why:
            self._notes.trouble(words, why)
            if why.meaning is Meaning.ABSENT:
                self._notes.say(f"The card has no {words}, though it names them.")
            return {}
        except TooManyCommands:  # what was read of the entries stays
            return {}
        self._notes.records(words, records)
        return records.raw

    def _first(self, kind: str) -> Shelf | None:
        file_id = next((file.file_id for file in self._files if file.kind == kind), None)
        return None if file_id is None else self._shelves.at((*self._directory, file_id))


_Filler = Callable[[_Set, bytes, BookFile, int, _Line], str]
_FILL: Final[dict[str, _Filler]] = {
    "SNE": _Set.second_name, "ANR": _Set.another_number, "EMAIL": _Set.mail, "GRP": _Set.groups,
}  # fmt: skip

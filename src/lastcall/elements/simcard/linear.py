"""The records of one file, each read once, whatever the card says of their number and length."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .found import MOST_RECORDS, Found
from .progress import Progress
from .status import Meaning
from .tree import Tree, Unreadable

_IN_A_ROW: Final = 3
"""After so many that cannot be read there are no more, where the card does not say how many there are."""
_UNKNOWN_LENGTH: Final = 256
_GOES_ON: Final = (Meaning.FAILED, Meaning.WRONG_LENGTH)
_NO_SUCH_NUMBER: Final = (0x6A86, 0x6B00)
"""Wrong P1 or P2: where the same command read other records, it is their number that the card does not have."""


@dataclass(slots=True)
class Records:
    """``raw``: by number, from 1; ``announced`` and ``total``: how many the card said and how many there are; ``cut``: those
    that came shorter than they are, filled up with FF; ``failed``: those that cannot be read and their status words;
    ``ended``: why reading stopped before the end."""

    announced: int
    total: int
    raw: dict[int, bytes] = field(default_factory=dict)
    cut: list[int] = field(default_factory=list)
    failed: dict[int, int] = field(default_factory=dict)
    ended: Unreadable | None = None


class RecordReader:
    """The open file, record by record. ``found``: what the card said of it."""

    def __init__(self, tree: Tree, found: Found, progress: Progress) -> None:
        self._tree = tree
        self._progress = progress
        self._length = found.length
        self._sure = found.sure
        self._last = found.records if found.sure else MOST_RECORDS
        self._failures = 0
        self._end = 0x100
        self.announced = (found.length, found.records)
        """Length of a record and their number, as the card says."""
        self.records = Records(announced=found.records, total=found.records)

    def read(self, wanted: Iterable[int] | None = None) -> Records:
        """Those records, or all; what was read before is not read again. Goes on over single ones that cannot be read."""
        records = self.records
        known = range(1, (records.announced or self._last) + 1)
        todo = [number for number in (known if wanted is None else sorted(set(wanted))) if self._is_new(number)]
        self._progress.expect(len(todo))
        goes_on = all(self._read(number) for number in todo)
        number = len(known) + 1
        while goes_on and wanted is None and number <= self._last:  # what the card announced does not fit together
            goes_on = self._read(number)
            number += 1
        return records

    def has(self, wanted: Iterable[int]) -> bool:
        """Whether nothing of it must be read any more."""
        return not any(self._is_new(number) for number in wanted)

    def _is_new(self, number: int) -> bool:
        known = number in self.records.raw or number in self.records.failed
        return 1 <= number < self._end and not known and self.records.ended is None

    def _read(self, number: int) -> bool:
        """Whether to go on."""
        self._progress.step()
        try:
            answer = self._tree.record(number, self._length)
        except Unreadable as why:
            return self._failed(number, why)
        self._failures = 0
        if answer.asked and answer.asked != self._length and answer.asked < _UNKNOWN_LENGTH:
            self._length, self._last, self._sure = answer.asked, MOST_RECORDS, True
        self._keep(number, answer.data)
        return True

    def _keep(self, number: int, data: bytes) -> None:
        if self._sure and len(data) < self._length:
            # A record is read from its end: what is missing there must not shift the rest.
            self.records.cut.append(number)
            data = data.ljust(self._length, b"\xff")
        self.records.raw[number] = data
        self.records.total = max(self.records.total, number)

    def _failed(self, number: int, why: Unreadable) -> bool:
        self._failures += 1
        if why.meaning is Meaning.NO_RECORD or (self.records.raw and why.sw in _NO_SUCH_NUMBER):
            self._end = number
            self.records.total = min(self.records.total, number - 1)
            return False
        if why.meaning not in _GOES_ON or (self._failures >= _IN_A_ROW and not self._announces(number)):
            self.records.ended = why
            return False
        self.records.failed[number] = why.sw
        return True

    def _announces(self, number: int) -> bool:
        """Whether the card says that there are more behind ``number``: a worn page takes several, and what follows it is sound."""
        return self._sure and number < self.records.announced

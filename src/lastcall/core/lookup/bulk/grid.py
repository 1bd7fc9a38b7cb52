"""Rows of one fixed width, read without a loop: eight bytes of each row are one machine word, and all words of a kind are
worked on together.

Exclusive-or with the row as it should be leaves digits from 0 to 9 where digits belong and 0 everywhere else; whatever else it
leaves marks the row as odd, to be read one by one. A few thousand rows at a time stay in the processor's cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.bulk.meaning import NO_DAY, Array, Days, Pairs
from lastcall.core.lookup.bulk.pairs import PairTable, calendar

ROWS: Final = 4096
"""Read together: their words and places fill about half of a second-level cache."""
Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

_NUMBER_DIGITS: Final = 10
_calendar = cache(calendar)


@dataclass(frozen=True, slots=True)
class Layout:
    """``template``: a whole row with its line's end, ``0`` wherever a digit stands; ``number``: where the ten digits behind the
    country code begin; ``day``: where the year begins. ``keep``: so many bytes stand before the answer; ``tail``: what is after it.
    """

    template: bytes
    number: int
    day: int
    keep: int
    tail: bytes

    @property
    def width(self) -> int:
        """Bytes of a row."""
        return len(self.template)

    def digits(self) -> set[int]:
        """The places of the digits that differ from row to row."""
        day = self.day
        return {*range(self.number, self.number + _NUMBER_DIGITS), *(day + place for place in (2, 3, 5, 6, 8, 9))}


@dataclass(frozen=True, slots=True)
class _Word:
    """Eight bytes of each row, from ``at``: what they should be, and which bits of the difference must be 0."""

    at: int
    expected: np.uint64
    strict: np.uint64

    @classmethod
    def of(cls, layout: Layout, at: int) -> _Word:
        digits = layout.digits()
        strict = bytes(0xF0 if place in digits else 0xFF for place in range(at, at + 8))
        return cls(at, _word(layout.template[at : at + 8]), _word(strict))


def _word(text: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(text, "little"))


def _gathering(places: tuple[int, ...]) -> tuple[np.uint64, np.uint64]:
    """The mask of the bytes at ``places`` (lowest first wanted highest), and the factor that moves them to the word's upper end."""
    targets = [64 - 8 * (count + 1) for count in range(len(places))]
    factor = sum(1 << (target - 8 * place) for target, place in zip(targets, places, strict=True))
    return np.uint64(sum(0xFF << 8 * place for place in places)), np.uint64(factor)


class Grid:
    """Reads rows of one layout with one index. After :meth:`read`: ``pairs``, ``days`` and ``odd`` of those rows."""

    def __init__(self, layout: Layout, table: PairTable) -> None:
        self.layout, self._table = layout, table
        number, width = layout.number, layout.width
        later = number + 6 if number + 14 <= width else number + 2
        self._high = _Word.of(layout, number - 1)
        self._low = _Word.of(layout, later)
        self._day = _Word.of(layout, layout.day + 2)
        self._high_bytes = _gathering((1, 3, 5))
        first = number + 6 - later
        self._low_bytes = _gathering((first, first + 2))
        self._day_bytes = _day_gathering()
        seen = {place for word in (self._high, self._low, self._day) for place in range(word.at, word.at + 8)}
        self._single = [(place, layout.template[place]) for place in range(width) if place not in seen]
        self._words = [np.empty(ROWS, np.uint64) for _ in range(3)]
        self._work = [np.empty(ROWS, np.uint64) for _ in range(2)]
        self._places = [np.empty(ROWS, np.int64) for _ in range(2)]
        self._found, self._on = np.empty(ROWS, np.uint32), np.empty(ROWS, np.uint16)
        self._is_complete = table.complete
        self.pairs: Pairs
        self.days: Days
        self.odd: Flags | None

    def read(self, base: Bytes, at: int, count: int, step: int = 0) -> None:
        """Read ``count`` rows (at most :data:`ROWS`) that begin at ``base[at]``, ``step`` bytes apart (0: one after the other).

        ``odd``: which rows are not as the layout says, or have no valid number or day; None when all are well.
        """
        width = step or self.layout.width
        odd: Flags | None = None
        for word, held in zip((self._high, self._low, self._day), self._words, strict=True):
            view: Words = np.ndarray((count,), "<u8", base, at + word.at, (width,))
            into = held[:count]
            np.copyto(into, view)
            np.bitwise_xor(into, word.expected, out=into)
            if np.bitwise_or.reduce(into) & word.strict:
                odd = _also(odd, np.bitwise_and(into, word.strict) != 0)
        for place, expected in self._single:
            column: Bytes = np.ndarray((count,), np.uint8, base, at + place, (width,))
            different = np.not_equal(column, expected)
            if different.any():
                odd = _also(odd, different)
        self.odd = odd
        self._read_days(count)
        self._read_pairs(count)

    def _gather(self, word: Words, how: tuple[np.uint64, np.uint64], drop: int, into: NDArray[np.int64]) -> None:
        count = len(word)
        first, second = self._work[0][:count], self._work[1][:count]
        np.right_shift(word, np.uint64(4), out=first)
        np.bitwise_or(first, word, out=first)
        np.bitwise_and(first, how[0], out=first)
        np.multiply(first, how[1], out=second)
        np.right_shift(second, np.uint64(drop), out=into.view(np.uint64))

    def _read_days(self, count: int) -> None:
        key = self._places[0][:count]
        self._gather(self._words[2][:count], self._day_bytes, 40, key)
        self.days = self._on[:count]
        _calendar().take(key, out=self.days, mode="clip")
        none = self.days == NO_DAY
        if none.any():
            self.odd = _also(self.odd, none)

    def _read_pairs(self, count: int) -> None:
        self.pairs = self._found[:count]
        if not self._is_complete:
            self._read_without_index(count)
            return
        key, place = self._places[0][:count], self._places[1][:count]
        held = self._work[0][:count].view(np.int64)
        self._gather(self._words[0][:count], self._high_bytes, 40, key)
        self._table.high.take(key, out=place, mode="clip")
        self._gather(self._words[1][:count], self._low_bytes, 48, key)
        self._table.low.take(key, out=held, mode="clip")
        np.add(place, held, out=place)
        self._table.at(place, self.pairs)
        outside = place < 0
        if outside.any():
            self.pairs[outside] = 0
            self._refuse_non_digits(count)

    def _refuse_non_digits(self, count: int) -> None:
        for word, into in zip((self._high, self._low), self._words, strict=False):
            # A half byte above 9 runs over into the upper half when 6 is added.
            digits = np.uint64(int(~word.strict & np.uint64(0xFFFFFFFFFFFFFFFF)) // 15 * 6)
            wrong = ((into[:count] & ~word.strict) + digits & word.strict & np.uint64(0xF0F0F0F0F0F0F0F0)) != 0
            if wrong.any():
                self.odd = _also(self.odd, wrong)

    def _read_without_index(self, count: int) -> None:
        self.pairs[:] = self._table.of(np.zeros(count, np.int64))
        self._refuse_non_digits(count)

    def numbers(self, base: Bytes, at: int, rows: NDArray[np.int64], step: int = 0) -> NDArray[np.int64]:
        """The whole numbers of some of the rows."""
        places = (at + self.layout.number + rows * (step or self.layout.width))[:, None] + np.arange(_NUMBER_DIGITS)
        return decimal(base[places], self.layout.template[self.layout.number - 1 : self.layout.number])


def _day_gathering() -> tuple[np.uint64, np.uint64]:
    # YY-MM-DD: the pairs are bytes 0, 3 and 6; the day comes highest, for only so do the moved bytes not meet.
    return np.uint64(0x00FF0000FF0000FF), np.uint64((1 << 40) + (1 << 24) + (1 << 8))


def _also(before: Flags | None, more: Flags) -> Flags:
    return more if before is None else before | more


def decimal(digits: Bytes, prefix: bytes) -> NDArray[np.int64]:
    """Rows of ASCII digits as numbers behind the country code."""
    powers = 10 ** np.arange(digits.shape[1] - 1, -1, -1, dtype=np.int64)
    values: Array = (digits.astype(np.int64) - 48) @ powers
    whole: NDArray[np.int64] = values + int(prefix) * 10 ** digits.shape[1]
    return whole

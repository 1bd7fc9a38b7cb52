"""The index's pairs of many numbers at once, and the tables by which digits become a place in the index without becoming decimal.

Two digits next to each other, their high halves taken off, make one byte of packed BCD (its digits in the order in which the
bytes lie, not that of a decimal). Tables over packed BCD have entries for what is no digit, too, so that looking up is checking.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.bulk.meaning import COMPLEX_PAIR, Pairs
from lastcall.core.lookup.pair import FIRST_DAY, ORIGIN, day_number

BLOCK: Final = 10_000
LOW_DIGITS: Final = 4
_BIAS: Final = 1 << 40
_INVALID: Final = -(1 << 42)
_CENTURY: Final = 2000


class Places(Protocol):
    """What of :class:`lastcall.core.lookup.index.file.Index` is read here."""

    prefix: str
    digits: int
    directory: NDArray[np.int32]
    entries: NDArray[np.uint16]


class PairTable:
    """The pairs of an index; without one every pair is the one of which only the database can tell."""

    def __init__(self, index: Places | None) -> None:
        self._index = index
        if index is not None:
            self._flat: NDArray[np.uint32] = np.asarray(index.entries).reshape(-1).view(np.uint32)
            self._lead, self._digits = int(index.prefix) * 10**index.digits, index.digits
            # As it is now: a block that comes later lies behind what is mapped.
            self._directory = np.array(index.directory, np.int32)
            self._directory[self._directory >= len(self._flat) // BLOCK] = -1

    @property
    def complete(self) -> bool:
        """Whether there is an index with anything in it."""
        return self._index is not None and len(self._flat) > 0

    def of(self, msisdns: NDArray[np.int64]) -> Pairs:
        """The pairs of whole numbers; a number below 0 is nobody's."""
        if self._index is None:
            return np.full(len(msisdns), COMPLEX_PAIR, np.uint32)
        if not len(self._flat):
            return np.zeros(len(msisdns), np.uint32)
        within = msisdns - self._lead
        ours = (within >= 0) & (within < 10**self._digits)
        high, low = np.divmod(np.where(ours, within, 0), BLOCK)
        blocks = self._directory[high].astype(np.int64)
        ours &= blocks >= 0
        found = self._flat[np.where(ours, blocks * BLOCK + low, 0)]
        found[~ours] = 0
        return found

    def at(self, places: NDArray[np.int64], out: Pairs) -> None:
        """The pairs at places that :attr:`high` and :attr:`low` add up to; what is below 0 gives anything."""
        self._flat.take(places, out=out, mode="clip")

    def prepare(self) -> None:
        """Make the tables now."""
        assert len(self.high) and len(self.low)

    @cached_property
    def high(self) -> NDArray[np.int64]:
        """Packed BCD of the six digits behind the country code -> first place of their block, 0 where there is none."""
        made: NDArray[np.int64] = np.zeros(1 << 24, np.int64)  # pages that are never written cost nothing
        prefixes = np.flatnonzero(self._directory >= 0)
        pairs = [_swapped(prefixes // 10 ** (4 - 2 * place) % 100) for place in range(3)]
        made[pairs[0] << 16 | pairs[1] << 8 | pairs[2]] = self._directory[prefixes].astype(np.int64) * BLOCK + _BIAS
        return made

    @cached_property
    def low(self) -> NDArray[np.int64]:
        """Packed BCD of the last four digits -> their place in a block, less what :attr:`high` has too much."""
        made = np.full(1 << 16, _INVALID, np.int64)
        values = np.arange(BLOCK)
        made[_swapped(values // 100) << 8 | _swapped(values % 100)] = values - _BIAS
        return made


def _swapped(pairs: NDArray[Any]) -> NDArray[np.int64]:
    """Two decimal digits as the byte in which the first is the lower half."""
    both: NDArray[np.int64] = (pairs // 10 | pairs % 10 << 4).astype(np.int64)
    return both


def calendar() -> NDArray[np.uint16]:
    """Packed BCD of day, month and the year's last two digits -> the day's number; 0 for what is in no calendar."""
    made = np.zeros(1 << 24, np.uint16)
    first, last = np.datetime64(f"{_CENTURY}-01-01"), np.datetime64(f"{_CENTURY + 100}-01-01")
    days = np.arange(first, last)
    months = days.astype("datetime64[M]")
    day = (days - months).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970 - _CENTURY
    numbers = (days - np.datetime64(ORIGIN)).astype(np.int64)
    assert numbers[0] == FIRST_DAY == day_number(ORIGIN) and numbers[-1] < COMPLEX_PAIR & 0xFFFF
    made[_swapped(day) << 16 | _swapped(month) << 8 | _swapped(year)] = numbers
    return made

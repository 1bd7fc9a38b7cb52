"""Written numbers and days as what the index is asked with, and the rows of which only the database can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.errors import BadInput
from lastcall.core.lookup.bulk.hashes import NOBODYS
from lastcall.core.lookup.bulk.meaning import ASK, BEFORE_ALL, Codes, Days, Meaning, Pairs
from lastcall.core.lookup.bulk.pairs import PairTable
from lastcall.core.lookup.days import read_day
from lastcall.core.lookup.evidence import evidences
from lastcall.core.lookup.pair import FIRST_DAY, day_from, day_number
from lastcall.core.lookup.readings import SEMANTICS
from lastcall.core.store import Database

Numbers = NDArray[np.int64]
Resolve = Callable[[Numbers, Days], Codes]
"""Codes of rows of which the index cannot tell."""
_NUMBER: Final = re.compile(r"\+?(7[0-9]{10})", re.ASCII)
_TOGETHER: Final = 5_000

ReadNumber = Callable[[str], int | None]


def read_number(text: str) -> int | None:
    """``+79161234567`` or ``79161234567`` and no other writing; None for anything else (ITU-T E.164)."""
    found = _NUMBER.fullmatch(text)
    return int(found.group(1)) if found else None


def read_day_number(text: str) -> int | None:
    """The number of the day that ``text`` writes as ``YYYY-MM-DD``; None when it does not."""
    try:
        day = read_day(text)
    except BadInput:
        return None
    return BEFORE_ALL if day < day_from(FIRST_DAY) else day_number(day)


@dataclass(frozen=True)
class DatabaseAsking:
    """Answers from the tenures themselves, some thousand numbers a transaction."""

    database: Database
    meaning: Meaning

    def __call__(self, numbers: Numbers, days: Days) -> Codes:
        codes = np.empty(len(numbers), np.uint8)
        for at in range(0, len(numbers), _TOGETHER):
            part = slice(at, at + _TOGETHER)
            codes[part] = self._some(numbers[part].tolist(), days[part].tolist())
        return codes

    def _some(self, numbers: Sequence[int], days: Sequence[int]) -> list[int]:
        since, today = day_from(self.meaning.known_since), day_from(self.meaning.today)
        wanted = sorted(set(numbers))
        found = self.database.transact(lambda rows: evidences(rows, msisdns=wanted, known_since=since))
        read, place = SEMANTICS[self.meaning.semantics], {word: at for at, word in enumerate(self.meaning.words)}
        return [
            place[read(found[number], day_from(day), today=today)] for number, day in zip(numbers, days, strict=True)
        ]


@dataclass
class Reader:
    """Codes of numbers and days that were read already."""

    table: PairTable
    meaning: Meaning
    resolve: Resolve

    def codes(self, numbers: Numbers, days: Days) -> Codes:
        """The codes of whole numbers (below 0: nobody's) and days."""
        return self.settle(self.table_pairs(numbers), days, lambda rows: numbers[rows])

    def table_pairs(self, numbers: Numbers) -> Pairs:
        """The pairs of whole numbers; nobody's number was never covered, whether or not there is an index."""
        pairs = self.table.of(numbers)
        pairs[numbers == NOBODYS] = 0
        return pairs

    def ours(self, numbers: Numbers) -> Numbers:
        """Those of the numbers that are, or may be, known to us."""
        ours: Numbers = numbers[self.table_pairs(numbers) != 0]
        return ours

    def settle(self, pairs: Pairs, days: Days, numbers: Callable[[NDArray[np.intp]], Numbers]) -> Codes:
        """The codes of pairs and days; ``numbers`` tells those of the rows that the database must be asked about."""
        codes = self.meaning.codes(pairs, days)
        if codes.max(initial=0) >= ASK:
            rows: NDArray[Any] = np.flatnonzero(codes == ASK)
            codes[rows] = self.resolve(numbers(rows), days[rows])
        return codes

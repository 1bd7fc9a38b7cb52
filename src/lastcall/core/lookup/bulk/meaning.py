"""The readings of many pairs at once: what :mod:`lastcall.core.lookup.pair` says of one, said of an array.

An answer or a reason is a code: its place in :attr:`Meaning.words`. :data:`ASK` stands for "only the database can tell".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup import readings
from lastcall.core.lookup.pair import COMPLEX, NEVER, NOT_COVERED

Codes = NDArray[np.uint8]
Pairs = NDArray[np.uint32]
"""The index's two fields as one integer: the disconnect below, the activation above."""
Days = NDArray[np.uint16]
Array = NDArray[Any]
Counts = NDArray[np.int64]
"""How many rows have each code."""

ASK: Final = 254
ODD: Final = 255
"""Not decided yet: the row is not written as most are, and is read one by one."""
NO_DAY: Final = 0
BEFORE_ALL: Final = 1
"""The number of every day before 2000, which all evidence begins after."""
COMPLEX_PAIR: Final = COMPLEX << 16 | COMPLEX

FUTURE: Final = "future_date"
REASONS: Final = (FUTURE, "bad_number", "bad_date", "missing_field", "extra_field", "bad_row", "too_long")
"""Why a row has no answer. A future day is a reason where the semantics has no answer for it; CAMARA's is ``out_of_range``."""
ANSWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "camara": readings.CAMARA,
    "disconnect": tuple(word for word in readings.DISCONNECT if word != FUTURE),
    "rich": tuple(word for word in readings.RICH if word != FUTURE),
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """``today`` and ``known_since`` as day numbers of :mod:`lastcall.core.lookup.pair`."""

    semantics: str
    today: int
    known_since: int

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that a good row can have."""
        return ANSWERS[self.semantics]

    @property
    def words(self) -> tuple[str, ...]:
        """Code -> word: the answers, then the reasons."""
        return self.answers + REASONS

    def code(self, word: str) -> int:
        """The code of an answer or a reason."""
        return self.words.index(word)

    def codes(self, pairs: Pairs, days: Days) -> Codes:
        """What the pairs say of the days. A day of 0 is none, and its code means nothing."""
        return _RULES[self.semantics](self, pairs, days)


def _camara(meaning: Meaning, pairs: Pairs, days: Days) -> Codes:
    # An activation of 0 (nobody holds it) becomes the greatest number, so that one comparison does.
    activation = pairs.view(np.uint16)[1::2] - np.uint16(1)
    codes: Codes = np.less(activation, days).view(np.uint8)
    special = np.greater_equal(pairs - np.uint32(NEVER + 1), np.uint32(COMPLEX_PAIR - NEVER - 1))
    if special.any():
        codes[special] = meaning.code("not_found")
        codes[pairs == COMPLEX_PAIR] = ASK
    _put_outside(meaning, days, codes, "out_of_range")
    return codes


def _put_outside(meaning: Meaning, days: Days, codes: Codes, word: str) -> None:
    span = np.uint16(max(meaning.today - meaning.known_since, 0))
    outside = np.greater(days - np.uint16(meaning.known_since), span)
    if meaning.today < meaning.known_since:
        outside[:] = True
    if outside.any():
        codes[outside] = meaning.code(word)


def _disconnect(meaning: Meaning, pairs: Pairs, days: Days) -> Codes:
    disconnect = np.ascontiguousarray(pairs.view(np.uint16)[0::2])
    later = np.greater_equal(disconnect, days) & np.greater(disconnect, NEVER)
    codes: Codes = np.logical_not(later).view(np.uint8)
    unknown = np.equal(disconnect, NOT_COVERED)
    if meaning.known_since > BEFORE_ALL:
        unknown |= np.less(days, meaning.known_since)
    unknown &= ~later
    if unknown.any():
        codes[unknown] = meaning.code("no_data")
    special = np.equal(disconnect, COMPLEX)
    if special.any():
        codes[special] = ASK
    _put_future(meaning, days, codes)
    return codes


def _put_future(meaning: Meaning, days: Days, codes: Codes) -> None:
    future = np.greater(days, meaning.today)
    if future.any():
        codes[future] = meaning.code(FUTURE)


def _rich(meaning: Meaning, pairs: Pairs, days: Days) -> Codes:
    halves = pairs.view(np.uint16)
    disconnect, activation = halves[0::2], halves[1::2]
    codes = np.full(len(pairs), ASK, np.uint8)
    codes[(disconnect == NEVER) & (activation - np.uint16(1) < days)] = meaning.code("same_holder")
    codes[pairs == NEVER] = meaning.code("not_held")
    codes[(disconnect == NOT_COVERED) | (days < meaning.known_since)] = meaning.code("no_data")
    _put_future(meaning, days, codes)
    return codes


_RULES: Final[Mapping[str, Callable[[Meaning, Pairs, Days], Codes]]] = {
    "camara": _camara,
    "disconnect": _disconnect,
    "rich": _rich,
}

"""Tenures as columns, and what they fold to: the pair of each number, for millions at once.

The same as :func:`lastcall.core.lookup.pair.pair_of`, but for numbers that are absent or corrected, which are settled apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.index.moments import OPEN, Ints
from lastcall.core.lookup.pair import COMPLEX, FIRST_DAY, NEVER, NOBODY

Pairs = NDArray[np.uint32]

CEASED: Final = 1 << 40
"""Added to a tenure's ordinal when it ended by a cease."""
BOTH_COMPLEX: Final = COMPLEX | COMPLEX << 16
_ORDINALS: Final = 13
_ROOM: Final = 63
"""Bits."""


@dataclass(frozen=True, slots=True)
class Tenures:
    """``number``: an MSISDN, or its place in the index; ``code``: ordinal and :data:`CEASED`; ``since`` and ``until``: days."""

    number: Ints
    code: Ints
    holder: Ints
    since: Ints
    until: Ints


def paired(disconnect: Ints, activation: Ints) -> Pairs:
    """Both in one, as the index keeps them."""
    return (disconnect | activation << 16).astype(np.uint32)


def day_numbers(days: Ints) -> Ints:
    """Days as the index keeps them: :func:`lastcall.core.lookup.pair.day_number`."""
    return np.clip(days, FIRST_DAY, COMPLEX - 1)


def never_closed(since: Ints) -> Pairs:
    """The pairs of numbers whose first tenure began on these days and lasts."""
    return paired(np.full(len(since), NEVER, np.int64), day_numbers(since))


def fold(held: Tenures) -> tuple[Ints, Pairs]:
    """All tenures of some numbers, in any order -> the numbers, sorted, and their pairs."""
    if not len(held.number):
        return np.empty(0, np.int64), np.empty(0, np.uint32)
    order = _order(held.number, held.code & (CEASED - 1))
    number, holder, since, until = held.number[order], held.holder[order], held.since[order], held.until[order]
    first = np.concatenate(([True], number[1:] != number[:-1]))
    starts = np.flatnonzero(first)
    ends = np.concatenate((starts[1:], [len(number)])) - 1
    closed = np.where(held.code[order] >= CEASED, day_numbers(until), NEVER)
    disconnect = np.maximum.reduceat(closed, starts)
    began, broken = _unbroken(first, ends, holder, since, until)
    lasts = until[ends] == OPEN
    # Held before, not now, and never ceased: it was ported out and came back.
    unclear = np.where(lasts, broken, disconnect == NEVER)
    pairs = paired(disconnect, np.where(lasts, day_numbers(since[began]), NOBODY))
    return number[starts], np.where(unclear, np.uint32(BOTH_COMPLEX), pairs)


def _order(number: Ints, ordinal: Ints) -> Ints:
    """The rows by number and ordinal. A sort of plain integers is many times quicker than one that tells the places, so these
    are packed into the integers wherever there is room."""
    near, places = number - number.min(), len(number).bit_length()
    if int(near.max()).bit_length() + _ORDINALS + places > _ROOM:
        order: Ints = np.argsort(number << _ORDINALS | ordinal)
        return order
    packed: Ints = near << _ORDINALS + places | ordinal << places | np.arange(len(number))
    packed.sort()
    packed &= (1 << places) - 1
    return packed


def _unbroken(
    first: NDArray[np.bool_], ends: Ints, holder: Ints, since: Ints, until: Ints
) -> tuple[Ints, NDArray[np.bool_]]:
    """For each number the tenure with which its last holder's own row of tenures began, and whether days lie between them."""
    on, gap = ~first, np.zeros(len(first), np.bool_)
    on[1:] &= holder[1:] == holder[:-1]
    gap[1:] = on[1:] & ((until[:-1] == OPEN) | (since[1:] > until[:-1] + 1))
    row = np.maximum.accumulate(np.where(on, 0, np.arange(len(first))))
    gaps = np.cumsum(gap)
    began = row[ends]
    return began, gaps[ends] > gaps[began]

"""The pair of each of some numbers, from the rows as they stand now: never from the pair before."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from lastcall.core.lookup.evidence import evidences
from lastcall.core.lookup.index import reading
from lastcall.core.lookup.index.moments import Calendar, Ints
from lastcall.core.lookup.index.reading import Columns
from lastcall.core.lookup.index.tenures import BOTH_COMPLEX, Pairs, fold
from lastcall.core.lookup.pair import NEVER, NOT_COVERED, pair_of
from lastcall.core.store import Store

_TOGETHER: Final = 5_000


def pairs(rows: Store, columns: Columns, msisdns: Ints, calendar: Calendar) -> tuple[Pairs, int | None]:
    """The pairs of ``msisdns``, which are sorted and distinct, and the day of their oldest tenure, None without one."""
    held = columns.some(msisdns, calendar)
    with_tenures, theirs = fold(held)
    found = np.zeros(len(msisdns), np.uint32)
    if len(with_tenures) < len(msisdns):
        found[reading.within(reading.our_ranges(rows), msisdns)] = NEVER
    found[np.searchsorted(msisdns, with_tenures)] = theirs
    place_absent(found, np.searchsorted(msisdns, np.unique(reading.absent(columns, msisdns))))
    for msisdn, pair in of_corrected(rows, reading.corrected(columns, msisdns)).items():
        found[np.searchsorted(msisdns, msisdn)] = pair
    return found, int(held.since.min()) if len(held.since) else None


def place_absent(found: Pairs, places: Ints) -> None:
    """A number that is not with us cannot be told by its pair, unless somebody holds it with us all the same."""
    there = found[places]
    found[places] = np.where((there >> 16 == 0) & (there != NOT_COVERED), np.uint32(BOTH_COMPLEX), there)


def of_corrected(rows: Store, msisdns: Ints) -> dict[int, int]:
    """The pairs of numbers whose tenures a correction joins: few, so they are read one by one, by the rule itself."""
    answers: dict[int, int] = {}
    wanted = [int(msisdn) for msisdn in msisdns]
    for at in range(0, len(wanted), _TOGETHER):
        read = evidences(rows, msisdns=wanted[at : at + _TOGETHER], known_since=date.min)
        for msisdn, evidence in read.items():
            disconnect, activation = pair_of(evidence)
            answers[msisdn] = disconnect | activation << 16
    return answers

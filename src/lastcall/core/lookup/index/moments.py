"""Many moments as days on the operator's clocks, at once."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from lastcall.core.lookup.pair import ORIGIN

Ints = NDArray[np.int64]

OPEN: Final = 2**31 - 2
"""The day on which a tenure ends that has not ended."""
LATER: Final = 2**62
"""Seconds that mean the same."""

_DAY: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ORIGIN: Final = (ORIGIN - _EPOCH.date()).days
_STEP: Final = 4 * _DAY
"""No zone changes its clocks twice within as little."""
_PROBED_DAYS: Final = 47_500  # from 1970 to the year 2100


class Calendar:
    """The days of one time zone. Its offsets are those of :mod:`zoneinfo`, found once and kept."""

    def __init__(self, zone: tzinfo) -> None:
        probes = range(0, _PROBED_DAYS * _DAY, _STEP)
        offsets = [_offset(zone, second) for second in probes]
        changed = [place for place in range(1, len(probes)) if offsets[place] != offsets[place - 1]]
        self._edges = np.array([_edge(zone, probes[place - 1], probes[place]) for place in changed], np.int64)
        self._offsets = np.array([offsets[0], *(offsets[place] for place in changed)], np.int64)

    def days(self, seconds: Ints) -> Ints:
        """The days on which these moments fell (seconds since 1970), counted from ``ORIGIN``; for :data:`LATER`: :data:`OPEN`."""
        known = np.minimum(seconds, LATER // 2)
        local = known + self._offsets[np.searchsorted(self._edges, known, side="right")]
        return np.where(seconds >= LATER // 2, OPEN, local // _DAY - _ORIGIN)


def _offset(zone: tzinfo, seconds: int) -> int:
    offset = (_EPOCH + timedelta(seconds=seconds)).astimezone(zone).utcoffset()
    assert offset is not None
    return offset // timedelta(seconds=1)


def _edge(zone: tzinfo, before: int, after: int) -> int:
    """The second between the two from which the offset is that of ``after``."""
    new = _offset(zone, after)
    return before + bisect_left(range(after - before), True, key=lambda second: _offset(zone, before + second) == new)


@lru_cache(maxsize=4)
def calendar(zone: str) -> Calendar:
    """The calendar of the zone of this name."""
    return Calendar(ZoneInfo(zone))

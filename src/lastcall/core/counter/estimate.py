"""How long a visitor will wait: a pure rule from what was handled lately and who is at work. Never more than a guess."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from statistics import median
from typing import Final

LEAST_HANDLED: Final = 3
"""From fewer visits than this nothing can be told."""
MOST_MINUTES: Final = 240
"""Beyond this the guess would be none."""
_STEP: Final = 5


def waiting_minutes(*, ahead: int, clerks: int, free: int, handled: Sequence[timedelta]) -> int | None:
    """Minutes until the call, rounded up to fives; 0 when a window is free; None when it cannot be told.

    ``ahead``: visitors before this one; ``clerks``: at work now, ``free`` of them without a visitor; ``handled``: how long the
    latest visits took. Each clerk ends a visit every median of these, so the one who is ``ahead - free`` places behind the next
    window to become free waits for that many ends and one more.
    """
    if clerks <= 0 or ahead < 0:
        return None
    if ahead < free:
        return 0
    if len(handled) < LEAST_HANDLED:
        return None
    each = median(spent.total_seconds() for spent in handled) / 60
    minutes = (ahead - free + 1) * each / clerks
    rounded = max(_STEP, math.ceil(minutes / _STEP) * _STEP)
    return rounded if rounded <= MOST_MINUTES else None

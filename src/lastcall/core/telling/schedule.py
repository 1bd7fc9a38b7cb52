"""When a delivery that was not taken is sent again, and how long an endpoint that takes nothing is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

WAITS: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""After the first try, the second …: the schedule that Standard Webhooks 1.0.0 gives as its example, about three days."""
PAUSE_AFTER: Final = 5
"""So many deliveries in a row that were not taken, whatever of, pause the whole endpoint; one without any answer does at once."""
_FIRST_PAUSE: Final = timedelta(seconds=5)
_LONGEST_PAUSE: Final = timedelta(hours=1)
_MOST_ASKED_FOR: Final = timedelta(days=1)


def next_try(*, attempts: int, give_up_at: datetime, now: datetime, spread: int) -> datetime | None:
    """When to try again after ``attempts`` tries; the last one is at ``give_up_at``, and after that none.

    ``spread``: any number of the delivery's own, so that those which failed together do not come again together.
    """
    if now >= give_up_at:
        return None
    wait = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    return min(now + wait * (1 + (spread % 21 - 10) / 100), give_up_at)


def pause(*, failures: int, silent: bool, asked_for: timedelta | None) -> timedelta | None:
    """How long the endpoint is left alone, None for not at all. ``silent``: it gave no answer; ``asked_for``: its Retry-After."""
    if asked_for is not None:
        return min(max(asked_for, _FIRST_PAUSE), _MOST_ASKED_FOR)
    if not silent and failures < PAUSE_AFTER:
        return None
    steps = failures - (1 if silent else PAUSE_AFTER)
    doubled: int = 1 << min(steps, 20)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)


def retry_after(header: str, *, now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for (RFC 9110, 10.2.3): seconds, or a date; None where it says nothing that can be read."""
    from email.utils import parsedate_to_datetime

    text = header.strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), 10**6))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(until - now, timedelta()) if until.tzinfo is not None else None

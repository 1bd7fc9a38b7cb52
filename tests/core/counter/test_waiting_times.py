"""How long a visitor will wait, as a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.counter.estimate import waiting_minutes


def _minutes(*spent: int) -> list[timedelta]:
    return [timedelta(minutes=each) for each in spent]


@pytest.mark.parametrize(
    ("ahead", "clerks", "free", "handled", "told"),
    [
        (0, 1, 1, _minutes(), 0),  # a window is free: at once, whatever is known
        (1, 3, 2, _minutes(), 0),
        (0, 1, 0, _minutes(10, 10, 10), 10),
        (0, 2, 0, _minutes(10, 10, 10), 5),
        (2, 1, 0, _minutes(10, 10, 10), 30),
        (2, 2, 0, _minutes(10, 10, 10), 15),
        (3, 2, 1, _minutes(8, 10, 30), 15),  # one long visit moves the median little
        (0, 1, 0, _minutes(1, 1, 2), 5),  # never less than five minutes
        (4, 3, 0, _minutes(7, 7, 7, 7), 15),  # 11 2/3 minutes are rounded up
        (0, 0, 0, _minutes(10, 10, 10), None),  # nobody is at work
        (1, 1, 0, _minutes(10, 10), None),  # too little is known
        (30, 1, 0, _minutes(10, 10, 10), None),  # a guess of five hours is none
    ],
)
def test_the_wait_follows_from_visitors_clerks_and_the_latest_visits(
    ahead: int, clerks: int, free: int, handled: list[timedelta], told: int | None
) -> None:
    assert waiting_minutes(ahead=ahead, clerks=clerks, free=free, handled=handled) == told

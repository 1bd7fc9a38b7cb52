"""When things are tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from lastcall.core.telling.schedule import WAITS, next_try, pause, retry_after

NOW = datetime(2026, 3, 13, 9, tzinfo=UTC)
IN_THREE_DAYS = NOW + timedelta(days=3)


def test_a_delivery_is_tried_for_days_and_the_last_time_at_the_very_end() -> None:
    now, attempts, tries = NOW, 0, [NOW]
    while True:
        attempts += 1
        due = next_try(attempts=attempts, give_up_at=IN_THREE_DAYS, now=now, spread=10)
        if due is None:
            break
        now = due
        tries.append(now)
    assert tries[-1] == IN_THREE_DAYS
    assert [later - earlier for earlier, later in pairwise(tries)][:-1] == list(WAITS[: len(tries) - 2])


def test_those_that_failed_together_do_not_come_again_together() -> None:
    dues = {next_try(attempts=2, give_up_at=IN_THREE_DAYS, now=NOW, spread=spread) for spread in range(100)}
    assert len(dues) == 21
    assert all(due is not None and timedelta(seconds=270) <= due - NOW <= timedelta(seconds=330) for due in dues)


@pytest.mark.parametrize(
    ("failures", "silent", "asked_for", "seconds"),
    [
        (1, True, None, 5), (2, True, None, 10), (30, True, None, 3600), (4, False, None, None), (5, False, None, 5),
        (6, False, None, 10), (1, False, 600, 600), (1, False, 10**6, 86_400), (1, False, 0, 5),
    ],
)  # fmt: skip
def test_how_long_an_endpoint_is_left_alone(
    failures: int, silent: bool, asked_for: int | None, seconds: int | None
) -> None:
    asked = None if asked_for is None else timedelta(seconds=asked_for)
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert pause(failures=failures, silent=silent, asked_for=asked) == expected


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), (" 5 ", 5), ("Fri, 13 Mar 2026 09:10:00 GMT", 600), ("Fri, 13 Mar 2026 08:00:00 GMT", 0),
        ("", None), ("soon", None), ("-1", None), ("١٢", None), ("1.5", None),
    ],
)  # fmt: skip
def test_what_retry_after_says(header: str, seconds: int | None) -> None:
    assert retry_after(header, now=NOW) == (None if seconds is None else timedelta(seconds=seconds))

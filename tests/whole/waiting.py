"""Waiting for another process, by the clock on the wall."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_until(true: Callable[[], bool], *, seconds: float = 30.0) -> None:
    """Raises :class:`TimeoutError` when it does not come true."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"it did not come true in {seconds} s")
        time.sleep(0.05)

"""What is tried with drawn input: the same briefly in every run, other input and a hundred times as long in ``make soak``."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

TIMES: Final = int(os.environ.get("LASTCALL_FUZZ", "0"))
"""``LASTCALL_FUZZ``: how many times as many examples as usual, and drawn anew; 0 for the usual ones."""


def fuzzed(examples: int) -> settings:
    """Settings for a fuzzer that tries ``examples`` in every run."""
    return settings(max_examples=examples * max(TIMES, 1), deadline=None, suppress_health_check=[HealthCheck.too_slow])


def draw_alike() -> None:
    """Every property draws the same input in every run, unless it is soaked, and takes the time that it takes."""
    settings.register_profile("lastcall", derandomize=not TIMES, deadline=None)
    settings.load_profile("lastcall")

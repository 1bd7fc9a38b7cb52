"""How long the fuzzers try: briefly in every run, a hundred times as long in ``make soak``."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

TIMES: Final = int(os.environ.get("LASTCALL_FUZZ", "1"))
"""``LASTCALL_FUZZ``: how many times as many examples as usual."""


def fuzzed(examples: int) -> settings:
    """Settings for a fuzzer that tries ``examples`` in every run."""
    return settings(max_examples=examples * TIMES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

"""Li Wei stands at Olga's window with the file open, and a reader is paired with the shop."""

from __future__ import annotations

import pytest

from tests.core.counter.conftest import Counter, counter
from tests.core.simcard.at_the_counter import Visit, at_the_window

__all__ = ["counter", "visit"]


@pytest.fixture
def visit(counter: Counter) -> Visit:
    """Li Wei's document matched, and Olga paired a reader."""
    return at_the_window(counter, counter.cast.li_wei)

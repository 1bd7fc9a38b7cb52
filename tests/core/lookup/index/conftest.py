"""A place for the index, and a range of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cast import Cast
from tests.core.lookup.index.lives import OURS, give_range


@pytest.fixture
def path(tmp_path: Path, cast: Cast) -> Path:
    """Where the index is to lie; the register gives us thirty thousand numbers and one more."""
    give_range(cast, OURS, OURS + 30_000)
    return tmp_path / "lookup.index"

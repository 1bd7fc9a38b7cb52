"""The desk with everybody at work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lastcall.core.database import database
from tests.cast import Cast
from tests.doors.desk.staffed import Staffed
from tests.doors.sqlite_only import database_url

__all__ = ["database_url", "staffed"]


@pytest.fixture
def staffed(cast: Cast) -> Iterator[Staffed]:
    """The cast with two shops and all members of the staff."""
    yield Staffed.of(cast)
    database().close()

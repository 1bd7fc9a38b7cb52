"""Pages on one kind of database: the services behind them have their tests on both."""

from __future__ import annotations

import pytest

__all__ = ["database_url"]


@pytest.fixture
def database_url(sqlite_copy: str) -> str:
    """One kind of database is enough for what a page shows."""
    return sqlite_copy

"""Pages on one kind of database: the services behind them have their tests on both."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

__all__ = ["database_url"]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough for what a page shows."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'lastcall.sqlite3')}"

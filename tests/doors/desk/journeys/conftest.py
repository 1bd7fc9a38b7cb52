"""The desk in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import axe
from tests.doors import chromium


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """One kind of database is enough for what a browser shows."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'lastcall.sqlite3')}"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    """One chromium for all."""
    chromium.require()
    axe.require()
    with chromium.running() as browser:
        yield browser


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where the pictures go."""
    folder = Path(os.environ.get("LASTCALL_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder

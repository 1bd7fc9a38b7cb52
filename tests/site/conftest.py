"""A terminal on the test's own database and home."""

from __future__ import annotations

from pathlib import Path

import pytest

from lastcall.core.database import DjangoDatabase
from tests.site.terminal import Terminal


@pytest.fixture
def lastcall(
    base: DjangoDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Terminal:
    """``lastcall`` on an empty database and in a home of its own."""
    monkeypatch.setenv("LASTCALL_HOME", str(tmp_path))
    return Terminal(monkeypatch, capsys)

"""A journal of the test's own, and no memory of another test's consumers."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def journal_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journal of who asked lies."""
    monkeypatch.setattr(settings, "LASTCALL_ASKED", tmp_path / "asked")
    return tmp_path / "asked"

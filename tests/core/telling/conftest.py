from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import override_settings

from tests.cast import Cast
from tests.core.telling.stage import Stage


@pytest.fixture
def stage(cast: Cast, tmp_path: Path) -> Iterator[Stage]:
    """The cast and a net that takes everything; a release is announced two weeks before."""
    with override_settings(LASTCALL_DAILY=tmp_path / "daily"):
        yield Stage(cast, replace(cast.policy, notice_before_release_days=14, told_retention_days=1_000))

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
    """The cast and a net that takes everything; a number rests for 30 days, and its release is announced two weeks before."""
    policy = replace(
        cast.policy, notice_before_release_days=14, told_retention_days=1_000, reactivation_window_days=11,
        quarantine_days=30, quarantine_floor_days=30,
    )  # fmt: skip
    with override_settings(LASTCALL_DAILY=tmp_path / "daily"):
        yield Stage(cast, policy)

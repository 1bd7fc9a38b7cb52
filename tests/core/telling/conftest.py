from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import Cast
from tests.core.telling.stage import Stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """The cast and a net that takes everything; a release is announced two weeks before."""
    return Stage(cast, replace(cast.policy, notice_before_release_days=14, told_retention_days=1_000))

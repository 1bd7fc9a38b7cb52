"""What the stories of the whole have in common."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.whole.processes import Forks
from tests.whole.stage import Stage


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A warm process, one for the session, that does each errand in a fork."""
    forks = Forks(tmp_path_factory.mktemp("forks") / "log")
    yield forks
    forks.close()


@pytest.fixture
def stage(cast: Cast, database_url: str, tmp_path: Path) -> Stage:
    """The cast, reachable from other processes."""
    return Stage(cast, database_url, tmp_path)

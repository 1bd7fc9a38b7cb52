"""One door for each file of tests that only asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doors.lookup.camara.stage import Stage, set_up


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The door with the cast on stage, for a whole file of tests."""
    with set_up(sqlite_template, tmp_path_factory.mktemp("camara")) as ready:
        yield ready

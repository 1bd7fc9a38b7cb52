"""The screen beside the reader at Olga's window, over the real desk; Li Wei stands there with his file open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from lastcall.core.provided import provide
from lastcall.doors.reader.agent import Agent
from tests.core.counter.conftest import counter
from tests.core.simcard.at_the_counter import Visit
from tests.core.simcard.conftest import visit
from tests.doors.reader.counter import Beside
from tests.doors.sqlite_only import database_url

__all__ = ["beside", "counter", "database_url", "visit"]


@pytest.fixture
def fresh(visit: Visit) -> Iterator[Beside]:
    """The program as it is after its start."""
    made = Beside.of(visit)
    provide(Agent, lambda: made.agent)
    with override_settings(ROOT_URLCONF="tests.doors.reader.urls"):
        yield made


@pytest.fixture
def beside(fresh: Beside) -> Beside:
    """Paired with the shop."""
    return fresh.pair()

"""PostgreSQL crashes under a worker: the worker lives, goes on when it is back, and nothing was done twice."""

from __future__ import annotations

import time as wall
from collections.abc import Iterator

import pytest
from django.db import connections

from lastcall.core.closing.case import Case
from tests import postgres
from tests.databases import running_postgres
from tests.postgres import PostgresServer
from tests.whole.checks import rows_of
from tests.whole.processes import running
from tests.whole.stage import Stage
from tests.whole.waiting import wait_until

pytestmark = pytest.mark.element


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that this test alone may stop."""
    postgres.require()
    with running_postgres() as server:
        yield server


@pytest.fixture
def database_url(own_server: PostgresServer) -> str:
    own_server.create("lastcall", template="template_lastcall")
    return own_server.url("lastcall")


def test_a_worker_outlives_a_crash_of_the_database(stage: Stage, own_server: PostgresServer) -> None:
    leavers = stage.many_are_leaving(8)

    with running([stage.errand()], stage.folder) as (worker,):
        wait_until(lambda: bool(rows_of(stage.cast, Case, state="closed")))
        own_server.stop()
        wall.sleep(0.3)
        own_server.start()
        connections["default"].close()
        wait_until(lambda: all(job.state == "leased" for job in stage.due()))
        assert worker.terminate() == 0

    stage.after_the_lease()
    stage.cast.work()
    stage.all_is_right(leavers)

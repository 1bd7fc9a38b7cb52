"""What all tests share: Django set up once, a database of each kind, a clock that stands still, and the cast."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zlib import crc32

import pytest

os.environ["DJANGO_SETTINGS_MODULE"] = "lastcall.site.settings"
os.environ["LASTCALL_HOME"] = tempfile.mkdtemp(prefix="lastcall-home-")
os.environ["LASTCALL_SECRET_KEY"] = "a secret for tests only"
os.environ.pop("LASTCALL_DATABASE_URL", None)

import django

django.setup()

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from tests import postgres
from tests.cast import Cast
from tests.databases import make_sqlite_template, opened, running_postgres
from tests.fuzzing import draw_alike
from tests.postgres import PostgresServer

draw_alike()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables."""
    return make_sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with all tables in the database ``template_lastcall``."""
    postgres.require()
    with running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.element)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty migrated database; also for processes that a test starts."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "lastcall.sqlite3")
        yield f"sqlite:///{copy}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    server.create("lastcall", template="template_lastcall")
    yield server.url("lastcall")
    server.drop("lastcall")


@pytest.fixture
def base(database_url: str) -> Iterator[DjangoDatabase]:
    """The database as the core sees it."""
    with opened(database_url) as database:
        yield database


@pytest.fixture
def time(request: pytest.FixtureRequest) -> Iterator[ManualClock]:
    """A clock that stands at Monday, 12 January 2026, 09:00 UTC until a test moves it; ids and codes are the test's own, always."""
    manual = ManualClock(datetime(2026, 1, 12, 9, tzinfo=UTC), seed=crc32(request.node.nodeid.encode()))
    with clock.use(manual):
        yield manual


@pytest.fixture
def cast(base: DjangoDatabase, time: ManualClock, tmp_path: Path) -> Cast:
    """Li Wei and Anna with a line each, open for 60 days, Sergei without one; Olga, Timur and Irina at work."""
    return Cast.play(base, time, tmp_path)

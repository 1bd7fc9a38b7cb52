"""What all tests share: Django set up once, a database of each kind, a clock that stands still, and the cast."""

from __future__ import annotations

import gc
import os
import shutil
import sys
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
# Modules are compiled once, not once in every process that a test starts.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import django

django.setup()

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from tests import postgres
from tests.cast import Cast
from tests.databases import in_memory, make_sqlite_template, opened, running_postgres
from tests.fuzzing import draw_alike
from tests.played import Played, play_once
from tests.postgres import PostgresServer

draw_alike()

if memory := in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))  # where pytest makes its folders


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: the garbage collector need not look through them again and again."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture(scope="session")
def played(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The cast, played once on SQLite: to be copied is several times quicker than to be played again."""
    folder = tmp_path_factory.mktemp("played")
    copy = shutil.copy(sqlite_template, folder / "lastcall.sqlite3")
    return play_once(f"sqlite:///{copy}", folder)


@pytest.fixture(scope="session")
def played_on_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The cast, played once on PostgreSQL, in the database ``template_played``."""
    postgres_server.create("template_played", template="template_lastcall")
    return play_once(postgres_server.url("template_played"), tmp_path_factory.mktemp("played"))


@pytest.fixture
def sqlite_copy(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a SQLite database of the test's own: with all tables, and with the cast for a test that has it."""
    if "cast" in request.fixturenames:
        template: Path = request.getfixturevalue("played").folder / "lastcall.sqlite3"
    else:
        template = request.getfixturevalue("sqlite_template")
    return f"sqlite:///{shutil.copy(template, tmp_path / 'lastcall.sqlite3')}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.element)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database, with nothing in it but the cast where the test has it; also for a test's processes."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_copy")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    if "cast" in request.fixturenames:
        request.getfixturevalue("played_on_postgres")
        server.create("lastcall", template="template_played")
    else:
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
def cast(request: pytest.FixtureRequest, base: DjangoDatabase, time: ManualClock, tmp_path: Path) -> Cast:
    """Li Wei and Anna with a line each, open for 60 days, Sergei without one; Olga, Timur and Irina at work."""
    for name in ("played", "played_on_postgres"):
        if name in request.fixturenames:  # the database is a copy of the one it was played on
            kept: Played = request.getfixturevalue(name)
            return kept.again(base, time, tmp_path)
    return Cast.play(base, time, tmp_path)

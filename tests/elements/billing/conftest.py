"""The ledger on both databases, each test with a database of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lastcall.site.settings")
if "LASTCALL_HOME" not in os.environ:
    os.environ["LASTCALL_HOME"] = tempfile.mkdtemp(prefix="lastcall-home-")
    atexit.register(shutil.rmtree, os.environ["LASTCALL_HOME"], ignore_errors=True)

import django
from django.core.management import call_command
from django.db import connections

from lastcall.site.home import database_settings
from tests import postgres
from tests.postgres import PostgresServer

if TYPE_CHECKING:
    from lastcall.elements.billing.ledger import LedgerBilling

django.setup()

LINE = 7001


def connect(url: str) -> None:
    """Point Django's default database to ``url``."""
    connections["default"].close()
    connections.settings["default"] = connections.configure_settings({"default": database_settings(url)})["default"]
    del connections["default"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the ledger's tables."""
    path = tmp_path_factory.mktemp("ledger") / "template.sqlite3"
    connect(f"sqlite:///{path}")
    call_command("migrate", "billing", verbosity=0)
    connections["default"].close()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server with the ledger's tables in the database ``ledger_template``."""
    postgres.require()
    folder = Path(tempfile.mkdtemp(prefix="lastcall-pg-"))
    server = PostgresServer(folder)
    server.start()
    try:
        server.create("ledger_template")
        connect(server.url("ledger_template"))
        call_command("migrate", "billing", verbosity=0)
        connections["default"].close()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.element)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty migrated database as Django's default; its vendor."""
    if request.param == "sqlite":
        copy = shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ledger.sqlite3")
        connect(f"sqlite:///{copy}")
        yield "sqlite"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        server.create("ledger", template="ledger_template")
        connect(server.url("ledger"))
        yield "postgresql"
        connections["default"].close()
        server.drop("ledger")
    connections["default"].close()


@pytest.fixture
def ledger(database: str) -> LedgerBilling:
    """The ledger with Li Wei's account open in roubles."""
    from lastcall.elements.billing.ledger import LedgerBilling  # Django must be set up before its models are read

    billing = LedgerBilling()
    billing.open_account(LINE, "RUB")
    return billing

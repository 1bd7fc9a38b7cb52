"""Databases for tests: each test gets an empty migrated one of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from lastcall.core.database import DjangoDatabase, database
from lastcall.site.home import database_settings
from tests.postgres import PostgresServer


def connect(url: str) -> None:
    """Point Django's default database, of this and every later thread, to ``url``."""
    connections["default"].close()
    connections.settings["default"] = connections.configure_settings({"default": database_settings(url)})["default"]
    del connections["default"]


def make_sqlite_template(folder: Path) -> Path:
    """A SQLite file with all tables."""
    path = folder / "template.sqlite3"
    connect(f"sqlite:///{path}")
    call_command("migrate", verbosity=0)
    connections["default"].close()
    return path


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server with all tables in the database ``template_lastcall``."""
    folder = Path(tempfile.mkdtemp(prefix="lastcall-pg-"))
    server = PostgresServer(folder)
    server.start()
    try:
        server.create("template_lastcall")
        connect(server.url("template_lastcall"))
        call_command("migrate", verbosity=0)
        connections["default"].close()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(url: str) -> Iterator[DjangoDatabase]:
    """The database at ``url`` as this process's own, closed at the end."""
    connect(url)
    base = DjangoDatabase()
    try:
        yield base
    finally:
        base.close()
        database().close()
        connections["default"].close()

"""Databases for tests: each test gets an empty migrated one of its own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.management import call_command
from django.db import connections

from lastcall.core.database import DjangoDatabase, database
from lastcall.site.home import database_settings
from tests.postgres import PostgresServer

_ROOM: Final = 1 << 30


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


def in_memory() -> Path | None:
    """A folder that is no disk, if this machine has one with room: a database there is copied and synced in no time."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    return memory if usable else None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL server with all tables in the database ``template_lastcall``."""
    folder = Path(tempfile.mkdtemp(prefix="lastcall-pg-", dir=in_memory()))
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

"""Writing what no service and no constraint would let through: what somebody with the database's password could do."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import psycopg


def write(url: str, sql: str, values: Sequence[Any] = ()) -> None:
    """Run one statement with ``%s`` marks, with no trigger and no foreign key in force."""
    if url.startswith("sqlite:"):
        _sqlite(url, sql.replace("%s", "?"), [_as_text(value) for value in values])
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(sql.encode(), values)


def _as_text(value: Any) -> Any:
    return str(value.astimezone(UTC).replace(tzinfo=None)) if isinstance(value, datetime) else value


def _opened(url: str) -> sqlite3.Connection:
    return sqlite3.connect(f"/{urlsplit(url).path.lstrip('/')}", isolation_level=None)


def _sqlite(url: str, sql: str, values: Sequence[Any]) -> None:
    with closing(_opened(url)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(sql, values)
        for _, statement in triggers:
            connection.execute(statement)


def drop_trigger(url: str, trigger: str, table: str) -> None:
    """Take one trigger away."""
    if url.startswith("sqlite:"):
        with closing(_opened(url)) as connection:
            connection.execute(f"DROP TRIGGER {trigger}")
    else:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}".encode())

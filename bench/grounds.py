"""Where measurements run: a migrated, filled database of each kind, copied afresh for every measurement."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import quote

import psycopg
from psycopg import sql

from bench.fsyncs import Fsyncs

CHECKOUT: Final = Path(__file__).resolve().parent.parent
_USER: Final = "postgres"
_SETTINGS: Final = {
    "listen_addresses": "",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_sync_method": "fdatasync",
    "max_connections": "100",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}
"""Durable in full. Checkpoints and autovacuum are kept out of a measurement of seconds; neither is part of a commit."""


class Ground(Protocol):
    """One kind of database."""

    name: str

    def fill(self, template: str, function: Callable[..., Any], **arguments: Any) -> Any:
        """Make a migrated database and fill it by ``function`` in a process of its own; returns what that returned."""

    def fresh(self, template: str) -> Any:
        """Context manager: the environment of a process that is to use a fresh copy."""


def call(function: Callable[..., Any], environment: dict[str, str], **arguments: Any) -> Any:
    """Call ``function`` in a fresh process and return what it returned."""
    command = [sys.executable, "-m", "bench.child", function.__module__, function.__name__, json.dumps(arguments)]
    whole = os.environ | {"LASTCALL_SECRET_KEY": "a secret for measurements only"} | environment
    done = subprocess.run(command, cwd=CHECKOUT, env=whole, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{function.__module__}.{function.__name__} ended with {done.returncode}; see above")
    return json.loads(done.stdout.splitlines()[-1])


class Sqlite:
    """A file in ``folder``."""

    name = "sqlite"

    def __init__(self, folder: Path, fsyncs: Fsyncs) -> None:
        self._folder, self._shim = folder, fsyncs.environment

    def _environment(self, path: Path) -> dict[str, str]:
        return {"LASTCALL_DATABASE_URL": f"sqlite:///{path}", "LASTCALL_HOME": str(self._folder / "home")}

    def fill(self, template: str, function: Callable[..., Any], **arguments: Any) -> Any:
        return call(function, self._environment(self._folder / f"{template}.sqlite3"), **arguments)

    @contextmanager
    def fresh(self, template: str) -> Iterator[dict[str, str]]:
        path = self._folder / "fresh.sqlite3"
        shutil.copyfile(self._folder / f"{template}.sqlite3", path)
        os.sync()  # the copy's own pages are not to be written during the measurement
        try:
            yield self._environment(path) | self._shim
        finally:
            for leftover in self._folder.glob("fresh.sqlite3*"):
                leftover.unlink()


def postgres_binaries() -> Path | None:
    """The folder of the newest ``initdb`` and ``pg_ctl`` on this machine, or None."""
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if folders:
        return max(folders, key=lambda folder: float(folder.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Postgresql:
    """A server of its own in ``folder``, on a Unix socket, with everything durable."""

    name = "postgresql"

    def __init__(self, folder: Path, fsyncs: Fsyncs, commit_delay: int) -> None:
        found = postgres_binaries()
        if found is None:
            raise FileNotFoundError("PostgreSQL's initdb and pg_ctl are not installed on this machine")
        self._bin, self._folder, self._shim = found, folder, fsyncs.environment
        self._settings = _SETTINGS | {"commit_delay": str(commit_delay), "unix_socket_directories": str(folder)}

    def start(self) -> None:
        """Make the server and wait until it answers. As root it runs as the system's ``postgres`` user."""
        self._folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self._folder, _USER)
        self._run("initdb", "-D", self._data, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        self._run("pg_ctl", "-D", self._data, "-l", self._folder / "log", "-o", options, "-w", "start", env=self._shim)

    def stop(self) -> None:
        """Stop at once."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _environment(self, database: str) -> dict[str, str]:
        return {
            "LASTCALL_DATABASE_URL": f"postgresql://{_USER}@/{database}?host={quote(str(self._folder))}",
            "LASTCALL_HOME": str(self._folder.parent / "home"),
            "BENCH_POSTMASTER": (self._data / "postmaster.pid").read_text().split()[0],
        }

    def fill(self, template: str, function: Callable[..., Any], **arguments: Any) -> Any:
        self._execute("CREATE DATABASE {}", template)
        return call(function, self._environment(template), **arguments)

    @contextmanager
    def fresh(self, template: str) -> Iterator[dict[str, str]]:
        self._execute("CREATE DATABASE fresh TEMPLATE {} STRATEGY file_copy", template)
        self._execute("CHECKPOINT")
        try:
            yield self._environment("fresh") | self._shim
        finally:
            self._execute("DROP DATABASE fresh WITH (FORCE)")

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(f"user={_USER} dbname=postgres host={self._folder}", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _run(self, program: str, *arguments: str | Path, env: dict[str, str] | None = None) -> None:
        become = ["runuser", "-u", _USER, "--"] if os.getuid() == 0 else []
        command = [*become, str(self._bin / program), *map(str, arguments)]
        # Output to a file: a server inherits a pipe and would keep the reader waiting.
        with (self._folder / f"{program}.out").open("ab") as out:
            whole = os.environ | (env or {})
            done = subprocess.run(
                command, cwd=self._folder, env=whole, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
            )
        if done.returncode:
            said = (self._folder / f"{program}.out").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{program} ended with {done.returncode}:\n{said}")


@contextmanager
def opened(
    names: tuple[str, ...], folder: Path, fsyncs: Fsyncs, *, commit_delay: int = 0
) -> Iterator[dict[str, Ground]]:
    """The grounds of these names, running. ``commit_delay``: PostgreSQL's setting of that name, in microseconds."""
    with ExitStack() as stack:
        grounds: dict[str, Ground] = {}
        for name in names:
            if name == "sqlite":
                grounds[name] = Sqlite(folder, fsyncs)
            else:
                server = Postgresql(folder / "pg", fsyncs, commit_delay)
                server.start()
                stack.callback(server.stop)
                grounds[name] = server
        yield grounds

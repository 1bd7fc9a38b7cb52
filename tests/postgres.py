"""A private PostgreSQL server for tests: a Unix socket in its own folder, no TCP, nothing synced to disk."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

USER = "postgres"


def binaries() -> Path | None:
    """The folder of the newest ``initdb`` and ``pg_ctl`` on this machine, or None."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    fit = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    return max(fit, key=lambda folder: float(folder.parent.name), default=None)


def require() -> None:
    """Skip the test where PostgreSQL is missing; fail instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    if binaries() is not None:
        return
    reason = "PostgreSQL's initdb and pg_ctl are not installed on this machine"
    if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


class PostgresServer:
    """One server in ``folder`` (made if missing; short, for a socket's path has at most 107 bytes).

    PostgreSQL refuses to run as root: when the tests do, it runs as the system's ``postgres`` user, who must be able to
    reach ``folder``, so that pytest's own temporary folders will not do.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"
        found = binaries()
        if found is None:
            raise FileNotFoundError("PostgreSQL's initdb and pg_ctl are not installed on this machine")
        self._bin = found

    def start(self) -> None:
        """Make the data folder if there is none, and start; returns when the server answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            shutil.chown(self.folder, USER)
        if not self._data.exists():
            self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "60",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        self._run("pg_ctl", "-D", self._data, "-l", self.folder / "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        """Stop at once, cutting connections that are still open; the folder stays."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        """The URL of ``database`` as ``LASTCALL_DATABASE_URL`` takes it."""
        return f"postgresql://{USER}@/{quote(database)}?host={quote(str(self.folder))}"

    def create(self, database: str, *, template: str = "template1") -> None:
        """Create ``database`` as a copy of ``template``, to which nobody may be connected."""
        # File by file: several times quicker than by way of the write-ahead log, which only a server that syncs would want.
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", database, template)

    def drop(self, database: str) -> None:
        """Drop ``database`` with whatever is connected to it."""
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    def _run(self, program: str, *arguments: str | Path) -> None:
        become = ["runuser", "-u", USER, "--"] if os.getuid() == 0 else []
        command = [*become, str(self._bin / program), *map(str, arguments)]
        # Output to files: a server inherits a pipe and would keep the reader waiting.
        with (self.folder / f"{program}.out").open("ab") as out:
            done = subprocess.run(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
            )
        if done.returncode:
            told = [path for path in (self.folder / f"{program}.out", self.folder / "log") if path.exists()]
            said = "\n".join(path.read_text(errors="replace")[-2000:] for path in told)
            raise RuntimeError(f"{program} ended with {done.returncode}:\n{said}")

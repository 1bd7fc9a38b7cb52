"""A real osmo-hlr for the tests: on a loopback address of its own, with configuration and database in one folder."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest

VTY_PORT, CTRL_PORT, GSUP_PORT = 4258, 4259, 4222  # 1.5.0 lets nobody choose the CTRL port, hence the own addresses

_CONFIG = """\
log stderr
 logging filter all 1
 logging color 0
 logging level set-all notice
line vty
 bind {address}
ctrl
 bind {address}
hlr
 gsup
  bind ip {address}
"""


def program() -> str:
    """The path of osmo-hlr. Skips the test where it is missing; fails it if everything must be there."""
    path = shutil.which("osmo-hlr")
    if path is None:
        reason = "osmo-hlr is not installed (Debian package osmo-hlr)"
        if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
            pytest.fail(f"{reason}, and LASTCALL_TEST_REQUIRE_ALL=1 says that it must be")
        pytest.skip(reason)
    return path


class OsmoHlrProcess:
    """osmo-hlr from ``with`` to its end; :attr:`address` is where. What it logs is in ``folder``/osmo-hlr.log.

    Raises :class:`RuntimeError` with the end of that log when it does not come up.
    """

    def __init__(self, folder: Path, *, timeout: float = 10.0) -> None:
        self._program = program()
        self._folder = folder
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self.address = _free_address()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id, None while it is stopped."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it and wait until all its ports answer. The database is kept from one start to the next."""
        config = self._folder / "osmo-hlr.cfg"
        config.write_text(_CONFIG.format(address=self.address))
        command = [self._program, "-c", str(config), "-l", str(self._folder / "hlr.db")]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder)
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop it by its pid and wait for its end; nothing to do when it is stopped."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def restart(self) -> None:
        """Stop and start."""
        self.stop()
        self.start()

    @property
    def _log(self) -> Path:
        return self._folder / "osmo-hlr.log"

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + self._timeout
        while not all(_answers(self.address, port) for port in (GSUP_PORT, VTY_PORT, CTRL_PORT)):
            if process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"osmo-hlr did not come up on {self.address}:\n{self._log.read_text()[-2000:]}")
            time.sleep(0.01)


def _answers(address: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((address, port), 1.0):
        return True
    return False


def _free_address() -> str:
    """127.0.W.N: W from the xdist worker, N the first free one from a start that differs between test runs."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 200 + 1
    for place in itertools.islice(itertools.count(os.getpid()), 254):
        address = f"127.0.{worker}.{place % 254 + 1}"
        if not _answers(address, CTRL_PORT):
            return address
    raise RuntimeError(f"no free address in 127.0.{worker}.0/24")

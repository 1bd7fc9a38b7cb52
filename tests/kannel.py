"""A real Kannel for tests: bearerbox and smsbox in front of the tests' SMSC, all on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

from lastcall.elements.sms.kannel import KannelAccount
from tests.smsc import PASSWORD, SYSTEM_ID

USER, SECRET = "lastcall", "k4nnel"
_FOLDERS = "/usr/sbin:/usr/lib/kannel:/usr/local/sbin"

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
admin-password = {secret}
status-password = {secret}
box-allow-ip = "127.0.0.1"
dlr-storage = internal
store-type = file
store-location = {folder}/store
store-dump-freq = 1

group = smsc
smsc = smpp
smsc-id = smsc
host = 127.0.0.1
port = {smsc}
transceiver-mode = true
smsc-username = {system_id}
smsc-password = {password}
system-type = ""
interface-version = 34
reconnect-delay = 1
msg-id-type = 0x03

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
http-request-retry = 1000
http-queue-delay = 1

group = sendsms-user
username = {user}
password = {secret}
user-allow-ip = "127.0.0.1"
default-smsc = smsc
max-messages = 1

group = sms-service
keyword = default
{service}
max-messages = 0
"""


def require() -> None:
    """Skip the test where Kannel is missing; fail instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    if _program("bearerbox") and _program("smsbox"):
        return
    reason = "Kannel is not installed (Debian: apt-get install kannel)"
    if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and LASTCALL_TEST_REQUIRE_ALL=1 says that it must be")
    pytest.skip(reason)


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ['PATH']}:{_FOLDERS}")


def free_port() -> int:
    """A port that nobody listens at on this machine, for now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Kannel:
    """Kannel from ``with`` to its end. ``calls``: the address of ours that it calls, without the last part; ``smsc``: a port;
    ``by_get``: it brings texts in the address and not in a body."""

    folder: Path
    smsc: int
    calls: str
    by_get: bool = False

    def __post_init__(self) -> None:
        require()
        self.port = free_port()
        self._admin, self._boxes = free_port(), free_port()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._configuration = self.folder / "kannel.conf"
        self._configuration.write_text(
            CONFIGURATION.format(
                admin=self._admin, boxes=self._boxes, sendsms=self.port, smsc=self.smsc, folder=self.folder, user=USER,
                secret=SECRET, system_id=SYSTEM_ID, password=PASSWORD, service=self._service(),
            )
        )  # fmt: skip
        self._configuration.chmod(0o600)

    def _service(self) -> str:
        told = f"{self.calls}/text?id=%I&from=%p&to=%P"
        return f'get-url = "{told}&text=%b&charset=%C"' if self.by_get else f'post-url = "{told}"'

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start both boxes; returns when both listen."""
        for name, port in (("bearerbox", self._boxes), ("smsbox", self.port)):
            program = _program(name)
            assert program is not None
            with (self.folder / f"{name}.log").open("ab") as log:
                command = [program, "-v", "1", str(self._configuration)]
                self._processes.append(subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log))
            self._wait_for(port)

    def stop(self) -> None:
        """End both at once, as by a power cut; what bearerbox stored is there when it starts again."""
        for process in reversed(self._processes):
            process.kill()
            process.wait(10)
        self._processes.clear()

    def account(self, *, password: str = SECRET, sender: str = "0000", reports: bool = True) -> KannelAccount:
        """An account here; a good one unless told otherwise."""
        return KannelAccount("127.0.0.1", self.port, USER, password, sender, f"{self.calls}/report" if reports else "")

    @property
    def log(self) -> str:
        """What both have written."""
        return "".join((self.folder / f"{name}.log").read_text(errors="replace") for name in ("bearerbox", "smsbox"))

    def _wait_for(self, port: int) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            assert self._processes[-1].poll() is None, self.log[-2000:]
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(self.log[-2000:])

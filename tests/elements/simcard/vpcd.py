"""A real PC/SC service for tests: pcscd with two virtual readers, into which a test puts cards of its own making.

There can be one pcscd on a computer at a time, so a file lock keeps the tests of other processes waiting. It is started anew for
each test. A virtual reader waits for its card on a port: connecting puts the card in, hanging up pulls it out. (The driver can
also call the card, but then it dies of a card that hangs up.) It would wait on every address of the computer, and the service
would look at its readers every 400 ms only; a few lines of C put before it keep it to this computer alone, and let it look often.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from lastcall.elements.simcard.pcsc import PcscLinks
from lastcall.elements.simcard.simulated import CardGone, CardMute, SimulatedCard

_BEFORE: Final = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

int bind(int socket, const struct sockaddr *address, socklen_t length)
{
    int (*real)(int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "bind");
    if (address->sa_family == AF_INET)
        ((struct sockaddr_in *)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return real(socket, address, length);
}

int nanosleep(const struct timespec *asked, struct timespec *left)
{
    int (*real)(const struct timespec *, struct timespec *) = dlsym(RTLD_NEXT, "nanosleep");
    struct timespec shorter = {0, 20 * 1000 * 1000};
    return real(asked->tv_sec || asked->tv_nsec > shorter.tv_nsec ? &shorter : asked, left);
}
"""
_DRIVER: Final = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
_FOLDER: Final = Path("/run/pcscd")
_SOCKET: Final = _FOLDER / "pcscd.comm"
_LOCK: Final = Path(tempfile.gettempdir()) / "lastcall-pcscd.lock"
_PORT: Final = 0x8C7B
_PATIENCE: Final = 20.0
_OFF, _ON, _RESET, _ATR = 0, 1, 2, 4
CONFIGURATION = """FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:0x{port:04X}
LIBPATH      {driver}
CHANNELID    0x{port:04X}
"""


def require() -> str:
    """The path of pcscd. Skip the test where it or its virtual readers are missing, or may not be started; fail instead when
    ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    program = shutil.which("pcscd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if program is None or not _DRIVER.exists() or shutil.which("gcc") is None:
        _missing(
            "pcscd, its virtual readers or gcc are not installed (Debian: apt-get install pcscd vsmartcard-vpcd gcc)"
        )
    if os.geteuid() != 0:
        _missing("pcscd can only be started by root")
    if _is_served():
        _missing("another pcscd runs on this computer (systemctl stop pcscd.socket pcscd.service)")
    assert program is not None
    return program


def _missing(reason: str) -> None:
    if os.environ.get("LASTCALL_TEST_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and LASTCALL_TEST_REQUIRE_ALL=1 says that it must be possible")
    pytest.skip(reason)


@cache
def _put_before() -> Path:
    """The library of those lines, made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="lastcall-before-"))
    atexit.register(shutil.rmtree, folder)
    made = folder / "before.so"
    command = ["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(made), "-ldl"]
    subprocess.run(command, input=_BEFORE, text=True, check=True)
    return made


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else on this computer has a pcscd of the tests until the end of the block."""
    with _LOCK.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def virtual_readers(*cards: SimulatedCard | None) -> Iterator[VirtualReaders]:
    """Two readers with ``cards`` in them, for the block."""
    with alone(), ExitStack() as stack:
        program = require()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lastcall-pcscd-")))
        service = stack.enter_context(Service(program, folder))
        readers = VirtualReaders(service)
        stack.callback(readers.empty)
        readers.put(cards)
        yield readers


class VirtualReaders:
    """Two readers, counted from 1; ``service``: the pcscd behind them."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._trays = tuple(Tray(_PORT + place) for place in range(2))

    def put(self, cards: Sequence[SimulatedCard | None]) -> None:
        """Put a card into each reader, None into none; returns when the service has noticed."""
        for tray, card in zip(self._trays, cards, strict=False):
            if card is not None:
                tray.put(card)
        self.wait_until_seen()

    def insert(self, place: int, card: SimulatedCard) -> None:
        """Put a card in; returns when the service has noticed."""
        card.put_back()
        self._trays[place - 1].put(card)
        self.wait_until_seen()

    def pull_out(self, place: int) -> None:
        """Take the card out; returns when the service has noticed."""
        self.snatch(place)
        self.wait_until_seen()

    def snatch(self, place: int) -> None:
        """Take the card out; the service will notice by itself."""
        self._trays[place - 1].take()

    def empty(self) -> None:
        """Take all cards out."""
        for tray in self._trays:
            tray.take()

    def wait_until_seen(self) -> None:
        """Wait until the service sees of both readers what is in them."""
        wait_for(lambda: self._seen() == [tray.filled for tray in self._trays], self.service.told)

    def _seen(self) -> list[bool]:
        return [reader.card for reader in PcscLinks().names()]


class Service:
    """pcscd, from ``with`` to its end."""

    def __init__(self, program: str, folder: Path) -> None:
        self._command = [program, "--foreground", "--info", "--config", str(folder / "readers")]
        self._log = folder / "log"
        readers = folder / "readers"
        readers.mkdir()
        (readers / "vpcd").write_text(CONFIGURATION.format(port=_PORT, driver=_DRIVER))

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; returns when it listens."""
        _FOLDER.mkdir(parents=True, exist_ok=True)
        _clear_away()
        with self._log.open("ab") as log:
            surroundings = {**os.environ, "LD_PRELOAD": str(_put_before())}
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=surroundings
            )
        wait_for(lambda: self._alive() and _is_served(), self.told)

    def stop(self) -> None:
        """End it at once, and clear away what it leaves."""
        self.crash()
        _clear_away()

    def crash(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait(10)

    def told(self) -> str:
        """The end of what it has written."""
        return self._log.read_text(errors="replace")[-2000:]

    def _alive(self) -> bool:
        assert self._process.poll() is None, self.told()
        return True


class Tray:
    """A virtual reader seen from its card.

    Two bytes of length before each message; one byte is an order to the card, anything longer a command (vsmartcard's protocol).
    The driver sends length and content apart and waits for our acknowledgement between them, which the system would hold back for
    40 ms unless told after each reading not to.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._calling: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def put(self, card: SimulatedCard) -> None:
        """Put a card into the reader, which must be empty."""
        assert not self.filled
        self.take()
        self._calling = socket.create_connection(("127.0.0.1", self._port), _PATIENCE)
        self._calling.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._calling.settimeout(None)
        self._thread = threading.Thread(target=self._serve, args=(self._calling, card), name="card", daemon=True)
        self._thread.start()

    def take(self) -> None:
        """Take out what is in it, if anything is."""
        calling, thread = self._calling, self._thread
        self._calling = self._thread = None
        if calling is None or thread is None:
            return
        with suppress(OSError):
            calling.shutdown(socket.SHUT_RDWR)
        thread.join(10)

    @property
    def filled(self) -> bool:
        """Whether there is a card in it that was not pulled out."""
        return self._thread is not None and self._thread.is_alive()

    def _serve(self, calling: socket.socket, card: SimulatedCard) -> None:
        with calling:
            self._talk(calling, card)
        card.power_off()

    def _talk(self, calling: socket.socket, card: SimulatedCard) -> None:
        try:
            while (length := _take(calling, 2)) and (message := _take(calling, int.from_bytes(length, "big"))):
                reply = self._answer(card, message)
                if reply is not None:
                    calling.sendall(len(reply).to_bytes(2, "big") + reply)
        except (CardGone, CardMute, OSError):
            return

    def _answer(self, card: SimulatedCard, message: bytes) -> bytes | None:
        """What goes back, if anything does."""
        if not card.present:
            raise CardGone
        if len(message) > 1:
            return card.transmit(message)
        if message[0] == _ATR:
            return card.atr
        if message[0] in (_ON, _RESET):
            card.power_on()
        elif message[0] == _OFF:
            card.power_off()
        return None


def wait_for(condition: Callable[[], bool], told: Callable[[], str]) -> None:
    """Wait until ``condition`` holds; fails with what ``told`` says when it takes too long."""
    until = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < until, told()
        time.sleep(0.01)


def _take(calling: socket.socket, count: int) -> bytes:
    """Exactly ``count`` bytes, or none when the other side has gone."""
    taken = b""
    while len(taken) < count:
        part = calling.recv(count - len(taken))
        if not part:
            return b""
        calling.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        taken += part
    return taken


def _is_served() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(_SOCKET))
        except OSError:
            return False
        return True


def _clear_away() -> None:
    """Remove what a pcscd that was killed leaves behind; another would take it for a running one."""
    for left in (_SOCKET, _FOLDER / "pcscd.pid"):
        left.unlink(missing_ok=True)

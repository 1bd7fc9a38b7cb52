"""A real SMSC for tests: ``tests/node/smsc.js`` on a port of its own on this machine. Its head says which numbers do what."""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from lastcall.elements.sms.smpp import SmppAccount
from tests import node_parts

SYSTEM_ID, PASSWORD = "lastcall", "s3cr3t"
INVALID, THROTTLED, QUEUE_FULL = "+7999001000", "+7999001100", "+7999001200"
NEVER_ANSWERED, CUT_OFF, UNDELIVERABLE, THROTTLED_ONCE = "+7999001300", "+7999001400", "+7999001500", "+7999001600"
EXPIRED, REJECTED = "+7999001700", "+7999001800"
STATUS = "+79990020"  # followed by three decimal digits

_names = itertools.count(1)


def require() -> None:
    """Skip the test where node or its package is missing; fail instead when ``LASTCALL_TEST_REQUIRE_ALL=1``."""
    node_parts.require_node()
    node_parts.require("smpp")


LATIN, UCS2, GSM = 3, 8, 0
"""data_coding of a phone's text."""


@dataclass(frozen=True)
class Sending:
    """A phone's text as the SMSC delivers it. ``octets``: user data header and all; ``parameters``: TLVs by smpp's names, of which
    ``message_payload`` in hexadecimal digits; ``drop``: the connection breaks when it was taken, before the SMSC can know."""

    octets: bytes
    data_coding: int = UCS2
    source: str = "79000001001"
    source_ton: int = 1
    destination: str = "0000"
    esm_class: int = 0
    parameters: dict[str, Any] = field(default_factory=dict)
    drop: bool = False


@dataclass(frozen=True)
class Received:
    """A message as the phone would show it. ``parts``: its texts before they were joined; ``to``: E.164 with ``+``."""

    to: str
    text: str
    source: str
    source_ton: int
    source_npi: int
    data_coding: int
    reference: int | None
    parts: list[str] = field(repr=False)

    @classmethod
    def read(cls, told: dict[str, Any]) -> Self:
        same = {name: told[name] for name in cls.__dataclass_fields__ if name in told}
        return cls(to=f"+{told['destination']}", **same)


class Smsc:
    """The SMSC from ``with`` to its end, or from :meth:`start` to :meth:`stop`; it keeps its port from one start to the next."""

    def __init__(self) -> None:
        require()
        self.port = 0
        self._events: list[dict[str, Any]] = []
        self._news = threading.Condition()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it; returns when it listens."""
        command = [node_parts.require_node(), "smsc.js", str(self.port), SYSTEM_ID, PASSWORD]
        before = self.mark()
        self._process = subprocess.Popen(
            command, cwd=node_parts.FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), name="smsc-reader", daemon=True)
        self._reader.start()
        self.port = self.wait("ready", after=before)["port"]

    def ensure(self) -> None:
        """Start it unless it runs."""
        if self._process is None:
            self.start()

    def stop(self) -> None:
        """Stop it, connections and all; what it told is kept."""
        process, self._process = self._process, None
        if process is None or self._reader is None:
            return
        process.kill()
        process.wait(10)
        self._reader.join(10)
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.stdout.close()

    def command(self, word: str) -> None:
        """``enquire``: ask every client whether it lives. ``drop``: cut every connection. ``tell``: tell ``told``."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def deliver(self, sending: Sending) -> str:
        """Have a phone's text delivered, again and again until it is taken; the name by which it is told of."""
        name = f"text {next(_names)}"
        told = {key: value for key, value in asdict(sending).items() if key != "octets"}
        self.command(json.dumps(told | {"name": name, "hex": sending.octets.hex()}))
        return name

    def phone(self, words: str, **changes: Any) -> str:
        """Have a text delivered in UCS-2, and wait until it is taken; the name by which it is told of."""
        mark = self.mark()
        name = self.deliver(Sending(words.encode("utf-16-be"), **changes))
        self.wait("taken", after=mark, name=name)
        return name

    def account(self, *, password: str = PASSWORD, system_id: str = SYSTEM_ID, sender: str = "Lastcall") -> SmppAccount:
        """An account here; a good one unless told otherwise."""
        return SmppAccount("127.0.0.1", self.port, system_id, password, sender)

    def mark(self) -> int:
        """How much it has told up to now, for ``after``."""
        return len(self._events)

    def messages(self, *, to: str | None = None, after: int = 0) -> list[Received]:
        """The messages that came, in order; ``to``: only those to this number."""
        found = [Received.read(told) for told in self.told("message", after=after)]
        return [message for message in found if to in (None, message.to)]

    def text(self, to: str, *, after: int = 0, timeout: float = 5.0) -> str:
        """Wait for a message to ``to`` (E.164 with ``+``); the last one's text. Raises :class:`AssertionError`."""
        self.wait("message", after=after, timeout=timeout, destination=to.removeprefix("+"))
        return self.messages(to=to, after=after)[-1].text

    def told(self, event: str, *, after: int = 0) -> list[dict[str, Any]]:
        """All it told under the name ``event``."""
        return [told for told in self._events[after:] if told["event"] == event]

    def settled(self, event: str, *, after: int = 0) -> list[dict[str, Any]]:
        """All it told under the name ``event`` up to now: it is asked for a word, and what it told before has come by then."""
        mark = self.mark()
        self.command("tell")
        self.wait("told", after=mark)
        return self.told(event, after=after)

    def wait(self, event: str, *, after: int = 0, timeout: float = 10.0, **facts: object) -> dict[str, Any]:
        """Wait until it tells ``event`` with these facts. Raises :class:`AssertionError` when it does not."""

        def fitting() -> dict[str, Any] | None:
            return next((told for told in self.told(event, after=after) if facts.items() <= told.items()), None)

        with self._news:
            found = self._news.wait_for(fitting, timeout)
        assert found is not None, f"the SMSC told no such {event} within {timeout} s"
        return found

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self._news:
                self._events.append(json.loads(line))
                self._news.notify_all()

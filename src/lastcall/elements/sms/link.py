"""One connection to an SMSC (SMPP 3.4), which cannot hold its user longer than agreed, whatever the SMSC does.

The PDUs that are sent are smpplib's. Its client is not used: that one logs every PDU, password and text included, fails on
answers with parameters it does not expect, and lets each single octet take the whole time-out.
"""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from smpplib import command_codes, smpp  # type: ignore[import-untyped]
from smpplib.client import SimpleSequenceGenerator  # type: ignore[import-untyped]

from lastcall.elements.network import Deadline, connect

_HEADER: Final = struct.Struct(">LLLL")  # command_length, command_id, command_status, sequence_number; SMPP 3.4, 3.2
_RESPONSE: Final = 0x8000_0000
_LONGEST: Final = 70_000  # octets: above any PDU, whose longest field has 65535
_ANSWERED: Final = {command_codes.get_command_code(name): name for name in ("deliver_sm", "enquire_link", "unbind")}
_DELIVER: Final = command_codes.get_command_code("deliver_sm")

OnDelivery = Callable[[bytes], int]
"""Takes the body of a deliver_sm and says the command_status of the answer, 0 for taken."""


class Garbled(Exception):
    """What came is no SMPP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``status``: its command_status, 0 for done; ``body``: what stands behind the header."""

    status: int
    body: bytes

    @property
    def name(self) -> str:
        """The message_id of a submit_sm_resp; empty when there is none."""
        return self.body.partition(b"\0")[0].decode("latin-1")


class Link:
    """A connection to ``host``:``port``. For one thread at a time, save :meth:`waiting`. ``on_delivery``: called, in whatever
    thread uses the link, for everything that the SMSC delivers, before that is answered.

    Every method may raise :class:`OSError` (:class:`TimeoutError` among them) or :class:`Garbled`, after which the link is of
    no more use and is to be closed.
    """

    def __init__(self, host: str, port: int, deadline: Deadline, on_delivery: OnDelivery) -> None:
        self._on_delivery = on_delivery
        self._socket = connect(host, port, deadline)
        self._sequence = SimpleSequenceGenerator()
        self._descriptor = self._socket.fileno()  # kept: a closed socket no longer has it, and waiting() may come late

    def ask(self, command: str, deadline: Deadline, **fields: Any) -> Answer:
        """Send one request and wait for its answer."""
        pdu = smpp.make_pdu(command, client=self._sequence, **fields)
        self._send(pdu, deadline)
        while True:
            code, status, sequence, body = self._receive(deadline)
            if not code & _RESPONSE:
                self._answer(code, sequence, body, deadline)
            elif sequence == pdu.sequence:
                return Answer(status, body)

    def listen(self, deadline: Deadline) -> None:
        """Answer what the SMSC has asked or delivered meanwhile."""
        while self.waiting(0):
            code, _, sequence, body = self._receive(deadline)
            self._answer(code, sequence, body, deadline)

    def waiting(self, seconds: float) -> bool:
        """Whether something comes within ``seconds``; the end of the connection counts."""
        poll = (
            select.poll()
        )  # select.select() fails above 1024 open files; one poll object fails when two threads use it
        poll.register(self._descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def close(self) -> None:
        """Close it, and wake whoever is in :meth:`waiting`."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other side was quicker
        finally:
            self._socket.close()

    def _answer(self, code: int, sequence: int, body: bytes, deadline: Deadline) -> None:
        if (name := _ANSWERED.get(code)) is None:
            return
        response = smpp.make_pdu(f"{name}_resp", client=self._sequence)
        response.sequence = sequence
        if code == _DELIVER:
            response.status = self._on_delivery(body)
        self._send(response, deadline)
        if name == "unbind":
            raise ConnectionResetError(0, "it has unbound")

    def _send(self, pdu: Any, deadline: Deadline) -> None:
        self._socket.settimeout(deadline.left())
        self._socket.sendall(pdu.generate())

    def _receive(self, deadline: Deadline) -> tuple[int, int, int, bytes]:
        length, code, status, sequence = _HEADER.unpack(self._exactly(_HEADER.size, deadline))
        if not _HEADER.size <= length <= _LONGEST:
            raise Garbled
        return code, status, sequence, self._exactly(length - _HEADER.size, deadline)

    def _exactly(self, count: int, deadline: Deadline) -> bytes:
        data = b""
        while len(data) < count:
            self._socket.settimeout(deadline.left())
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionResetError(0, "it closed the connection")
            data += more
        return data

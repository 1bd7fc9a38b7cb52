"""Commands to a card and their whole answers; nothing that writes passes here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from . import status
from .link import Link

SELECT: Final = 0xA4
GET_RESPONSE: Final = 0xC0
READ_BINARY: Final = 0xB0
READ_RECORD: Final = 0xB2
VERIFY: Final = 0x20
CHANGE: Final = 0x24
DISABLE: Final = 0x26
ENABLE: Final = 0x28
UNBLOCK: Final = 0x2C

_READING: Final = frozenset({SELECT, GET_RESPONSE, READ_BINARY, READ_RECORD})
_ASKING: Final = frozenset(
    {VERIFY, UNBLOCK}
)  # without data: how many tries are left (ETSI TS 102.221, 11.1.9, 11.1.13)
_PIN_ACTS: Final = frozenset({VERIFY, CHANGE, DISABLE, ENABLE, UNBLOCK})
_MOST_FETCHES: Final = 4


class Answer(NamedTuple):
    """``data`` and status word ``sw``; ``asked``: the length that was asked for in the end, None without one."""

    data: bytes
    sw: int
    asked: int | None = None

    @property
    def meaning(self) -> status.Meaning:
        return status.meaning(self.sw)

    @property
    def done(self) -> bool:
        return self.meaning is status.Meaning.DONE


class ForbiddenCommand(RuntimeError):
    """Our own mistake: a command that could change the card, outside an act on the PIN. It was not sent."""


class TooManyCommands(Exception):
    """The commands that were allowed for one reading are used up."""


class Channel:
    """One card's commands in one class (A0: 3GPP TS 51.011, 9; 00: ETSI TS 102.221, 10 and 11).

    Fetches what waits (61xx, 9Fxx), asks again with the length that the card names (6Cxx, 67xx), each within bounds.
    Raises :class:`ForbiddenCommand`, :class:`TooManyCommands`, and what the link raises.
    """

    def __init__(self, link: Link, cla: int) -> None:
        self._link = link
        self._cla = cla
        self._acting = False
        self._left: int | None = None
        self.sent = 0
        self.ran_out = False
        """Whether a command was held back, since those that were allowed for one reading were used up."""

    def send(self, ins: int, p1: int, p2: int, data: bytes = b"", *, length: int | None = None) -> Answer:
        """``length``: of the answer that is asked for, 1 to 256; None: no answer, or one that is to be fetched."""
        self._guard(ins, data)
        answer, sw = self._transmit(ins, p1, p2, data, length)
        if length is not None and (right := status.right_length(sw)) is not None:
            length = right
            answer, sw = self._transmit(ins, p1, p2, data, length)
        return Answer(*self._fetched(answer, sw), length)

    @contextmanager
    def acting(self) -> Iterator[None]:
        """The block acts on the PIN: its commands may pass."""
        self._acting = True
        try:
            yield
        finally:
            self._acting = False

    @contextmanager
    def bounded(self, most: int) -> Iterator[None]:
        """The block sends ``most`` commands at most."""
        self._left, self.ran_out = most, False
        try:
            yield
        finally:
            self._left = None

    def _guard(self, ins: int, data: bytes) -> None:
        allowed = ins in _READING or (ins in _ASKING and not data) or (ins in _PIN_ACTS and self._acting)
        if not allowed:
            raise ForbiddenCommand(f"the command {ins:02X} may not be sent now")

    def _transmit(self, ins: int, p1: int, p2: int, data: bytes, length: int | None) -> tuple[bytes, int]:
        if self._left is not None:
            if not self._left:
                self.ran_out = True
                raise TooManyCommands
            self._left -= 1
        self.sent += 1
        body = bytes([len(data)]) + data if data else b""
        expected = b"" if length is None else bytes([length & 0xFF])
        return self._link.transmit(bytes([self._cla, ins, p1, p2]) + body + expected)

    def _fetched(self, data: bytes, sw: int) -> tuple[bytes, int]:
        for _ in range(_MOST_FETCHES):
            if (more := status.waiting(sw)) is None:
                break
            part, sw = self._transmit(GET_RESPONSE, 0, 0, b"", more or 256)
            if (right := status.right_length(sw)) is not None:
                part, sw = self._transmit(GET_RESPONSE, 0, 0, b"", right)
            data += part
        return data, sw

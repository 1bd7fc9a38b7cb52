"""Osmocom's control interface: GET and SET of named variables, one text in each IPA frame.

Source: chapter "Osmocom Control Interface" of the OsmoHLR user manual. A frame is two octets of length (of what comes
after the third octet), 0xEE, 0x00, then ASCII text. The interface knows no login, so it must not be reachable from
outside the operator's network.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from . import trouble
from .wire import Wire

_HEAD = struct.Struct(">HBB")
_IPA_OSMO, _OSMO_CTRL = 0xEE, 0x00
_LONGEST_TEXT = 16_384


@dataclass(frozen=True, slots=True)
class CtrlReply:
    """What came back. ``done``: False when the peer answered ERROR; ``text``: the value, or the error's words."""

    done: bool
    text: str


class CtrlClient:
    """Asks over one open ``wire``, one question at a time.

    Raises a temporary :class:`~lastcall.core.errors.ElementTrouble`: ``garbled``, or what the wire raises.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._last_id = 0

    def get(self, variable: str) -> CtrlReply:
        """The value of ``variable``."""
        return self._ask("GET", variable)

    def set(self, variable: str, value: str) -> CtrlReply:
        """Give ``variable`` a ``value``."""
        return self._ask("SET", variable, value)

    def _ask(self, verb: str, *words: str) -> CtrlReply:
        self._last_id += 1
        text = " ".join((verb, str(self._last_id), *words)).encode("ascii")
        self._wire.send(_HEAD.pack(len(text) + 1, _IPA_OSMO, _OSMO_CTRL) + text)
        while (answer := self._receive()).startswith("TRAP "):
            pass  # news for every listener, no answer to anybody
        return self._read(answer, verb, words[0])

    def _receive(self) -> str:
        length, protocol, extension = _HEAD.unpack(self._wire.receive_exactly(_HEAD.size))
        if (protocol, extension) != (_IPA_OSMO, _OSMO_CTRL) or not 1 <= length <= _LONGEST_TEXT:
            raise trouble.garbled(self._wire.where, "not a frame of the control interface")
        try:
            return self._wire.receive_exactly(length - 1).decode("ascii")
        except UnicodeDecodeError:
            raise trouble.garbled(self._wire.where, "not ASCII text") from None

    def _read(self, answer: str, verb: str, variable: str) -> CtrlReply:
        head, _, error = answer.partition(f" {self._last_id} ")
        if head == "ERROR":
            return CtrlReply(done=False, text=error)
        start = f"{verb}_REPLY {self._last_id} {variable} "
        if not answer.startswith(start):
            raise trouble.garbled(self._wire.where, "the answer is not to what was asked")
        return CtrlReply(done=True, text=answer.removeprefix(start))

"""Osmocom's VTY: a command line over telnet, made for people, which some orders need all the same.

Source: chapter "The Osmocom VTY Interface" of the OsmoHLR user manual, and telnet (RFC 854) as far as its commands must
be taken out of the text. Lines are ended by a line feed alone: after CR LF every prompt comes twice.
"""

from __future__ import annotations

import re

from . import trouble
from .wire import Wire

_TELNET_COMMAND = re.compile(rb"\xff(?:[\xfb-\xfe].|\xfa.*?\xff\xf0|[\xf0-\xf9])", re.DOTALL)
_PROMPT = re.compile(rb"[!-~]{1,64}[>#] ")
_COMMAND = re.compile(r"[ -~]{1,200}")
_LONGEST_ANSWER = 65_536
_CHUNK = 4_096


class VtyClient:
    """Gives commands over one open ``wire``, in enable mode.

    Raises a temporary :class:`~lastcall.core.errors.ElementTrouble`: ``garbled``, or what the wire raises.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._read_to_prompt()
        self.command("enable")

    def command(self, line: str) -> str:
        """Give one command: the text between its echo and the next prompt, "" when there is none."""
        if not _COMMAND.fullmatch(line):
            raise ValueError("a VTY command is one line of printable ASCII")
        self._wire.send(line.encode("ascii") + b"\n")
        echo, _, answer = self._read_to_prompt().partition("\n")
        if echo.strip() != line:
            raise trouble.garbled(self._wire.where, "it did not echo the command")
        return answer.strip()

    def _read_to_prompt(self) -> str:
        raw = b""
        while len(raw) < _LONGEST_ANSWER:
            raw += self._wire.receive(_CHUNK)
            text, _, last = _TELNET_COMMAND.sub(b"", raw).rpartition(b"\n")
            if _PROMPT.fullmatch(last):
                return text.decode("ascii", errors="replace")
        raise trouble.garbled(self._wire.where, "no prompt came, only text without end")

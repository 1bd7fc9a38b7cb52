"""Every command and its answer as a line, without the secrets: what to look at when a card does not do as it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from lastcall.core import clock
from lastcall.elements.simcard.link import Link

MASK: Final = "••••••••"
_COMMANDS: Final = {
    0xA4: "SELECT", 0xF2: "STATUS", 0xC0: "GET RESPONSE", 0xB0: "READ BINARY", 0xB2: "READ RECORD", 0xA2: "SEARCH RECORD",
    0xD6: "UPDATE BINARY", 0xDC: "UPDATE RECORD", 0x20: "VERIFY", 0x24: "CHANGE PIN", 0x26: "DISABLE PIN",
    0x28: "ENABLE PIN", 0x2C: "UNBLOCK PIN", 0x32: "INCREASE", 0x04: "DEACTIVATE", 0x44: "ACTIVATE", 0x70: "MANAGE CHANNEL",
    0x88: "AUTHENTICATE",
}  # fmt: skip
_SECRET: Final = {0x20, 0x24, 0x26, 0x28, 0x2C, 0x88}
_SELECT: Final = 0xA4
_GET_RESPONSE: Final = 0xC0
_HARMLESS: Final = {_SELECT, 0xF2}
"""What they carry and what they are answered says how the card is made, and nothing of its holder."""
_OPEN_FILES: Final = {0x2F00, 0x2F05, 0x2F06, 0x4F30, 0x6F05, 0x6F31, 0x6F38, 0x6FAD, 0x6FAE}
"""Files that say how a card is made and nothing of its holder."""
_WORDS: Final = {
    0x9000: "done", 0x9400: "no file selected", 0x9402: "out of range", 0x9404: "not found", 0x9408: "wrong kind of file",
    0x9802: "no such PIN", 0x9804: "wrong PIN, or closed", 0x9808: "against the PIN's state", 0x9810: "invalidated",
    0x9840: "blocked", 0x6282: "found nothing", 0x6283: "deactivated", 0x6700: "wrong length", 0x6881: "no such channel",
    0x6981: "wrong kind of file", 0x6982: "closed", 0x6983: "blocked", 0x6984: "PIN is off, or invalidated",
    0x6985: "conditions not met", 0x6986: "no file selected", 0x6A80: "wrong data", 0x6A81: "not supported",
    0x6A82: "file not found", 0x6A83: "record not found", 0x6A86: "wrong P1 or P2", 0x6A88: "no such PIN",
    0x6D00: "unknown command", 0x6E00: "unknown class", 0x6F00: "technical trouble",
}  # fmt: skip
_FAMILIES: Final = {
    0x61: "{low} bytes wait", 0x9F: "{low} bytes wait", 0x6C: "the length is {low}", 0x67: "wrong length",
    0x6B: "wrong P1 or P2", 0x92: "memory trouble", 0x91: "done, and the card has a command",
}  # fmt: skip


class Traced:
    """A link that writes every command and answer to ``out``, one line each exchange.

    What a PIN command carries is never written. What is in the holder's files is written as its length alone, unless
    ``contents``. Lines are flushed, so that the last one is there when something breaks.
    """

    def __init__(self, link: Link, out: TextIO, *, contents: bool = False) -> None:
        self.name = link.name
        self._link, self._out, self._contents = link, out, contents
        self._start = clock.ticks()
        self._file = 0
        self._last = 0

    def connect(self) -> bytes:
        """As the link's own."""
        return self._powered(f"CONNECT {self.name}", self._link.connect)

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """As the link's own; the line is written also when it fails."""
        head = f"{_name(apdu)} | {self._command(apdu)}"
        began = clock.ticks()
        with self._telling(head):
            data, word = self._link.transmit(apdu)
        answer = f"{self._answer(apdu, data)} {word:04X} {meaning(word)}".strip()
        self._write(f"{head} | {answer} ({(clock.ticks() - began) * 1000:.1f} ms)")
        self._follow(apdu, word)
        return data, word

    def reset(self) -> bytes:
        """As the link's own."""
        return self._powered("RESET", self._link.reset)

    def disconnect(self) -> None:
        """As the link's own."""
        self._link.disconnect()
        self._write("DISCONNECT")

    def _powered(self, head: str, act: Callable[[], bytes]) -> bytes:
        self._file = self._last = 0
        with self._telling(head):
            atr = act()
        self._write(f"{head} | ATR {_hex(atr)}")
        return atr

    @contextmanager
    def _telling(self, head: str) -> Iterator[None]:
        """Write a line that ends with the trouble, if the block has one."""
        try:
            yield
        except Exception as trouble:
            self._write(f"{head} | {getattr(trouble, 'code', type(trouble).__name__)}")
            raise

    def _write(self, line: str) -> None:
        self._out.write(f"{(clock.ticks() - self._start) * 1000:9.1f} {line}\n")
        self._out.flush()

    def _command(self, apdu: bytes) -> str:
        if len(apdu) <= 5 or self._shown(apdu):
            return _hex(apdu)
        secret = apdu[1] in _SECRET
        return f"{_hex(apdu[:5])} {MASK if secret else f'[{len(apdu) - 5} bytes]'}"

    def _answer(self, apdu: bytes, data: bytes) -> str:
        return _hex(data) if not data or self._shown(apdu) else f"[{len(data)} bytes]"

    def _shown(self, apdu: bytes) -> bool:
        instruction = apdu[1] if len(apdu) > 1 else 0
        if instruction == _GET_RESPONSE:
            instruction = self._last
        if instruction in _HARMLESS:
            return True
        open_file = self._file in _OPEN_FILES and not _has_sfi(apdu)
        return instruction not in _SECRET and (self._contents or open_file)

    def _follow(self, apdu: bytes, word: int) -> None:
        """Remember which file was selected by its id or path; one chosen by an SFI is none of the open ones."""
        if len(apdu) > 1 and apdu[1] != _GET_RESPONSE:
            self._last = apdu[1]
        if len(apdu) < 4 or word >> 8 not in (0x90, 0x61, 0x9F, 0x62):
            return
        by_id = apdu[1] == _SELECT and apdu[2] in (0x00, 0x08, 0x09) and len(apdu) >= 7
        if by_id:
            self._file = int.from_bytes(apdu[5 : 5 + apdu[4]][-2:], "big")
        elif apdu[1] == _SELECT or _has_sfi(apdu):
            self._file = 0


def meaning(word: int) -> str:
    """A status word in words (3GPP TS 51.011, 9.4; ETSI TS 102.221, 10.2)."""
    if word >> 4 == 0x63C:
        return f"{word & 0xF} tries left"
    family = _FAMILIES.get(word >> 8, "")
    return _WORDS.get(word) or family.format(low=word & 0xFF or 256)


def _has_sfi(apdu: bytes) -> bool:
    """Whether a command names a file by an SFI, instead of meaning the selected one."""
    if len(apdu) < 4:
        return False
    return (apdu[1] in (0xB0, 0xD6) and apdu[2] >= 0x80) or (apdu[1] in (0xB2, 0xDC, 0xA2) and apdu[3] >= 8)


def _name(apdu: bytes) -> str:
    return _COMMANDS.get(apdu[1], f"INS {apdu[1]:02X}") if len(apdu) > 1 else "(too short)"


def _hex(raw: bytes) -> str:
    return raw.hex(" ").upper()

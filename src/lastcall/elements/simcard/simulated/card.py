"""A card that does not exist: it answers as a real one, byte for byte, and remembers what was done to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final, Literal

from . import gsm, uicc
from .command import Answer, Command, Status
from .files import Folder, path_of, walk
from .gsm import GsmClass
from .pins import Pin
from .uicc import UiccClass
from .where import Where

Kind = Literal["SIM", "USIM", "both", "other"]
Protocol = Literal["T=0", "T=1"]
PIN1: Final = 0x01
UNIVERSAL: Final = 0x11
PIN2: Final = 0x81
"""Key references (ETSI TS 102.221, 9.5.1)."""

_GSM_NAMES: Final = {
    0xA4: "SELECT", 0xF2: "STATUS", 0xC0: "GET RESPONSE", 0xB0: "READ BINARY", 0xD6: "UPDATE BINARY", 0xB2: "READ RECORD",
    0xDC: "UPDATE RECORD", 0xA2: "SEEK", 0x20: "VERIFY", 0x24: "CHANGE", 0x26: "DISABLE", 0x28: "ENABLE", 0x2C: "UNBLOCK",
    0x04: "INVALIDATE", 0x44: "REHABILITATE", 0x32: "INCREASE", 0x88: "AUTHENTICATE",
}  # fmt: skip


class CardGone(Exception):
    """The card is not in the reader any more."""


class CardMute(Exception):
    """The card has no power, or does not answer."""


class SimulatedCard:
    """A SIM (3GPP TS 51.011), a USIM (TS 31.102), a card that is both, or a card of another trade, which knows no file of these.

    ``root``: its files, from the MF. ``pin``, ``pin2``, ``universal``: its codes; the last two may be missing. ``protocol``: of
    transmission (ISO/IEC 7816-3); with T=1 a SELECT gives its answer at once. ``atr``: another answer to reset than its own.

    ``seen``: the name of each command it got, in order; ``writes``: each change that lasts, a false PIN's lost try included.
    """

    def __init__(
        self,
        root: Folder,
        *,
        kind: Kind = "SIM",
        pin: Pin | None = None,
        pin2: Pin | None = None,
        universal: Pin | None = None,
        protocol: Protocol = "T=0",
        atr: bytes | None = None,
    ) -> None:
        self.root, self.kind, self.protocol = root, kind, protocol
        self.pin, self.pin2, self.universal = pin or Pin(), pin2, universal
        self.atr = _atr(kind, protocol) if atr is None else atr
        self.seen: list[str] = []
        self.writes: list[str] = []
        self.present = True
        self._left: int | None = None
        self._powered = False
        self._where = Where.start(root)

    def power_on(self) -> bytes:
        """Power it on, or reset it: all that a PIN opened is closed. Gives its answer to reset; none when it is mute.

        Raises :class:`CardGone`.
        """
        self._require_present()
        self._powered = True
        self._where = Where.start(self.root)
        for pin in self._pins():
            pin.close()
        return self.atr

    def power_off(self) -> None:
        """Take its power."""
        self._powered = False
        for pin in self._pins():
            pin.close()

    def pull_after(self, commands: int) -> None:
        """Let it be pulled out once it has answered that many more commands."""
        self._left = commands

    def put_back(self) -> None:
        """Put it into the reader again, powerless."""
        self.power_off()
        self.present, self._left = True, None

    def transmit(self, apdu: bytes) -> bytes:
        """Answer a command: the data, then the two bytes of the status word.

        Raises :class:`CardGone` when it was pulled out, :class:`CardMute` when it has no power.
        """
        if self._left == 0:
            self.present = False
            self.power_off()
        self._require_present()
        if not self._powered:
            raise CardMute
        if self._left is not None:
            self._left -= 1
        answer = self._answer(bytes(apdu))
        return answer.data + answer.word.to_bytes(2, "big")

    def image(self) -> bytes:
        """All that it keeps without power: every byte of every file, its header, and the codes with their counters (of the codes
        themselves a digest). Two images are equal when nothing on the card has changed."""
        parts = [
            f"{path_of(file)} {file.structure} {file.record} {file.invalidated} {len(file.data)}\n".encode() + file.data
            for file in walk(self.root)
        ]
        for pin in self._pins():
            code, *rest = pin.state()
            parts.append(f"{hashlib.sha256(code.encode()).hexdigest()} {rest}\n".encode())
        return b"\n".join(parts)

    def _answer(self, apdu: bytes) -> Answer:
        before = [pin.state() for pin in self._pins()]
        waiting, self._where.waiting = self._where.waiting, b""
        try:
            command = Command.read(apdu)
            self.seen.append(_name(command))
            if command.ins == 0xC0:
                self._where.waiting = waiting
            answer = self._class(command).answer(command)
        except Status as status:
            answer = Answer(word=status.word)
        self._where.waiting = answer.later
        self._note_codes(before)
        return answer

    def _class(self, command: Command) -> GsmClass | UiccClass:
        if command.cla == gsm.CLASS and self.kind in ("SIM", "both"):
            pins = {1: self.pin} | ({2: self.pin2} if self.pin2 else {})
            return GsmClass(self._where, pins, self.writes.append)
        if self.kind == "other" and command.cla == 0:
            raise Status(0x6A82 if command.ins == 0xA4 else 0x6D00)
        if command.cla in uicc.CLASSES and self.kind in ("USIM", "both"):
            optional = {PIN2: self.pin2, UNIVERSAL: self.universal}
            keys = {PIN1: self.pin} | {key: pin for key, pin in optional.items() if pin}
            return UiccClass(self._where, keys, self.writes.append, self.protocol == "T=1")
        raise Status(0x6E00)

    def _note_codes(self, before: list[tuple[str, bool, int, int, bool]]) -> None:
        for place, (pin, was) in enumerate(zip(self._pins(), before, strict=True), start=1):
            names = ("code", "enabled", "tries", "puk_tries", "replaced")
            self.writes += [
                f"{name} of PIN {place}" for name, old, new in zip(names, was, pin.state(), strict=True) if old != new
            ]

    def _pins(self) -> Iterable[Pin]:
        return [pin for pin in (self.pin, self.pin2, self.universal) if pin is not None]

    def _require_present(self) -> None:
        if not self.present:
            raise CardGone


def _name(command: Command) -> str:
    name = _GSM_NAMES.get(command.ins, f"INS {command.ins:02X}")
    if name == "SELECT" and len(command.data) == 2:
        return f"SELECT {command.data.hex().upper()}"
    return f"{name} {command.p1}" if name in ("READ RECORD", "UPDATE RECORD") else name


def _atr(kind: Kind, protocol: Protocol) -> bytes:
    """Seven historical bytes that no real card is known by; those of a UICC say what a UICC must (TS 102.221, 6.3)."""
    historical = b"LASTSIM" if kind == "SIM" else bytes.fromhex("8031E073FE211B")
    if protocol == "T=0":
        return b"\x3b\x07" + historical
    head = bytes([0x87, 0x01]) + historical
    check = 0
    for byte in head:
        check ^= byte
    return b"\x3b" + head + bytes([check])

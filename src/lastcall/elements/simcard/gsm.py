"""A SIM, spoken to in class A0 (3GPP TS 51.011, 9)."""

from __future__ import annotations

from typing import Final

from lastcall.core.simcard.pin import PinState

from .channel import UNBLOCK, Answer, Channel
from .files import MASTER_PATH, SIM_LAYOUT
from .found import read_gsm
from .iccid import read_iccid
from .link import Link
from .tree import Tree, Unreadable

_CLASS: Final = 0xA0
_CHV1: Final = 0x01
_UNBLOCK_CHV1: Final = 0x00


class Gsm:
    """Implements :class:`~.speech.Speech`."""

    kind = "SIM"

    def __init__(self, link: Link) -> None:
        self.channel = Channel(link, _CLASS)
        self.tree = Tree(self.channel, read_gsm, p2=0x00)
        self.layout = SIM_LAYOUT

    @classmethod
    def greet(cls, link: Link) -> Gsm | None:
        """The SIM behind the link; None where there is none."""
        gsm = cls(link)
        try:
            gsm.tree.restart(MASTER_PATH)
        except Unreadable:
            return None
        return gsm

    def iccid(self) -> str:
        return read_iccid(self.tree)

    def pin(self) -> PinState:
        """CHV1 as the master file's answer to SELECT tells it (9.2.1)."""
        try:
            found = self.tree.restart(MASTER_PATH)
        except Unreadable:
            return PinState(enabled=None, tries=None, puk_tries=None)
        return PinState(enabled=found.enabled, tries=found.tries, puk_tries=found.puk_tries)

    def act(self, ins: int, data: bytes) -> Answer:
        with self.channel.acting():
            return self.channel.send(ins, 0x00, _UNBLOCK_CHV1 if ins == UNBLOCK else _CHV1, data)

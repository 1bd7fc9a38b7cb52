"""What a card understands: class A0 or class 00, behind one face."""

from __future__ import annotations

from typing import Protocol

from lastcall.core.simcard.pin import PinState

from .channel import Answer, Channel
from .files import Layout
from .tree import Tree


class Speech(Protocol):
    """One class of commands to one card that is powered on."""

    kind: str
    """``SIM`` or ``USIM``."""
    channel: Channel
    tree: Tree
    layout: Layout

    def iccid(self) -> str:
        """Empty where it cannot be read."""

    def pin(self) -> PinState:
        """Without costing a try."""

    def act(self, ins: int, data: bytes) -> Answer:
        """A command on the PIN, its ``data`` padded already."""

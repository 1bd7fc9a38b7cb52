"""Readers that do not exist, with cards that do not exist in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lastcall.core.ports import ReaderName
from lastcall.elements.simcard import link as troubles

from .card import CardGone, CardMute, SimulatedCard


@dataclass(slots=True, eq=False)
class Slot:
    """One reader. ``plugged``: whether it is there; ``held``: by which link; ``changes``: how often a card went in or out."""

    name: str
    card: SimulatedCard | None
    plugged: bool = True
    held: SimulatedLink | None = None
    changes: int = 0

    @property
    def filled(self) -> bool:
        return self.card is not None and self.card.present


class SimulatedLinks:
    """:class:`~lastcall.elements.simcard.link.Links` in this process: a reader for each card; None is an empty reader."""

    name = "simulated"

    def __init__(self, cards: Sequence[SimulatedCard | None]) -> None:
        self._slots = [Slot(f"Simulated reader {place}", card) for place, card in enumerate(cards, start=1)]

    def names(self) -> tuple[ReaderName, ...]:
        plugged = [slot for slot in self._slots if slot.plugged]
        return tuple(ReaderName(number, slot.name, slot.filled) for number, slot in enumerate(plugged, start=1))

    def link(self, number: int) -> SimulatedLink:
        plugged = [slot for slot in self._slots if slot.plugged]
        if not 1 <= number <= len(plugged):
            raise troubles.no_reader(number)
        return SimulatedLink(plugged[number - 1])

    def insert(self, place: int, card: SimulatedCard) -> None:
        """Put a card into a reader, counted from 1 whether plugged in or not."""
        card.put_back()
        slot = self._slots[place - 1]
        slot.card, slot.changes = card, slot.changes + 1

    def pull_out(self, place: int) -> None:
        """Take the card out of a reader."""
        slot = self._slots[place - 1]
        if slot.card is not None:
            slot.card.power_off()
        slot.card, slot.changes = None, slot.changes + 1

    def unplug(self, place: int) -> None:
        """Take the whole reader away."""
        self._slots[place - 1].plugged = False


class SimulatedLink:
    """:class:`~lastcall.elements.simcard.link.Link` to whatever card is in the reader when it connects, and to no other."""

    def __init__(self, slot: Slot) -> None:
        self.name = slot.name
        self._slot = slot
        self._card: SimulatedCard | None = None
        self._changes = 0

    def connect(self) -> bytes:
        slot = self._slot
        if not slot.plugged:
            raise troubles.reader_gone(self.name)
        if slot.card is None or not slot.card.present:
            raise troubles.no_card(self.name)
        if slot.held not in (None, self):
            raise troubles.reader_busy(self.name)
        slot.held, self._card, self._changes = self, slot.card, slot.changes
        try:
            return self._power_on(slot.card)
        except BaseException:
            self.disconnect()
            raise

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        card = self._require()
        try:
            answer = card.transmit(apdu)
        except CardGone:
            raise troubles.card_removed(self.name) from None
        except CardMute:
            raise troubles.card_mute(self.name) from None
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    def reset(self) -> bytes:
        return self._power_on(self._require())

    def disconnect(self) -> None:
        if self._card is not None and self._slot.changes == self._changes:
            self._card.power_off()
        self._card = None
        if self._slot.held is self:
            self._slot.held = None

    def _power_on(self, card: SimulatedCard) -> bytes:
        try:
            atr = card.power_on()
        except CardGone:
            raise troubles.card_removed(self.name) from None
        if atr[:1] not in (b"\x3b", b"\x3f"):
            raise troubles.card_mute(self.name)
        return atr

    def _require(self) -> SimulatedCard:
        if not self._slot.plugged:
            raise troubles.reader_gone(self.name)
        if self._card is None or self._slot.changes != self._changes:
            raise troubles.card_removed(self.name)
        return self._card

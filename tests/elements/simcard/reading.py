"""Cards to read in tests: made of what should stand on them, opened over simulated links."""

from __future__ import annotations

from typing import Any

from lastcall.core.ports import SimCard
from lastcall.core.simcard.card import Card
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.files import File, Folder, path_of, walk
from lastcall.elements.simcard.simulated.layout import Contents, Layout
from lastcall.elements.simcard.simulated.links import SimulatedLinks
from lastcall.elements.simcard.simulated.pins import Pin
from lastcall.elements.simcard.simulated.written import Line

ICCID = "8970199000000009008"
IMSI = "250990000000900"
PIN = "1234"
PUK = "12345678"


def contents(**more: Any) -> Contents:
    """A card of Demo Mobile with what a test wants on it."""
    return Contents(**({"iccid": ICCID, "imsi": IMSI, "provider": "Demo Mobile"} | more))


def sim(pin: Pin | None = None, **more: Any) -> SimulatedCard:
    """Class A0 alone."""
    return SimulatedCard(Layout(contents(**more)).sim(), kind="SIM", pin=pin)


def usim(pin: Pin | None = None, *, book: Folder | None = None, **more: Any) -> SimulatedCard:
    """Class 00 alone. ``book``: a phone book of the application's own."""
    return SimulatedCard(Layout(contents(**more)).uicc(gsm=False, local_book=book), kind="USIM", pin=pin)


def both(pin: Pin | None = None, **more: Any) -> SimulatedCard:
    """A card that is SIM and USIM."""
    return SimulatedCard(Layout(contents(**more)).uicc(gsm=True), kind="both", pin=pin)


def opened(card: SimulatedCard) -> SimCard:
    """The card in the only reader."""
    return Readers(SimulatedLinks([card])).open()


def read(card: SimulatedCard, *, pin: str = PIN, deleted: bool = False) -> Card:
    """All that is on it, with its PIN when it asks for one that is not blocked."""
    hand = opened(card)
    state = hand.pin()
    if state.enabled and not state.blocked:
        hand.verify(pin)
    return hand.read(deleted=deleted)


def file(card: SimulatedCard, path: str) -> File:
    """As ``7F10/6F3A``."""
    return next(found for found in walk(card.root) if path_of(found) == path)


def contacts(count: int) -> tuple[Line, ...]:
    """So many lines that differ."""
    return tuple(Line(f"Contact {place}", f"+7943{place:07d}") for place in range(1, count + 1))

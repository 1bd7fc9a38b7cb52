"""The SIM or USIM in a card reader (3GPP TS 51.011, TS 31.102; ETSI TS 102.221), and the one place that chooses the readers."""

from __future__ import annotations

from typing import Final, TextIO

from lastcall.core.errors import BadInput
from lastcall.core.ports import SimReaders

from .link import Links
from .readers import Readers

_DEFAULT_DECK: Final = "li_wei"


def make_readers(spec: str, *, trace: TextIO | None = None, contents: bool = False) -> SimReaders:
    """``spec``: ``pcsc``, the card readers of this computer; or ``simulated``, one reader with a card that does not exist, or
    ``simulated:deck,deck`` with these (names of :data:`~lastcall.elements.simcard.simulated.DECKS`).

    ``trace``: every command and answer is written there as a line, secrets masked, and what is on the card only with
    ``contents``. Nothing is opened yet. Raises :class:`~lastcall.core.errors.BadInput`: ``unknown_readers``, ``unknown_deck``.
    """
    return Readers(_links(spec), trace=trace, contents=contents)


def _links(spec: str) -> Links:
    name, _, decks = spec.partition(":")
    if name == "simulated":
        return _simulated(decks or _DEFAULT_DECK)
    if spec == "pcsc":
        from .pcsc import PcscLinks

        return PcscLinks()
    raise BadInput(
        f"There are no card readers called {spec!r}.",
        code="unknown_readers",
        remedy="Set pcsc, simulated, or simulated:deck with one or more decks.",
    )


def _simulated(decks: str) -> Links:
    from .simulated import SimulatedLinks, deck

    return SimulatedLinks([deck(name.strip()) for name in decks.split(",")])

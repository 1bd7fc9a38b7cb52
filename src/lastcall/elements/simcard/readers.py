"""The card readers of this computer, and the SIM in one of them."""

from __future__ import annotations

from typing import TextIO

from lastcall.core.errors import BadInput, ElementTrouble, NotFound
from lastcall.core.ports import ReaderName, SimCard

from .link import Links
from .opened import OpenedCard
from .trace import Traced


class Readers:
    """Implements :class:`lastcall.core.ports.SimReaders` over ``links``. ``trace`` and ``contents``: as :class:`~.trace.Traced`."""

    def __init__(self, links: Links, *, trace: TextIO | None = None, contents: bool = False) -> None:
        self._links = links
        self._trace = trace
        self._contents = contents
        self.name = links.name

    def names(self) -> tuple[ReaderName, ...]:
        """All readers, numbered from 1."""
        return self._links.names()

    def open(self, number: int | None = None) -> SimCard:
        """The card in reader ``number``, else in the only one that has a card; powered on."""
        link = self._links.link(self._only() if number is None else number)
        return OpenedCard(link if self._trace is None else Traced(link, self._trace, contents=self._contents))

    def _only(self) -> int:
        names = self.names()
        if not names:
            raise NotFound("There is no card reader.", code="no_reader", remedy="Plug one in.")
        filled = [reader.number for reader in names if reader.card]
        if not filled:
            raise ElementTrouble(
                "There is no card in any reader.",
                permanent=False,
                code="no_card",
                remedy="Put the card in, chip first.",
            )
        if len(filled) > 1:
            numbers = ", ".join(map(str, filled))
            raise BadInput(
                f"Several readers have a card: {numbers}.", code="which_reader", remedy="Say which one by its number."
            )
        return filled[0]

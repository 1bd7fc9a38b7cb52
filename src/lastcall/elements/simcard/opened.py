"""One card in one reader, opened for one person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from lastcall.core.errors import ElementTrouble
from lastcall.core.simcard.card import Card
from lastcall.core.simcard.pin import PinState

from . import pin_acts
from .gsm import Gsm
from .link import Link, card_removed
from .reading import Reading
from .speech import Speech
from .uicc import Uicc

_GONE: Final = ("no_card", "card_removed", "reader_gone", "card_mute", "reader_busy")


class OpenedCard:
    """Implements :class:`lastcall.core.ports.SimCard`.

    A card that was pulled out is powered on again by the next call, which works when the same card is back; what its PIN opened
    is closed then. Another card is refused as ``card_removed``: nobody's PIN is tried on a card that it was not given for.
    """

    def __init__(self, link: Link) -> None:
        """Powers the card on. Raises :class:`~lastcall.core.errors.ElementTrouble` (``not_a_sim`` and what the link raises)."""
        self._link = link
        self._lost = False
        self._speech, self.atr = _greeted(link)
        self.kind = self._speech.kind
        self._iccid = self._asked_iccid()

    def iccid(self) -> str:
        with self._talking():
            return self._iccid

    def pin(self) -> PinState:
        with self._talking() as speech:
            return speech.pin()

    def verify(self, pin: str) -> None:
        with self._talking() as speech:
            pin_acts.verify(speech, pin)

    def disable(self, pin: str) -> None:
        with self._talking() as speech:
            pin_acts.disable(speech, pin)

    def enable(self, pin: str) -> None:
        with self._talking() as speech:
            pin_acts.enable(speech, pin)

    def change(self, pin: str, new: str) -> None:
        with self._talking() as speech:
            pin_acts.change(speech, pin, new)

    def unblock(self, puk: str, new: str) -> None:
        with self._talking() as speech:
            pin_acts.unblock(speech, puk, new)

    def read(self, *, deleted: bool = False, progress: Callable[[int, int], None] | None = None) -> Card:
        with self._talking() as speech:
            reading = Reading(speech.tree, deleted=deleted, progress=progress)
            return reading.read(
                speech.channel, speech.layout, kind=self.kind, atr=self.atr, iccid=self._iccid, pin=speech.pin()
            )

    def close(self) -> None:
        """Powers the card off. A later call powers it on again."""
        self._lost = True
        self._link.disconnect()

    def _asked_iccid(self) -> str:
        try:
            return self._speech.iccid()
        except ElementTrouble:
            self._link.disconnect()
            raise

    @contextmanager
    def _talking(self) -> Iterator[Speech]:
        try:
            if self._lost:
                self._come_back()
            yield self._speech
        except ElementTrouble as trouble:
            self._lost = self._lost or trouble.code in _GONE
            if trouble.code == "no_card":
                raise card_removed(self._link.name) from None
            raise

    def _come_back(self) -> None:
        speech, atr = _greeted(self._link)
        # A card without a readable number cannot be told from others of its make.
        if not self._iccid or (atr, speech.kind, speech.iccid()) != (self.atr, self.kind, self._iccid):
            self._link.disconnect()
            raise ElementTrouble(
                f"Another card may be in {self._link.name} now.", permanent=False, code="card_removed",
                remedy="Put the first card in again, or start anew with this one.",
            )  # fmt: skip
        self._speech, self._lost = speech, False


def _greeted(link: Link) -> tuple[Speech, str]:
    """The card as it wants to be spoken to, and its answer to reset in hexadecimal digits."""
    atr = link.connect()
    try:
        speech: Speech | None = Uicc.greet(link)
        if speech is None:
            # A card that was spoken to in one class may refuse the other until it is reset (3GPP TS 31.101).
            link.reset()
            speech = Gsm.greet(link)
    except ElementTrouble:
        link.disconnect()
        raise
    if speech is None:
        link.disconnect()
        raise ElementTrouble(
            f"The card in {link.name} is no SIM.", permanent=True, code="not_a_sim",
            remedy="Put the SIM into the reader, in its adapter where it needs one.",
        )  # fmt: skip
    return speech, atr.hex().upper()

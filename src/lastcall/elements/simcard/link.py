"""What stands between us and a card: a reader that passes commands on. The card's own language is none of its business."""

from __future__ import annotations

from typing import Protocol

from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.core.ports import ReaderName


class Link(Protocol):
    """One card in one reader, for one program at a time.

    Raises :class:`~lastcall.core.errors.ElementTrouble`: ``no_card`` (nothing is in the reader), ``card_removed`` (it was there
    before), ``reader_gone``, ``card_mute`` (it does not answer), ``reader_busy`` (another program has it); all temporary.
    """

    name: str
    """The reader's, as its maker calls it."""

    def connect(self) -> bytes:
        """Power the card on. Gives its answer to reset (ISO/IEC 7816-3, 8)."""

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """One command APDU (ISO/IEC 7816-4). Gives the data of the answer and its status word, 16 bits.

        Answers that ask for another command (``61xx``, ``9Fxx``, ``6Cxx``) are given as they are, unless the reader itself has
        dealt with them.
        """

    def reset(self) -> bytes:
        """Reset the card: what a PIN opened is closed. Gives its answer to reset."""

    def disconnect(self) -> None:
        """Power the card off and let the reader go. Never raises; twice is once."""


class Links(Protocol):
    """The readers of this computer."""

    name: str

    def names(self) -> tuple[ReaderName, ...]:
        """All of them, numbered from 1. Raises :class:`~lastcall.core.errors.ElementTrouble`."""

    def link(self, number: int) -> Link:
        """A link to the card in reader ``number``, not connected yet. Raises ``NotFound`` (``no_reader``)."""


def no_reader(number: int) -> NotFound:
    """There is no reader of that number."""
    return NotFound(
        f"There is no card reader {number}.", code="no_reader", remedy="Plug a reader in, or choose another one."
    )


def no_card(reader: str) -> ElementTrouble:
    """Nothing is in the reader."""
    return _trouble("no_card", f"There is no card in {reader}.", "Put the card in, chip first.")


def card_removed(reader: str) -> ElementTrouble:
    """The card was there, and is not any more."""
    return _trouble("card_removed", f"The card was taken out of {reader}.", "Put it in again and start anew.")


def reader_gone(reader: str) -> ElementTrouble:
    """The reader was unplugged, or the program that looks after readers has ended."""
    return _trouble("reader_gone", f"{reader} is not there any more.", "Plug the reader in again and start anew.")


def card_mute(reader: str) -> ElementTrouble:
    """There is a card, and it says nothing that can be understood."""
    return _trouble(
        "card_mute",
        f"The card in {reader} does not answer.",
        "Take it out, wipe its contacts, and turn it chip side down.",
    )


def reader_busy(reader: str) -> ElementTrouble:
    """Another program talks to the card."""
    return _trouble(
        "reader_busy",
        f"Another program uses {reader}.",
        "Close the other programs that use card readers and try again.",
    )


def _trouble(code: str, message: str, remedy: str) -> ElementTrouble:
    return ElementTrouble(message, permanent=False, code=code, remedy=remedy)

"""Whether all contacts and all messages that a card holds could be read, from what its reading says of it."""

from __future__ import annotations

from typing import Final

from lastcall.core.simcard.card import Card
from lastcall.core.simcard.handling import BOTH

_CONTACTS: Final = ("phone book", "fixed dialling numbers")
_MESSAGES: Final = ("messages",)
_OTHERS: Final = (
    "imsi", "own number", "provider's name", "last-dialled numbers", "service numbers", "outgoing calls", "received calls",
)  # fmt: skip
"""What else notes tell of: no contacts of an address book, and no messages."""
_LISTS: Final = frozenset({"phone_book", "fixed_dialling"})


def partial(card: Card) -> str:
    """Of what not all could be read: one of ``handling.PARTIAL``.

    A note that names no list and no file that is known may mean both. A file that the card has not is no gap, nor is a part of a
    message that never came.
    """
    gaps = [note.lower() for note in card.notes if not _is_absent(note)]
    unclear = any(not _names(note, (*_CONTACTS, *_MESSAGES, *_OTHERS)) for note in gaps)
    contacts = any(_names(note, _CONTACTS) for note in gaps) or any(
        entry.damaged for entry in card.entries if entry.list in _LISTS
    )
    messages = any(_names(note, _MESSAGES) for note in gaps) or any(message.damaged for message in card.messages)
    if unclear or (contacts and messages):
        return BOTH
    return "contacts" if contacts else "messages" if messages else ""


def _is_absent(note: str) -> bool:
    return note.startswith("The card has no ") and "though it names" not in note


def _names(note: str, words: tuple[str, ...]) -> bool:
    return any(word in note for word in words)

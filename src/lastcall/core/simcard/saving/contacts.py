"""Which lines of a card are contacts, for an address book."""

from __future__ import annotations

from lastcall.core.simcard.card import Card, Entry
from lastcall.core.simcard.saving.texts import one_line


def contacts(card: Card) -> tuple[Entry, ...]:
    """The phone book, then the numbers fixed for dialling that it does not hold under the same name; only what can be shown.

    Not among them: the holder's own numbers, the operator's service numbers, and what was dialled last. Those are in
    ``contacts.csv`` and ``card.json``.
    """
    book = tuple(filter(shown_name, card.of("phone_book")))
    known = {_key(entry) for entry in book}
    fixed = filter(shown_name, card.of("fixed_dialling"))
    return (*book, *(entry for entry in fixed if _key(entry) not in known))


def shown_name(entry: Entry) -> str:
    """What a contact is shown as: its name, else what there is; empty where there is nothing."""
    return next(filter(None, map(one_line, (entry.name, entry.second_name, *entry.numbers, *entry.mails))), "")


def _key(entry: Entry) -> tuple[str, tuple[str, ...]]:
    return entry.name, entry.numbers

"""Of what not all could be read: as the reading's notes and the records' damages say it, and rather too much than too little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lastcall.core.simcard.card import Card
from lastcall.core.simcard.wholeness import partial
from lastcall.elements.simcard import messages, phone_book
from lastcall.elements.simcard.files import SIM_LAYOUT, usim_layout
from lastcall.elements.simcard.linear import Records
from lastcall.elements.simcard.notes import Notes
from tests.core.simcard import filled

EMPTY = replace(filled.empty(), calls=())
BAD = "two octets of the number are no digits"


def noted(*notes: str) -> str:
    return partial(replace(EMPTY, notes=notes))


def test_a_card_with_nothing_on_it_is_whole() -> None:
    assert partial(EMPTY) == ""


def words() -> Iterator[tuple[str, str]]:
    """What notes call each file that is read, and of what it is a part."""
    for layout in (SIM_LAYOUT, usim_layout()):
        for place in layout.places:
            for file in place.lists:
                yield file.words, "contacts" if file.list in {"phone_book", "fixed_dialling"} else ""
    yield from ((part, "contacts") for part in (phone_book.WORDS, *phone_book._NAMED.values()))
    yield from ((messages.WORDS, "messages"), ("IMSI", ""), ("provider's name", ""))


@pytest.mark.parametrize(("name", "part"), sorted(set(words())))
def test_each_file_that_cannot_be_read_belongs_to_its_kind(name: str, part: str) -> None:
    notes = Notes()
    notes.records(name, Records(raw={}, announced=3, total=3, failed={1: 0x6581}))
    assert noted(*notes.all(EMPTY.pin, expected=())) == part


@pytest.mark.parametrize(
    ("note", "part"),
    [
        ("Closed by the PIN: phone book, own numbers, messages of application 2.", "both"),
        ("The card lets nobody read: service numbers.", ""),
        ("The card has no phone book.", ""),
        ("The card has no e-mail addresses of the phone book, though it names them.", "contacts"),
        ("The card names more records than a card can have: reading stopped before the end.", "both"),
        ("The card's own number (ICCID) cannot be read.", ""),
        ("What nobody has written yet.", "both"),
    ],
)
def test_a_note_that_is_not_clear_may_mean_both(note: str, part: str) -> None:
    assert noted(note) == part


@pytest.mark.parametrize(
    ("card", "part"),
    [
        (replace(EMPTY, entries=(filled.entry(1, "Anna", damaged=BAD),)), "contacts"),
        (replace(EMPTY, entries=(filled.entry(1, "", damaged=BAD, list="own_numbers"),)), ""),
        (replace(EMPTY, messages=(filled.message(1, "?", damaged=BAD),)), "messages"),
        (replace(EMPTY, messages=(filled.message(1, "one of two", parts=2, missing=(2,)),)), ""),
        (replace(EMPTY, calls=filled.CALLS), ""),
        (filled.card(notes=()), "both"),
    ],
    ids=["a contact", "an own number", "a message", "a part that never came", "a call", "all"],
)
def test_damaged_records_count_with_their_kind(card: Card, part: str) -> None:
    assert partial(card) == part

"""What a card shows in two places is saved once, and nothing that differs is lost with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lastcall.core.simcard.card import Card, Room
from lastcall.elements.simcard.simulated import deck
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.files import File
from lastcall.elements.simcard.simulated.layout import Layout
from lastcall.elements.simcard.simulated.phone_book import Person, rich_book
from lastcall.elements.simcard.simulated.written import (
    READ,
    Line,
    Text,
    alpha,
    extension_record,
    filled_extensions,
    number_record,
    sms_records,
)

from .reading import both, contacts, contents, file, read

AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
ALIKE = tuple(Line(f"P{place}", f"+7943000800{place}") for place in range(1, 6))


def apart(card: SimulatedCard, path: str) -> File:
    """The file at ``path``, with contents of its own from now on."""
    found = file(card, path)
    found.data = bytearray(found.data)
    return found


def beside(own: tuple[Person, ...], common: tuple[Line, ...]) -> Card:
    """A card with a phone book of the application's own and a SIM's."""
    book = rich_book((own,), labels=(), groups=(), places=20)
    root = Layout(contents(places=20, phone_book=common)).uicc(gsm=True, local_book=book)
    return read(SimulatedCard(root, kind="both"))


@pytest.mark.parametrize("place", [1, 3, 4, 5])
def test_one_contact_that_differs_is_found_wherever_it_stands(place: int) -> None:
    other = Line("Mid", "+79430009999")
    common = (*ALIKE[: place - 1], other, *ALIKE[place:])
    found = beside(tuple(map(Person, ALIKE)), common)
    assert [line.name for line in found.of("phone_book")] == ["P1", "P2", "P3", "P4", "P5", "Mid"]


def test_a_contact_more_is_found_and_the_others_stand_once() -> None:
    found = beside(tuple(map(Person, ALIKE)), (*ALIKE, Line("Lost", "+79430009999")))
    assert [line.name for line in found.of("phone_book")] == ["P1", "P2", "P3", "P4", "P5", "Lost"]


def test_a_contact_with_more_to_it_stands_once_with_all_of_it() -> None:
    rich = Person(ALIKE[0], mail="p@example.org", second_name="Pp")
    found = beside((rich, *map(Person, ALIKE[1:])), ALIKE)
    assert [(line.name, line.mails) for line in found.of("phone_book")][:2] == [("P1", ("p@example.org",)), ("P2", ())]
    assert len(found.of("phone_book")) == 5
    assert found.rooms[0] == Room(of="phone_book", used=5, total=20)


def test_two_numbers_that_differ_only_where_they_go_on_are_both_saved() -> None:
    card = both(fixed=contacts(2))
    own, common = apart(card, "7FFF/6F3B"), apart(card, "7F10/6F3B")
    own.data[:32] = common.data[:32] = number_record(alpha("Long"), "1234567890" * 2, room=18, extension=1)
    apart(card, "7FFF/6F4B").data[:] = filled_extensions(extension_record("11"), 2)
    apart(card, "7F10/6F4B").data[:] = filled_extensions(extension_record("22"), 2)
    lines = [line for line in read(card).of("fixed_dialling") if line.name == "Long"]
    assert [line.numbers[0][20:] for line in lines] == ["11", "22"]


def test_a_fixed_number_that_differs_in_the_middle_is_saved() -> None:
    card = both(fixed=contacts(6))
    apart(card, "7F10/6F3B").data[3 * 32 : 4 * 32] = number_record(alpha("Mid"), "0611", room=18)
    names = [line.name for line in read(card).of("fixed_dialling")]
    assert names == [*(f"Contact {place}" for place in range(1, 7)), "Mid"]


def test_a_message_that_differs_in_the_middle_is_saved_and_the_others_once() -> None:
    texts = tuple(Text(READ, "+79430000111", f"Message {place}", AT + timedelta(hours=place)) for place in range(6))
    card = both(texts=texts, text_places=10)
    (mid,) = sms_records(replace(texts[3], text="Mid"), "+79430000001")
    apart(card, "7F10/6F3C").data[3 * 176 : 4 * 176] = mid
    found = read(card)
    assert sorted(message.text for message in found.messages) == [*(f"Message {place}" for place in range(6)), "Mid"]


def test_the_same_files_in_two_places_are_one() -> None:
    found = read(both(phone_book=contacts(5), fixed=contacts(3), texts=(Text(READ, "0611", "One", AT),)))
    assert [len(found.of(name)) for name in ("phone_book", "fixed_dialling")] == [5, 3]
    assert len(found.messages) == 1
    assert {room.of: room.used for room in found.rooms}["fixed_dialling"] == 3


def test_two_contacts_of_the_same_words_in_one_file_stay_two() -> None:
    twice = (ALIKE[0], ALIKE[0])
    assert len(beside(tuple(map(Person, ALIKE)), ALIKE).of("phone_book")) == 5
    assert len(beside(tuple(map(Person, twice)), twice).of("phone_book")) == 2


def test_a_deck_with_a_name_chosen_by_the_sender_says_so() -> None:
    named = {message.party for message in read(deck("li_wei")).messages if message.named}
    assert all(not party.lstrip("+").isdigit() for party in named) and named

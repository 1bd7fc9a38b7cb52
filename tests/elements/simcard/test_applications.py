"""Several applications on one card (ETSI TS 102.221, 13.1; 3GPP TS 31.102, TS 31.103)."""

from __future__ import annotations

import pytest

from lastcall.core.simcard.card import Card
from lastcall.elements.simcard.files import TELECOM, USIM, further
from lastcall.elements.simcard.link import Link
from lastcall.elements.simcard.simulated import SimulatedLinks, deck
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.decks import SECOND_IMSI
from lastcall.elements.simcard.simulated.files import walk
from lastcall.elements.simcard.simulated.layout import AID, SECOND_AID
from lastcall.elements.simcard.uicc import Uicc

from .reading import IMSI, PIN, file, opened, read, sim, usim

FIRST, SECOND = "Demo Mobile", "演示移动"


@pytest.fixture(scope="module")
def two() -> Card:
    """Read once: nothing of it changes."""
    return read(deck("two_usims"))


def test_all_applications_are_listed_with_their_labels_and_who_the_holder_is(two: Card) -> None:
    assert [(each.kind, each.label, each.imsi, each.private_identity) for each in two.applications] == [
        ("ISIM", "ISIM", "", "user@example.org"),
        ("USIM", FIRST, IMSI, ""),
        ("USIM", SECOND, SECOND_IMSI, ""),
        ("CSIM", "CSIM", "", ""),
    ]
    assert two.applications[0].public_identities == ("sip:user@example.org",)
    assert two.applications[1].aid == AID.hex().upper()
    assert (two.imsi, two.notes) == (IMSI, ())


def test_the_phone_book_of_each_is_read_and_the_common_one_is_nobodys(two: Card) -> None:
    book = two.of("phone_book")
    assert {(line.application, line.file) for line in book} == {
        ("", "7F10/5F3A/4F3A"), (SECOND, "7FFF.3/5F3A/4F3A"),
    }  # fmt: skip
    assert [(line.name, line.labels) for line in book if line.application] == [
        ("李娜", ("", "家")), ("Дедушка", ("", "Работа")), ("Boss", ("", "Дача")),
    ]  # fmt: skip


def test_numbers_messages_and_calls_of_each_are_named(two: Card) -> None:
    assert [(line.name, line.application) for line in two.of("own_numbers")] == [("Первый", FIRST), ("第二", SECOND)]
    assert {message.application for message in two.messages} == {FIRST, SECOND}
    assert [call.application for call in two.calls if call.received] == [FIRST, FIRST, SECOND]


def test_the_only_usim_of_a_card_is_not_named_on_its_lines() -> None:
    card = read(usim())
    assert [(each.kind, each.label, each.imsi) for each in card.applications] == [("USIM", "USIM", IMSI)]
    assert {line.application for line in read(deck("with_isim")).entries} == {""}


def test_after_a_reading_the_pin_is_still_that_of_the_first() -> None:
    card = deck("two_usims")
    hand = opened(card)
    hand.verify(PIN)
    before = hand.pin()
    first = hand.read()
    assert (hand.pin(), hand.read()) == (before, first)
    hand.disable(PIN)
    assert hand.pin().enabled is False


def test_without_the_pin_they_are_listed_and_what_is_closed_is_said_of_each() -> None:
    card = opened(deck("two_usims")).read()
    assert [(each.label, each.imsi) for each in card.applications][1:3] == [(FIRST, ""), (SECOND, "")]
    assert "own numbers of application 3" in card.notes[0]
    assert all(note.isascii() for note in card.notes)


def test_a_second_usim_that_cannot_be_read_leaves_the_first_whole() -> None:
    card = deck("two_usims")
    second = next(folder for folder in card.root.applications() if folder.aid == SECOND_AID)
    for each in walk(second):
        each.invalidated = True
    found = read(card)
    assert (found.imsi, found.applications[2].imsi) == (IMSI, "")
    assert len(found.of("phone_book")) == 8
    assert found.notes[0] == "Own numbers of application 3: it is switched off on the card."


def test_applications_that_are_named_and_not_there_are_listed_and_no_obstacle() -> None:
    card = deck("two_usims")
    card.root.children = [child for child in card.root.children if getattr(child, "aid", b"") in (b"", AID)]
    found = read(card)
    assert [each.kind for each in found.applications] == ["ISIM", "USIM", "USIM", "CSIM"]
    assert (found.imsi, found.notes, len(found.of("phone_book"))) == (IMSI, (), 8)


def test_the_second_is_read_as_the_first_where_the_first_is_not_there() -> None:
    card = deck("two_usims")
    card.root.children = [child for child in card.root.children if getattr(child, "aid", b"") != AID]
    found = read(card)
    assert found.imsi == SECOND_IMSI
    assert {line.file for line in found.of("own_numbers")} == {"7FFF/6F40"}


def test_two_of_the_same_label_are_told_apart() -> None:
    card = deck("two_usims")
    directory = file(card, "2F00")
    directory.data[2 * 38 : 3 * 38] = directory.read_record(2)[:4] + SECOND_AID + directory.read_record(2)[20:]
    found = read(card)
    assert [each.label for each in found.applications][1:3] == [FIRST, FIRST]
    assert [line.application for line in found.of("own_numbers")] == [f"{FIRST} 1", f"{FIRST} 2"]


def test_one_application_named_twice_is_one() -> None:
    card = usim()
    directory = file(card, "2F00")
    directory.data[38:76] = directory.data[:38]
    assert len(read(card).applications) == 1


@pytest.mark.parametrize("name", ["no_directory", "anna"])
def test_a_card_that_names_none_has_none(name: str) -> None:
    assert read(deck(name)).applications == ()


def test_a_phone_book_after_which_its_application_is_entered_again_is_no_obstacle() -> None:
    uicc, second = Uicc.greet(_link(deck("two_usims"))), further(3)
    assert uicc is not None
    paths = ((second, 0x5F3A, 0x4F3A), (second, 0x6F07), (USIM, 0x6F07), (TELECOM, 0x5F3A, 0x4F30), (USIM, 0x6F46))
    found = [uicc.tree.open(path).structure for path in paths]
    assert found == ["records", "transparent", "transparent", "records", "transparent"]


def test_letters_in_the_number_of_a_card_are_shown_and_said() -> None:
    card = read(deck("machine"))
    assert card.iccid == "898604A0191790C12345"
    assert card.notes == ("The card's own number (ICCID) has letters in it, as some cards of machines have.",)
    assert read(sim()).notes == ()


def test_a_machines_card_that_was_pulled_out_is_known_again() -> None:
    card: SimulatedCard = deck("machine")
    hand = opened(card)
    hand.close()
    assert hand.read().iccid == "898604A0191790C12345"


def _link(card: SimulatedCard) -> Link:
    link = SimulatedLinks([card]).link(1)
    link.connect()
    return link

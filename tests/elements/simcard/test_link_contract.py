"""What every link to a card keeps, over readers that do not exist and over a real PC/SC service."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Protocol

import pytest

from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.elements.simcard.link import Link, Links
from lastcall.elements.simcard.pcsc import PcscLinks
from lastcall.elements.simcard.simulated import SimulatedCard, SimulatedLinks, deck
from tests.elements.simcard.speech import gsm_select, gsm_verify, say, uicc_select, word
from tests.elements.simcard.vpcd import VirtualReaders


class Desk(Protocol):
    """Two readers, and hands that put cards into them."""

    links: Links

    def put(self, *cards: SimulatedCard | None) -> None: ...

    def insert(self, place: int, card: SimulatedCard) -> None: ...

    def snatch(self, place: int) -> None: ...

    def unplug(self, place: int) -> None: ...


class SimulatedDesk:
    def __init__(self) -> None:
        self.simulated = SimulatedLinks([None, None])
        self.links: Links = self.simulated

    def put(self, *cards: SimulatedCard | None) -> None:
        for place, card in enumerate(cards, start=1):
            if card is not None:
                self.simulated.insert(place, card)

    def insert(self, place: int, card: SimulatedCard) -> None:
        self.simulated.insert(place, card)

    def snatch(self, place: int) -> None:
        self.simulated.pull_out(place)

    def unplug(self, place: int) -> None:
        self.simulated.unplug(place)


class PcscDesk:
    def __init__(self, readers: VirtualReaders) -> None:
        self.readers = readers
        self.links: Links = PcscLinks()

    def put(self, *cards: SimulatedCard | None) -> None:
        self.readers.put(cards)

    def insert(self, place: int, card: SimulatedCard) -> None:
        self.readers.wait_until_seen()
        self.readers.insert(place, card)

    def snatch(self, place: int) -> None:
        self.readers.snatch(place)

    def unplug(self, place: int) -> None:
        self.readers.service.stop()


@pytest.fixture(params=["simulated", pytest.param("pcsc", marks=pytest.mark.element)])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    if request.param == "simulated":
        yield SimulatedDesk()
    else:
        yield PcscDesk(request.getfixturevalue("pcscd"))


def connected(desk: Desk, number: int = 1) -> Link:
    link = desk.links.link(number)
    link.connect()
    return link


def code_of(link: Link, command: str = "A0 F2 0000 16") -> str:
    with pytest.raises(ElementTrouble) as caught:
        link.transmit(bytes.fromhex(command))
    assert not caught.value.permanent and caught.value.remedy
    return caught.value.code


def test_readers_are_numbered_from_one_and_say_whether_a_card_is_in(desk: Desk) -> None:
    desk.put(None, deck("empty"))
    first, second = desk.links.names()
    assert (first.number, first.card, second.number, second.card) == (1, False, 2, True)
    assert first.name and first.name != second.name
    assert desk.links.link(2).name == second.name


@pytest.mark.parametrize("name", ["empty", "usim_only", "usim_t1"])
def test_connecting_gives_the_cards_own_answer_to_reset(desk: Desk, name: str) -> None:
    card = deck(name)
    desk.put(card)
    assert desk.links.link(1).connect() == card.atr


def test_a_command_gives_data_and_status_word_apart(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    link = connected(desk)
    gsm_select(link, "3F00", "2FE2")
    assert say(link, "A0 B0 0000 0A") == ("980791090000005010F4", "9000")


def test_status_words_that_ask_for_more_are_given_as_they_are(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    link = connected(desk)
    assert word(link, "A0 A4 0000 02 3F00") == "9F16"
    assert word(link, "00 A4 0004 02 3F00").startswith("61")
    assert word(link, "00 A4 000C 02 2FE2") == "9000"
    assert say(link, "00 B0 0000 00") == ("", "6C0A")


def test_a_card_of_t_1_answers_a_selection_at_once(desk: Desk) -> None:
    desk.put(deck("usim_t1"))
    link = connected(desk)
    template, done = say(link, "00 A4 0004 02 3F00 00")
    assert done == "9000" and template.startswith("62")


def test_an_empty_reader_has_no_card(desk: Desk) -> None:
    desk.put(None, deck("empty"))
    with pytest.raises(ElementTrouble) as caught:
        desk.links.link(1).connect()
    assert caught.value.code == "no_card"


def test_there_is_no_third_reader_and_none_before_the_first(desk: Desk) -> None:
    desk.put(deck("empty"))
    for number in (0, 3):
        with pytest.raises(NotFound) as caught:
            desk.links.link(number)
        assert caught.value.code == "no_reader"


def test_a_reset_closes_what_the_pin_opened(desk: Desk) -> None:
    card = deck("li_wei")
    desk.put(card)
    link = connected(desk)
    assert gsm_verify(link) == "9000"
    assert link.reset() == card.atr
    gsm_select(link, "7F10", "6F3A")
    assert word(link, "A0 B2 0104 20") == "9804"


def test_letting_go_closes_what_the_pin_opened(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    link = connected(desk)
    assert gsm_verify(link) == "9000"
    link.disconnect()
    link.disconnect()
    again = connected(desk)
    gsm_select(again, "7F10", "6F3A")
    assert word(again, "A0 B2 0104 20") == "9804"


def test_nothing_is_said_through_a_link_that_was_let_go(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    link = connected(desk)
    link.disconnect()
    assert code_of(link) == "card_removed"


def test_a_second_link_to_the_same_card_waits_for_the_first_to_end(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    first, second = connected(desk), desk.links.link(1)
    with pytest.raises(ElementTrouble) as caught:
        second.connect()
    assert caught.value.code == "reader_busy"
    assert word(first, "A0 A4 0000 02 3F00") == "9F16"
    first.disconnect()
    second.connect()
    assert word(second, "A0 A4 0000 02 3F00") == "9F16"


def test_two_readers_hold_two_cards_apart(desk: Desk) -> None:
    li_wei, anna = deck("li_wei"), deck("anna")
    desk.put(li_wei, anna)
    left, right = connected(desk, 1), connected(desk, 2)
    for link in (left, right):
        gsm_select(link, "2FE2")
    assert say(left, "A0 B0 0000 0A") != say(right, "A0 B0 0000 0A")
    assert gsm_verify(left) == "9000"
    assert not anna.pin.open and li_wei.pin.open


def test_a_card_pulled_out_in_the_middle_is_told(desk: Desk) -> None:
    card = deck("full")
    desk.put(card)
    link = connected(desk)
    card.pull_after(3)
    gsm_select(link, "3F00")
    assert word(link, "A0 A4 0000 02 7F10") == "9F16"
    assert code_of(link) == "card_removed"
    assert code_of(link) == "card_removed"
    link.disconnect()


def test_a_card_snatched_between_commands_is_told(desk: Desk) -> None:
    desk.put(deck("full"))
    link = connected(desk)
    gsm_select(link, "3F00")
    desk.snatch(1)
    assert code_of(link) == "card_removed"
    link.disconnect()


def test_another_card_in_the_same_reader_is_not_taken_for_the_first(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    link = connected(desk)
    desk.snatch(1)
    desk.insert(1, deck("anna"))
    assert code_of(link) == "card_removed"
    link.disconnect()
    fresh = connected(desk)
    gsm_select(fresh, "2FE2")
    assert say(fresh, "A0 B0 0000 0A")[0].endswith("5020F2")


def test_a_reader_that_is_gone_is_told(desk: Desk) -> None:
    desk.put(deck("li_wei"))
    link = connected(desk)
    desk.unplug(1)
    assert code_of(link) == "reader_gone"
    link.disconnect()


def test_a_worn_card_is_mute(desk: Desk) -> None:
    desk.put(deck("mute"))
    with pytest.raises(ElementTrouble) as caught:
        desk.links.link(1).connect()
    assert caught.value.code == "card_mute"


def test_a_usim_is_found_by_its_application(desk: Desk) -> None:
    desk.put(deck("usim_only"))
    link = connected(desk)
    assert word(link, "A0 A4 0000 02 3F00") == "6E00"
    assert "8410A0000000871002" in uicc_select(link, "A0000000871002")


def test_a_full_phone_book_is_read_in_less_than_a_second(desk: Desk) -> None:
    desk.put(deck("full"))
    link = connected(desk)
    gsm_verify(link)
    gsm_select(link, "7F10", "6F3A")
    began = time.monotonic()
    assert {word(link, f"A0 B2 {number:02X} 04 20") for number in range(1, 251)} == {"9000"}
    assert time.monotonic() - began < 1

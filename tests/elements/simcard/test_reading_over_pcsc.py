"""A whole card read and unlocked through a real PC/SC service."""

from __future__ import annotations

import time

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.core.simcard.card import Card
from lastcall.elements.simcard.link import Links
from lastcall.elements.simcard.pcsc import PcscLinks
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import SimulatedCard, SimulatedLinks, deck
from tests.elements.simcard.vpcd import VirtualReaders

pytestmark = pytest.mark.element


def read(links: Links, number: int = 1) -> Card:
    hand = Readers(links).open(number)
    if hand.pin().enabled:
        hand.verify("1234")
    card = hand.read(deleted=True)
    hand.close()
    return card


def over_pcsc(readers: VirtualReaders, card: SimulatedCard) -> Card:
    readers.put([card])
    return read(PcscLinks())


@pytest.mark.parametrize(
    "name",
    [
        "full",
        "anna",
        "phonebook",
        "two_usims",
        "calls",
        "machine",
        "usim_t1",
        "pin_off",
        "odd_numbers",
        "wrong_lengths",
        "wrong_lengths_sim",
        "cut_short",
    ],
)
def test_a_card_reads_the_same_as_without_a_reader_and_stays_as_it_was(pcscd: VirtualReaders, name: str) -> None:
    card = deck(name)
    before = card.image()
    began = time.monotonic()
    found = over_pcsc(pcscd, card)
    assert time.monotonic() - began < 5
    assert card.image() == before and card.writes == []
    assert found == read(SimulatedLinks([deck(name)]))


def test_of_two_cards_each_gives_its_own(pcscd: VirtualReaders) -> None:
    pcscd.put([deck("li_wei"), deck("anna")])
    li_wei, anna = read(PcscLinks(), 1), read(PcscLinks(), 2)
    assert [card.kind for card in (li_wei, anna)] == ["USIM", "SIM"]
    assert li_wei == read(SimulatedLinks([deck("li_wei")])) and anna == read(SimulatedLinks([deck("anna")]))


def test_a_card_pulled_out_while_it_is_read_is_told(pcscd: VirtualReaders) -> None:
    card = deck("full")
    pcscd.put([card])
    hand = Readers(PcscLinks()).open()
    hand.verify("1234")
    card.pull_after(100)
    with pytest.raises(ElementTrouble) as caught:
        hand.read()
    assert (caught.value.code, caught.value.permanent) == ("card_removed", False)
    hand.close()


def test_a_pin_taken_off_stays_off_when_the_card_is_put_in_again(pcscd: VirtualReaders) -> None:
    card = deck("li_wei")
    pcscd.put([card])
    hand = Readers(PcscLinks()).open()
    hand.disable("1234")
    hand.close()
    pcscd.pull_out(1)
    pcscd.insert(2, card)
    again = Readers(PcscLinks()).open()
    assert again.pin().enabled is False
    assert len(again.read().of("phone_book")) == 17
    again.close()

"""A card, or its reader, pulled out in the middle: it is said, and the next call works when the same card is back."""

from __future__ import annotations

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import SimCard
from lastcall.elements.simcard.pcsc import PcscLinks
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.links import SimulatedLinks
from lastcall.elements.simcard.simulated.pins import Pin

from .reading import ICCID, PIN, contacts, file, opened, sim, usim
from .vpcd import VirtualReaders


def trouble(hand: SimCard) -> ElementTrouble:
    with pytest.raises(ElementTrouble) as caught:
        hand.read()
    assert caught.value.remedy and not caught.value.permanent
    return caught.value


@pytest.fixture(params=[sim, usim], ids=["SIM", "USIM"])
def card(request: pytest.FixtureRequest) -> SimulatedCard:
    made: SimulatedCard = request.param(phone_book=contacts(20))
    return made


@pytest.mark.parametrize("after", [0, 1, 7, 25])
def test_a_card_pulled_out_while_it_is_read_is_said(card: SimulatedCard, after: int) -> None:
    hand = opened(card)
    hand.verify(PIN)
    card.pull_after(after)
    assert trouble(hand).code == "card_removed"
    assert trouble(hand).code == "card_removed"


def test_the_next_call_works_when_the_card_is_back_and_its_pin_is_asked_for_again(card: SimulatedCard) -> None:
    hand = opened(card)
    hand.verify(PIN)
    card.pull_after(9)
    trouble(hand)
    card.put_back()
    assert hand.pin().enabled
    assert hand.read().entries == ()
    hand.verify(PIN)
    assert len(hand.read().of("phone_book")) == 20


def test_a_card_pulled_out_between_two_calls_is_said_once(card: SimulatedCard) -> None:
    links = SimulatedLinks([card])
    hand = Readers(links).open()
    links.pull_out(1)
    links.insert(1, card)
    assert trouble(hand).code in ("card_removed", "card_mute")
    assert hand.read().iccid == ICCID


def test_another_card_in_its_place_is_refused_and_loses_no_try(card: SimulatedCard) -> None:
    links = SimulatedLinks([card])
    hand = Readers(links).open()
    other = (
        sim(Pin(code="4321"), iccid="8970199000000009016")
        if card.kind == "SIM"
        else usim(Pin(code="4321"), iccid="8970199000000009016")
    )
    links.insert(1, other)
    for _ in range(2):
        with pytest.raises(ElementTrouble) as caught:
            hand.verify(PIN)
        assert caught.value.code == "card_removed"
    assert other.writes == []
    links.insert(1, card)
    hand.verify(PIN)


def test_a_card_without_a_number_is_not_taken_for_the_one_that_was_pulled_out(card: SimulatedCard) -> None:
    file(card, "2FE2").data[:] = b"\xff" * 10
    hand = opened(card)
    assert hand.iccid() == ""
    card.pull_after(0)
    assert trouble(hand).code == "card_removed"
    card.put_back()
    with pytest.raises(ElementTrouble) as caught:
        hand.verify(PIN)
    assert (caught.value.code, card.writes) == ("card_removed", [])


def test_a_reader_unplugged_while_the_card_is_read_is_said(card: SimulatedCard) -> None:
    links = SimulatedLinks([card])
    hand = Readers(links).open()

    def unplug(read: int, in_all: int) -> None:
        if read == 5:
            links.unplug(1)

    hand.verify(PIN)
    with pytest.raises(ElementTrouble) as caught:
        hand.read(progress=unplug)
    assert caught.value.code == "reader_gone"


def test_a_card_that_is_pulled_out_while_it_is_opened_is_said(card: SimulatedCard) -> None:
    links = SimulatedLinks([card])
    card.pull_after(2)
    with pytest.raises(ElementTrouble) as caught:
        Readers(links).open()
    assert caught.value.code == "card_removed"
    links.insert(1, card)
    assert Readers(links).open().iccid() == ICCID


def test_a_card_that_was_let_go_can_be_asked_again(card: SimulatedCard) -> None:
    hand = opened(card)
    hand.close()
    hand.close()
    assert hand.pin().tries == 3


@pytest.mark.element
def test_the_next_call_works_when_the_card_is_back_in_a_real_reader(pcscd: VirtualReaders, card: SimulatedCard) -> None:
    pcscd.insert(1, card)
    hand = Readers(PcscLinks()).open()
    hand.verify(PIN)

    def pull(read: int, in_all: int) -> None:
        if read == 12:
            pcscd.snatch(1)

    with pytest.raises(ElementTrouble) as caught:
        hand.read(progress=pull)
    assert caught.value.code == "card_removed"
    pcscd.wait_until_seen()
    pcscd.insert(1, card)
    assert hand.read().entries == ()
    hand.verify(PIN)
    assert len(hand.read().of("phone_book")) == 20

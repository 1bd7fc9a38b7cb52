"""Acts on the PIN of a SIM and of a USIM, and what their refusals are called."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lastcall.core.errors import BadInput, ElementTrouble, LastcallError, Refused
from lastcall.core.ports import SimCard
from lastcall.core.simcard.pin import PinState
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.layout import Layout
from lastcall.elements.simcard.simulated.pins import Pin

from .reading import PIN, PUK, both, contacts, contents, opened, sim, usim

Make = Callable[..., SimulatedCard]
WRONG, NEW, WRONG_PUK = "9999", "24680", "00000000"


@pytest.fixture(params=[sim, usim, both], ids=["SIM", "USIM", "both"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def refused(code: str, act: Callable[..., None], *given: str) -> Refused:
    with pytest.raises(Refused) as caught:
        act(*given)
    assert caught.value.code == code
    assert caught.value.remedy
    for secret in given:
        assert secret not in f"{caught.value} {caught.value.remedy}"
    return caught.value


def test_the_state_is_told_without_costing_a_try(make: Make) -> None:
    card = make(Pin(tries=2, puk_tries=7))
    hand = opened(card)
    assert hand.pin() == PinState(enabled=True, tries=2, puk_tries=7)
    assert hand.pin() == PinState(enabled=True, tries=2, puk_tries=7)
    assert card.writes == []


def test_the_pin_opens_what_it_closes_until_the_card_is_let_go(make: Make) -> None:
    card = make(phone_book=contacts(3))
    hand = opened(card)
    assert hand.read().entries == ()
    hand.verify(PIN)
    assert len(hand.read().of("phone_book")) == 3
    hand.close()
    assert opened(card).read().entries == ()


def test_a_wrong_pin_costs_one_try(make: Make) -> None:
    hand = opened(make())
    refused("wrong_pin", hand.verify, WRONG)
    assert hand.pin() == PinState(enabled=True, tries=2, puk_tries=10)
    hand.verify(PIN)
    assert hand.pin().tries == 3


def test_the_last_wrong_pin_blocks_it_and_says_so(make: Make) -> None:
    hand = opened(make(Pin(tries=1)))
    refused("pin_blocked", hand.verify, WRONG)
    assert hand.pin().blocked
    for act in (hand.verify, hand.disable, hand.enable):
        refused("pin_blocked", act, PIN)
    refused("pin_blocked", hand.change, PIN, NEW)


def test_the_pin_is_taken_off_and_the_card_stays_open(make: Make) -> None:
    card = make(phone_book=contacts(3))
    hand = opened(card)
    hand.disable(PIN)
    assert hand.pin().enabled is False
    hand.close()
    again = opened(card)
    assert again.pin().enabled is False
    assert len(again.read().of("phone_book")) == 3


def test_a_wrong_pin_does_not_take_it_off(make: Make) -> None:
    hand = opened(make())
    refused("wrong_pin", hand.disable, WRONG)
    assert hand.pin() == PinState(enabled=True, tries=2, puk_tries=10)


def test_a_pin_that_is_off_is_put_on_again(make: Make) -> None:
    hand = opened(make(Pin(enabled=False)))
    hand.enable(PIN)
    assert hand.pin().enabled is True
    refused("pin_is_on", hand.enable, PIN)


def test_a_pin_that_is_off_is_neither_asked_for_nor_changed_nor_taken_off_again(make: Make) -> None:
    hand = opened(make(Pin(enabled=False)))
    refused("pin_is_off", hand.verify, PIN)
    refused("pin_is_off", hand.disable, PIN)
    refused("pin_is_off", hand.change, PIN, NEW)


def test_the_pin_is_changed(make: Make) -> None:
    hand = opened(make())
    hand.change(PIN, NEW)
    refused("wrong_pin", hand.verify, PIN)
    hand.verify(NEW)


def test_the_puk_sets_a_new_pin(make: Make) -> None:
    hand = opened(make(Pin(tries=0), phone_book=contacts(2)))
    hand.unblock(PUK, NEW)
    assert hand.pin() == PinState(enabled=True, tries=3, puk_tries=10)
    hand.verify(NEW)
    assert len(hand.read().of("phone_book")) == 2


def test_a_wrong_puk_costs_one_try_and_the_last_one_the_card(make: Make) -> None:
    hand = opened(make(Pin(tries=0, puk_tries=2)))
    refused("wrong_puk", hand.unblock, WRONG_PUK, NEW)
    assert hand.pin().puk_tries == 1
    refused("puk_blocked", hand.unblock, WRONG_PUK, NEW)
    assert hand.pin().dead
    refused("puk_blocked", hand.unblock, PUK, NEW)


def test_a_card_that_lets_nobody_switch_its_pin_off_says_so(make: Make) -> None:
    hand = opened(make(Pin(fixed=True)))
    refused("pin_fixed", hand.disable, PIN)
    assert hand.pin().tries == 3


def test_a_wrong_pin_without_a_count_is_wrong_for_every_act(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """63 00 (ISO/IEC 7816-4, 5.6): the comparison failed. Not a card whose PIN stays on, nor a broken one."""
    card = make()
    plain = card.transmit
    for ins, act in {0x20: opened(card).verify, 0x26: opened(card).disable}.items():
        monkeypatch.setattr(
            card, "transmit", lambda apdu, ins=ins: b"\x63\x00" if apdu[1] == ins and len(apdu) > 5 else plain(apdu)
        )
        refused("wrong_pin", act, PIN)


@pytest.mark.parametrize("word", [0x6F00, 0x6581, 0x9240])
def test_worn_memory_is_not_taken_for_a_pin_that_nobody_may_switch_off(
    make: Make, monkeypatch: pytest.MonkeyPatch, word: int
) -> None:
    card = make()
    plain = card.transmit
    monkeypatch.setattr(card, "transmit", lambda apdu: word.to_bytes(2, "big") if apdu[1] == 0x26 else plain(apdu))
    with pytest.raises(ElementTrouble) as caught:
        opened(card).disable(PIN)
    assert caught.value.code == "card_failed"


@pytest.mark.parametrize("given", ["", "123", "123456789", "12a4", "１２３４"])
def test_what_is_no_pin_is_not_tried(make: Make, given: str) -> None:
    card = make()
    hand = opened(card)
    with pytest.raises(BadInput) as caught:
        hand.verify(given)
    assert caught.value.code == "bad_pin"
    assert (card.seen.count("VERIFY"), card.writes) == (0, [])


def test_neither_old_nor_new_is_sent_where_one_of_them_can_be_no_pin(make: Make) -> None:
    card = make()
    hand = opened(card)
    acts: list[tuple[Callable[..., None], str, str]] = [
        (hand.change, PIN, "12"),
        (hand.unblock, PUK, "12"),
        (hand.unblock, "1234567", NEW),
    ]
    for act, first, second in acts:
        with pytest.raises(BadInput):
            act(first, second)
    assert not {"CHANGE", "UNBLOCK"} & {name for name in card.seen if card.kind == "SIM"}
    assert card.writes == []


def universal_card() -> SimulatedCard:
    """Its application's PIN is off, and the universal PIN stands in for it (ETSI TS 102.221, 9.4.1)."""
    own = Pin(code="0000", enabled=False)
    own.replaced = True
    root = Layout(contents(phone_book=contacts(2))).uicc(gsm=False)
    return SimulatedCard(root, kind="USIM", pin=own, universal=Pin(code="7777", tries=2, puk="77777777", puk_tries=5))


def test_the_universal_pin_is_the_one_that_counts_where_it_stands_in() -> None:
    hand = opened(universal_card())
    assert hand.pin() == PinState(enabled=True, tries=2, puk_tries=5)
    hand.verify("7777")
    assert len(hand.read().of("phone_book")) == 2


def test_the_universal_pin_is_taken_off_and_nothing_is_closed_any_more() -> None:
    card = universal_card()
    hand = opened(card)
    hand.disable("7777")
    assert hand.pin().enabled is False
    hand.close()
    assert len(opened(card).read().of("phone_book")) == 2


def test_a_universal_pin_that_is_not_used_does_not_count() -> None:
    root = Layout(contents()).uicc(gsm=False)
    hand = opened(SimulatedCard(root, kind="USIM", pin=Pin(enabled=False), universal=Pin(code="7777")))
    assert hand.pin().enabled is False


def test_a_card_that_knows_nothing_of_pins_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    card = sim()
    hand = opened(card)
    plain = card.transmit
    monkeypatch.setattr(card, "transmit", lambda apdu: b"\x6f\x00" if apdu[1] == 0x20 else plain(apdu))
    with pytest.raises(ElementTrouble) as caught:
        hand.verify(PIN)
    assert (caught.value.code, caught.value.permanent) == ("card_failed", True)


def test_no_error_of_any_act_carries_the_pin(make: Make) -> None:
    hand: SimCard = opened(make(Pin(code=NEW)))
    with pytest.raises(LastcallError) as caught:
        hand.verify("8642")
    assert "8642" not in repr(caught.value) + str(caught.value.__cause__) + str(caught.value.__context__)


@pytest.mark.parametrize("ins", [0x20, 0x24, 0x26, 0x28, 0x2C])
@pytest.mark.parametrize("make_card", [sim, usim], ids=["SIM", "USIM"])
def test_any_refusal_of_a_card_is_one_that_we_have_words_for(
    make_card: Make, ins: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_card()
    hand = opened(card)
    acts: dict[int, Callable[[], None]] = {
        0x20: lambda: hand.verify(PIN), 0x24: lambda: hand.change(PIN, NEW), 0x26: lambda: hand.disable(PIN),
        0x28: lambda: hand.enable(PIN), 0x2C: lambda: hand.unblock(PUK, NEW),
    }  # fmt: skip
    plain = card.transmit
    known = {
        "wrong_pin",
        "wrong_puk",
        "pin_blocked",
        "puk_blocked",
        "pin_is_off",
        "pin_is_on",
        "pin_fixed",
        "card_failed",
    }
    for high in (0x00, 0x63, 0x64, 0x65, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x94, 0x98, 0xFF):
        for low in (
            0x00,
            0x02,
            0x04,
            0x08,
            0x10,
            0x40,
            0x50,
            0x81,
            0x82,
            0x83,
            0x84,
            0x85,
            0x86,
            0x88,
            0xC0,
            0xC2,
            0xFF,
        ):
            word = bytes([high, low])
            monkeypatch.setattr(
                card, "transmit", lambda apdu, word=word: word if apdu[1] == ins and len(apdu) > 5 else plain(apdu)
            )
            with pytest.raises(LastcallError) as caught:
                acts[ins]()
            assert caught.value.code in known and caught.value.remedy


def test_a_card_that_counts_no_tries_once_it_is_open_has_as_many_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    card = usim()
    hand = opened(card)
    assert hand.pin().tries == 3
    hand.verify(PIN)
    plain = card.transmit
    monkeypatch.setattr(
        card, "transmit", lambda apdu: b"\x90\x00" if apdu[1] == 0x20 and len(apdu) == 4 else plain(apdu)
    )
    assert hand.pin() == PinState(enabled=True, tries=3, puk_tries=10)


def test_a_card_that_says_nothing_of_its_pin_is_not_guessed_at(monkeypatch: pytest.MonkeyPatch) -> None:
    card = usim()
    plain = card.transmit

    def silent(apdu: bytes) -> bytes:
        return (
            b"\x6d\x00"
            if apdu[1] in (0x20, 0x2C)
            else plain(apdu).replace(b"\xc6\x09", b"\xc9\x09").replace(b"\xc6\x06", b"\xc9\x06")
        )

    monkeypatch.setattr(card, "transmit", silent)
    assert opened(card).pin() == PinState(enabled=None, tries=None, puk_tries=None)


@pytest.mark.parametrize(
    ("word", "code"), [(b"\x69\x84", "pin_is_off"), (b"\x98\x08", "pin_is_off"), (b"\x6f\x00", "card_failed")]
)
def test_a_card_that_says_only_when_it_is_given_a_pin_that_it_asks_for_none_is_believed(
    monkeypatch: pytest.MonkeyPatch, word: bytes, code: str
) -> None:
    card = usim()
    plain = card.transmit

    def silent(apdu: bytes) -> bytes:
        if apdu[1] in (0x20, 0x2C):
            return word if len(apdu) > 5 else b"\x6d\x00"
        return plain(apdu).replace(b"\xc6\x09", b"\xc9\x09").replace(b"\xc6\x06", b"\xc9\x06")

    monkeypatch.setattr(card, "transmit", silent)
    with pytest.raises(LastcallError) as caught:
        opened(card).verify(PIN)
    assert caught.value.code == code

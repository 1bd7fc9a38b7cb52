"""The ready cards: what each is for stands on it, and anything done to it shows."""

from __future__ import annotations

import re

import pytest
from stdnum import luhn

from lastcall.core.errors import BadInput
from lastcall.elements.simcard.coding import alpha
from lastcall.elements.simcard.coding.records import decode_number_record
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import DECKS, SimulatedCard, SimulatedLinks, deck, path_of, walk
from lastcall.elements.simcard.simulated.files import File
from lastcall.elements.simcard.simulated.odd import NUMBERS
from lastcall.elements.simcard.simulated.people import CHINESE, ENGLISH, RUSSIAN, SERVICE, TEXTS, many
from tests.cast import iccid
from tests.elements.simcard.speech import InHand, gsm_select, gsm_verify, word

NOBODYS = re.compile(r"\+7943|89?943|\+86100|\+86154|\+447700900|\+1\d{3}55501|0943|\*943#|943")


def file(card: SimulatedCard, path: str) -> File:
    return next(found for found in walk(card.root) if path_of(found) == path)


def used(card: SimulatedCard, path: str) -> int:
    """Records of a file that are not free."""
    records = file(card, path)
    free = {b"\xff" * records.record, b"\x00" + b"\xff" * (records.record - 1)}
    return sum(records.read_record(place) not in free for place in range(1, records.count + 1))


def test_every_call_makes_a_card_of_its_own() -> None:
    first, second = deck("li_wei"), deck("li_wei")
    file(first, "7F10/6F3A").data[0] ^= 1
    assert first.image() != second.image()


def test_a_name_that_is_no_decks_is_told_with_those_that_are() -> None:
    with pytest.raises(BadInput) as caught:
        deck("joker")
    assert caught.value.code == "unknown_deck" and "li_wei" in caught.value.remedy


@pytest.mark.parametrize("name", DECKS)
def test_every_byte_of_every_file_and_every_counter_is_in_the_image(name: str) -> None:
    card = deck(name)
    before = card.image()
    for each in walk(card.root):
        for place in (0, len(each.data) - 1):
            each.data[place] ^= 0x40
            assert card.image() != before, path_of(each)
            each.data[place] ^= 0x40
    assert card.image() == before
    card.pin.puk_tries += 1
    assert card.image() != before


def test_a_code_that_was_changed_is_in_the_image_and_the_code_itself_is_not() -> None:
    card = deck("empty")
    before = card.image()
    card.pin.code = "86419753"
    assert card.image() != before and b"86419753" not in card.image()


def test_the_full_card_is_full() -> None:
    card = deck("full")
    assert (used(card, "7F10/6F3A"), used(card, "7F10/6F3C")) == (250, 30)
    assert len({line.name for line in many(250)}) == 250


def test_the_empty_card_is_empty() -> None:
    card = deck("empty")
    lists = ("7F10/6F3A", "7F10/6F3B", "7F10/6F3C", "7F10/6F40", "7F10/6F44", "7F10/6F49", "7F10/6F4A")
    assert [used(card, path) for path in lists] == [0] * len(lists)


def test_li_wei_and_anna_have_the_cards_of_the_cast() -> None:
    for name, number in (("li_wei", 501), ("anna", 502)):
        told = Readers(SimulatedLinks([deck(name)])).open().iccid()
        assert told == iccid(number) and luhn.is_valid(told)


def test_no_number_on_a_card_can_be_anybodys() -> None:
    lines = (*CHINESE, *RUSSIAN, *ENGLISH, *SERVICE, *many(250))
    assert all(NOBODYS.match(line.number) for line in lines)
    assert all(NOBODYS.match(text.who) for text in TEXTS if text.who.startswith("+"))


def test_the_names_of_the_three_languages_are_read_back_as_they_were_written() -> None:
    card = deck("li_wei")
    entries = file(card, "7F10/6F3A")
    lines = (*CHINESE, *RUSSIAN[3:6], *ENGLISH[:2])
    for place, line in enumerate(lines, start=1):
        read = decode_number_record(entries.read_record(place))
        assert (read.name, read.number, read.damaged) == (line.name, line.number, "")


def test_the_odd_numbers_have_the_lengths_that_their_names_say() -> None:
    digits = {line.name: len(line.number.removeprefix("+")) for line in NUMBERS}
    assert [digits[name] for name in ("One digit", "Ten digits", "Twenty digits", "Twenty-one", "Forty-four")] == [
        1, 10, 20, 21, 44,
    ]  # fmt: skip
    assert used(deck("odd_numbers"), "7F10/6F4A") == 5


def test_all_three_forms_of_names_stand_on_the_card_of_forms() -> None:
    entries = file(deck("alpha_forms"), "7F10/6F3A")
    firsts = {entries.read_record(place)[0] for place in range(1, 19)}
    assert {0x80, 0x81, 0x82} < firsts
    assert {alpha.decode(entries.read_record(place)[:18]).text for place in (1, 2, 3)} == {"Ирина"}


@pytest.mark.parametrize(
    ("name", "enabled", "tries", "puk_tries"),
    [("li_wei", True, 3, 10), ("blocked", True, 0, 10), ("blocked_sim", True, 0, 10), ("dead_puk", True, 0, 0),
     ("pin_off", False, 3, 10), ("last_try", True, 1, 10), ("last_puk", True, 0, 1)],
)  # fmt: skip
def test_the_pins_stand_as_the_name_says(name: str, enabled: bool, tries: int, puk_tries: int) -> None:
    state = Readers(SimulatedLinks([deck(name)])).open().pin()
    assert (state.enabled, state.tries, state.puk_tries) == (enabled, tries, puk_tries)


def test_headers_lie_on_the_card_of_wrong_lengths() -> None:
    card = InHand(deck("wrong_lengths_sim"))
    gsm_verify(card)
    assert gsm_select(card, "7F10", "6F3A").endswith("1E")
    assert [word(card, "A0 B2 0104 1E"), word(card, "A0 B2 0104 20")] == ["6720", "9000"]


def test_answers_lack_their_ends_on_the_card_cut_short() -> None:
    card = InHand(deck("cut_short_sim"))
    gsm_verify(card)
    gsm_select(card, "7F10", "6F44")
    data, done = card.transmit(bytes.fromhex("A0B2010420"))
    assert (len(data), done) == (17, 0x9000)


def test_the_card_of_a_person_may_carry_the_number_of_another_line() -> None:
    links = SimulatedLinks([deck("anna@8970199000000005030")])
    assert Readers(links).open(1).iccid() == "8970199000000005030"


@pytest.mark.parametrize("name", ["empty@8970199000000005030", "anna@123", "nobody@8970199000000005030"])
def test_no_other_card_carries_a_number_that_is_asked_for(name: str) -> None:
    with pytest.raises(BadInput):
        deck(name)

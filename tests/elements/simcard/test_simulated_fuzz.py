"""Whatever is said to a simulated card, it answers with a status word; and nothing that only reads changes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.simulated import deck
from tests.fuzzing import fuzzed

READING = (0xA4, 0xB0, 0xB2, 0xC0, 0xF2, 0xA2)
WRITING = (0xD6, 0xDC, 0x20, 0x24, 0x26, 0x28, 0x2C, 0x04, 0x44)
FILES = (
    "3F00",
    "7F10",
    "7F20",
    "6F3A",
    "6F3C",
    "6F07",
    "2FE2",
    "6F44",
    "7FFF",
    "5F3A",
    "4F30",
    "4F3A",
    "A0000000871002",
)


@st.composite
def commands(draw: st.DrawFn, instructions: tuple[int, ...]) -> bytes:
    """A command that is nearly right, or anything at all."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=30).filter(lambda apdu: len(apdu) < 2 or apdu[1] in instructions))
    cla = draw(st.sampled_from((0xA0, 0x00, 0x80)))
    ins, small = draw(st.sampled_from(instructions)), st.integers(0, 9)
    data = bytes.fromhex(draw(st.sampled_from(FILES))) if ins == 0xA4 else draw(st.binary(max_size=17))
    p2 = draw(st.sampled_from((0, 1, 2, 4, 0x0C)))
    head = bytes([cla, ins, draw(small), p2])
    return head + bytes([len(data)]) + data if data else head + draw(st.binary(max_size=1))


@pytest.mark.parametrize("name", ["li_wei", "cut_short_sim", "phonebook", "universal_pin", "other_trade"])
@fuzzed(60)
@given(said=st.lists(commands(READING + WRITING), max_size=25))
def test_every_command_is_answered(name: str, said: list[bytes]) -> None:
    card = deck(name)
    card.power_on()
    for apdu in said:
        assert 2 <= len(card.transmit(apdu)) <= 258


@pytest.mark.parametrize("name", ["li_wei", "wrong_lengths_sim", "phonebook"])
@fuzzed(60)
@given(said=st.lists(commands(READING), max_size=25))
def test_commands_that_read_change_nothing(name: str, said: list[bytes]) -> None:
    card = deck(name)
    before = card.image()
    card.power_on()
    card.transmit(bytes.fromhex("A020000108") + b"1234\xff\xff\xff\xff")
    for apdu in said:
        card.transmit(apdu)
    assert card.image() == before and card.writes == []


@pytest.mark.parametrize("name", ["li_wei", "anna", "phonebook"])
@fuzzed(60)
@given(said=st.lists(commands(READING + WRITING), max_size=25))
def test_what_changes_the_card_is_noted_and_nothing_else_is(name: str, said: list[bytes]) -> None:
    card = deck(name)
    card.power_on()
    for apdu in said:
        before, noted = card.image(), len(card.writes)
        card.transmit(apdu)
        assert card.image() == before or len(card.writes) > noted

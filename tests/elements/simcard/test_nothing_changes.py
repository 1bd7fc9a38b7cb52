"""Reading changes nothing: every byte of every file and every counter is what it was, and no other command even passes."""

from __future__ import annotations

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.elements.simcard.channel import READ_RECORD, Channel, ForbiddenCommand
from lastcall.elements.simcard.simulated import DECKS, deck
from lastcall.elements.simcard.simulated.links import SimulatedLinks

from .reading import opened, sim

UNREADABLE = {"mute": "card_mute", "other_trade": "not_a_sim"}
READABLE = sorted(set(DECKS) - set(UNREADABLE))
READING = {"SELECT", "GET RESPONSE", "READ BINARY", "READ RECORD"}
TRIES_LEFT = {"VERIFY", "UNBLOCK"}
"""Without data: they ask, and cost nothing."""


@pytest.mark.parametrize("deleted", [False, True], ids=["without deleted", "with deleted"])
@pytest.mark.parametrize("name", READABLE)
def test_a_backup_leaves_every_byte_as_it_was(name: str, deleted: bool) -> None:
    card = deck(name)
    hand = opened(card)
    state = hand.pin()
    if state.enabled and not state.blocked:
        hand.verify(card.pin.code)
    before, first = card.image(), len(card.seen)
    card.writes.clear()
    hand.read(deleted=deleted)
    hand.close()
    assert card.image() == before
    assert card.writes == []
    assert {_name(seen) for seen in card.seen[first:]} <= READING | (TRIES_LEFT if card.kind != "SIM" else set())


@pytest.mark.parametrize("name", READABLE)
def test_a_card_that_nobody_gave_a_pin_for_is_looked_at_without_a_trace(name: str) -> None:
    card = deck(name)
    before = card.image()
    hand = opened(card)
    hand.iccid()
    hand.pin()
    hand.read(deleted=True)
    hand.close()
    assert (card.image(), card.writes) == (before, [])


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_a_card_that_cannot_be_read_is_left_as_it_was(name: str) -> None:
    card = deck(name)
    before = card.image()
    with pytest.raises(ElementTrouble) as caught:
        opened(card)
    assert caught.value.code == UNREADABLE[name]
    assert (card.image(), card.writes) == (before, [])


def test_no_command_that_could_change_the_card_passes() -> None:
    card = sim()
    link = SimulatedLinks([card]).link(1)
    link.connect()
    channel = Channel(link, 0xA0)

    def passes(ins: int) -> bool:
        before = len(card.seen)
        try:
            channel.send(ins, 0x00, 0x01, b"\xff" * 8)
        except ForbiddenCommand:
            assert len(card.seen) == before
            return False
        return True

    assert [ins for ins in range(256) if passes(ins)] == [0xA4, 0xB0, 0xB2, 0xC0]


def test_the_pin_commands_pass_in_an_act_on_the_pin_alone() -> None:
    card = sim()
    link = SimulatedLinks([card]).link(1)
    link.connect()
    channel = Channel(link, 0xA0)
    with channel.acting():
        assert channel.send(0x20, 0x00, 0x01, b"1234\xff\xff\xff\xff").done
        with pytest.raises(ForbiddenCommand):
            channel.send(0xDC, 0x01, 0x04, b"\xff" * 32)
    with pytest.raises(ForbiddenCommand):
        channel.send(0x20, 0x00, 0x01, b"1234\xff\xff\xff\xff")
    assert channel.send(READ_RECORD, 1, 4, length=1).sw == 0x9400


def _name(seen: str) -> str:
    """As ``READ RECORD`` of ``READ RECORD 12``."""
    words = seen.split()
    return " ".join(words[:2] if words[0] in ("READ", "GET") else words[:1])

"""Worn memory: some records cannot be read any more, and all others still are."""

from __future__ import annotations

import pytest

from lastcall.elements.simcard.simulated.card import SimulatedCard

from .reading import PIN, contacts, opened, sim, usim

READ_RECORD = 0xB2


@pytest.fixture(params=[sim, usim], ids=["SIM", "USIM"])
def card(request: pytest.FixtureRequest) -> SimulatedCard:
    made: SimulatedCard = request.param(phone_book=contacts(40))
    return made


def wear(card: SimulatedCard, monkeypatch: pytest.MonkeyPatch, *records: int) -> None:
    """Reading these records, of whichever file, fails from now on (65 81: a memory problem)."""
    plain = card.transmit
    gone = set(records)
    monkeypatch.setattr(
        card, "transmit", lambda apdu: b"\x65\x81" if apdu[1] == READ_RECORD and apdu[2] in gone else plain(apdu)
    )


@pytest.mark.parametrize("records", [(5,), (5, 6, 7), tuple(range(8, 28)), (38, 39, 40)])
def test_what_lies_behind_a_worn_page_is_read(
    card: SimulatedCard, monkeypatch: pytest.MonkeyPatch, records: tuple[int, ...]
) -> None:
    hand = opened(card)
    hand.verify(PIN)
    wear(card, monkeypatch, *records)
    read = hand.read()
    assert len(read.of("phone_book")) == 40 - len(records)
    assert any("phone book" in note.lower() for note in read.notes)

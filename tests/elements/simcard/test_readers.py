"""Which reader is meant, and what is in it."""

from __future__ import annotations

import io

import pytest

from lastcall.core.errors import BadInput, ElementTrouble, NotFound
from lastcall.elements.simcard import make_readers
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.files import MF, Folder
from lastcall.elements.simcard.simulated.links import SimulatedLinks

from .reading import ICCID, PIN, sim, usim


def test_the_only_card_is_meant_where_nobody_says_which() -> None:
    readers = Readers(SimulatedLinks([None, sim()]))
    assert [(name.number, name.card) for name in readers.names()] == [(1, False), (2, True)]
    assert readers.open().iccid() == ICCID


def test_of_several_cards_one_must_be_named() -> None:
    readers = Readers(SimulatedLinks([sim(iccid="8970199000000009016"), usim()]))
    with pytest.raises(BadInput) as caught:
        readers.open()
    assert caught.value.code == "which_reader"
    assert (readers.open(1).kind, readers.open(2).kind) == ("SIM", "USIM")


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_reader_that_is_not_there_is_not_found(number: int) -> None:
    with pytest.raises(NotFound) as caught:
        Readers(SimulatedLinks([sim()])).open(number)
    assert caught.value.code == "no_reader"


def test_no_reader_at_all_and_no_card_in_any_are_told_apart() -> None:
    with pytest.raises(NotFound) as nothing:
        Readers(SimulatedLinks([])).open()
    with pytest.raises(ElementTrouble) as empty:
        Readers(SimulatedLinks([None, None])).open()
    assert (nothing.value.code, empty.value.code, empty.value.permanent) == ("no_reader", "no_card", False)


def test_a_card_that_does_not_answer_is_said() -> None:
    with pytest.raises(ElementTrouble) as caught:
        Readers(SimulatedLinks([SimulatedCard(Folder(MF), atr=b"")])).open()
    assert caught.value.code == "card_mute"


def test_a_card_that_is_no_sim_is_said_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    card = sim()
    monkeypatch.setattr(card, "transmit", lambda apdu: b"\x6e\x00")
    links = SimulatedLinks([card])
    for _ in range(2):
        with pytest.raises(ElementTrouble) as caught:
            Readers(links).open()
        assert (caught.value.code, caught.value.permanent) == ("not_a_sim", True)


def test_a_card_in_use_is_busy() -> None:
    readers = Readers(SimulatedLinks([sim()]))
    hand = readers.open()
    with pytest.raises(ElementTrouble) as caught:
        readers.open()
    assert caught.value.code == "reader_busy"
    hand.close()
    readers.open()


def test_readers_are_made_by_their_names() -> None:
    assert make_readers("pcsc").name == "pcsc"
    assert make_readers("simulated").open().kind == "USIM"
    assert len(make_readers("simulated:full, empty").names()) == 2


@pytest.mark.parametrize(
    ("spec", "code"), [("usb", "unknown_readers"), ("pcsc:1", "unknown_readers"), ("simulated:x", "unknown_deck")]
)
def test_readers_that_nobody_knows_are_refused(spec: str, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_readers(spec)
    assert caught.value.code == code


def test_a_traced_reading_shows_its_commands_and_no_secret() -> None:
    out = io.StringIO()
    hand = make_readers("simulated:li_wei", trace=out).open()
    hand.verify(PIN)
    card = hand.read()
    lines = out.getvalue()
    assert "SELECT" in lines and "READ RECORD" in lines
    assert PIN.encode().hex(" ").upper() not in lines
    assert card.imsi not in lines.replace(" ", "")
    assert PIN not in lines.replace(" ", "")

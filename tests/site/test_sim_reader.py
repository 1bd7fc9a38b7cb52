"""``lastcall sim`` at a card reader: pcscd with two virtual readers, and cards that answer byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lastcall.core.simcard import saving
from lastcall.elements.simcard.simulated import deck
from tests.elements.simcard.vpcd import VirtualReaders, virtual_readers
from tests.site.terminal import Terminal

pytestmark = pytest.mark.element


@pytest.fixture
def lastcall(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """``lastcall`` without a database, at this computer's readers."""
    monkeypatch.delenv("LASTCALL_SIM_READERS", raising=False)
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def readers() -> Iterator[VirtualReaders]:
    """Two readers, both empty."""
    with virtual_readers() as found:
        yield found


@pytest.fixture
def pin_file(tmp_path: Path) -> str:
    """A file with the PIN of every simulated card."""
    (tmp_path / "pin").write_text("1234", encoding="ascii")
    return str(tmp_path / "pin")


def test_one_of_two_cards_is_saved_and_neither_is_changed(
    readers: VirtualReaders, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    cards = deck("li_wei"), deck("full")
    readers.put(cards)
    before = [card.image() for card in cards]
    out, words = tmp_path / "saved", ("sim", "backup", "--pin-file", pin_file, "--json")
    several = lastcall(*words, "--out", str(out))
    assert (several.code, several.error["code"]) == (2, "which_reader")
    assert [line[:14] for line in several.error["problems"]] == ["1: Virtual PCD", "2: Virtual PCD"]
    document = lastcall(*words, "--out", str(out), "--reader", "2").document
    assert (document["contacts"], document["notes"]) == (250, [])
    assert saving.verify(out) == ()
    assert [card.image() for card in cards] == before


def test_a_card_pulled_out_in_the_middle_leaves_nothing_and_can_be_saved_afterwards(
    readers: VirtualReaders, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    card = deck("full")
    readers.insert(1, card)
    card.pull_after(150)
    words = ("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path / "saved"), "--json")
    left = lastcall(*words)
    assert (left.code, left.error["code"]) == (5, "card_removed")
    assert [path.name for path in tmp_path.iterdir()] == ["pin"]
    readers.pull_out(1)
    readers.insert(1, card)
    assert lastcall(*words).document["contacts"] == 250


def test_the_pin_that_is_taken_off_stays_off(
    readers: VirtualReaders, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    readers.insert(2, deck("russian"))
    assert (
        lastcall("sim", "pin", "--act", "disable", "--pin-file", pin_file, "--json").document["outcome"] == "disabled"
    )
    left = lastcall("sim", "backup", "--out", str(tmp_path / "saved"), "--json")
    assert left.document["contacts"] == 8
    assert left.err == ""

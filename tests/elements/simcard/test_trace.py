"""The trace of a card: every command, and no secret."""

from __future__ import annotations

import io
import re

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.elements.simcard.simulated import SimulatedLinks, deck
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.trace import MASK, Traced, meaning
from tests.elements.simcard.speech import ADF_USIM, gsm_select, gsm_verify, padded, uicc_select, uicc_verify, word

PIN, NEW, PUK = "864197", "35792468", "90817263"


def card() -> SimulatedCard:
    """Li Wei's, with codes that stand nowhere else on it."""
    made = deck("li_wei")
    made.pin.code, made.pin.puk = PIN, PUK
    return made


def traced(cards: SimulatedCard, *, contents: bool = False) -> tuple[Traced, io.StringIO]:
    out = io.StringIO()
    link = Traced(SimulatedLinks([cards]).link(1), out, contents=contents)
    link.connect()
    return link, out


def hidden(code: str, text: str) -> bool:
    """Whether neither the code nor a part of it, as digits or as bytes, stands in the text."""
    packed = code.encode().hex().upper()
    flat = re.sub(r"[^0-9A-F]", "", text)
    return code not in text and packed not in flat and packed[:6] not in flat and packed[-6:] not in flat


def every_pin_act(link: Traced) -> None:
    old, new, puk, wrong = padded(PIN), padded(NEW), padded(PUK), padded("746352")
    for cla in ("A0", "00"):
        word(link, f"{cla} 20 0001 08 {wrong}")
        word(link, f"{cla} 20 0001 08 {old}")
        word(link, f"{cla} 24 0001 10 {old}{new}")
        word(link, f"{cla} 26 0001 08 {new}")
        word(link, f"{cla} 28 0001 08 {new}")
        word(link, f"{cla} 2C 00{'00' if cla == 'A0' else '01'} 10 {puk}{old}")


@pytest.mark.parametrize("contents", [False, True])
def test_no_pin_and_no_puk_stands_in_any_line(contents: bool) -> None:
    link, out = traced(card(), contents=contents)
    every_pin_act(link)
    text = out.getvalue()
    assert text.count(MASK) == 12
    for code in (PIN, NEW, PUK, "746352"):
        assert hidden(code, text)


@pytest.mark.parametrize(
    "command",
    [f"A0 20 0001 {PIN.encode().hex()}", f"A0 20 0001 07 {padded(PIN)}", f"00 20 0001 08 {padded(PIN)} 00",
     f"01 20 0001 08 {padded(PIN)}", f"80 2C 0101 08 {padded(PIN)}", f"A0 55 0001 08 {padded(PIN)}"],
)  # fmt: skip
def test_a_pin_in_a_command_out_of_form_is_masked_too(command: str) -> None:
    link, out = traced(card())
    word(link, command)
    assert hidden(PIN[1:], out.getvalue())


def test_a_line_names_the_command_and_explains_the_answer() -> None:
    link, out = traced(card())
    word(link, "A0 A4 0000 02 3F00")
    word(link, f"A0 20 0001 08 {padded('0000')}")
    connect, select, verify = out.getvalue().splitlines()
    assert re.fullmatch(r" +\d+\.\d CONNECT Simulated reader 1 \| ATR 3B 07 80 31 E0 73 FE 21 1B", connect)
    assert re.fullmatch(r" +\d+\.\d SELECT \| A0 A4 00 00 02 3F 00 \| 9F16 22 bytes wait \(\d+\.\d ms\)", select)
    assert re.search(rf"VERIFY \| A0 20 00 01 08 {MASK} \| 9804 wrong PIN, or closed", verify)


def read_everything(link: Traced) -> None:
    gsm_verify(link, PIN)
    for path, size in ((("3F00", "7F10", "6F3A"), "20"), (("6F3C",), "B0"), (("6F40",), "20")):
        gsm_select(link, *path)
        assert word(link, f"A0 B2 0104 {size}") == "9000"
    gsm_select(link, "3F00", "7F20", "6F07")
    assert word(link, "A0 B0 0000 09") == "9000"
    uicc_select(link, ADF_USIM)
    assert word(link, "00 B0 8700 09") == "9000"


NAME = "妈妈".encode("utf-16-be").hex(" ").upper()
IMSI = "08 29 05 99 00 00 00 50 10"


def test_what_is_the_holders_is_told_by_its_length_alone() -> None:
    link, out = traced(card())
    read_everything(link)
    text = out.getvalue()
    assert NAME not in text and IMSI not in text
    assert all(f"[{length} bytes]" in text for length in (32, 176, 9))


def test_what_is_the_holders_is_shown_when_asked_for() -> None:
    link, out = traced(card(), contents=True)
    read_everything(link)
    assert NAME in out.getvalue() and IMSI in out.getvalue()


def test_what_is_written_or_searched_for_is_not_shown_either() -> None:
    link, out = traced(card())
    gsm_verify(link, PIN)
    gsm_select(link, "3F00", "7F10", "6F3A")
    word(link, f"A0 DC 0104 20 {'41' * 32}")
    word(link, "A0 A2 0000 04 41414141")
    assert "41 41" not in out.getvalue() and "[32 bytes]" in out.getvalue()


def test_how_a_card_is_made_is_shown() -> None:
    link, out = traced(card())
    gsm_select(link, "3F00", "7F10", "6F3A")
    uicc_select(link, "3F00", "2F00")
    word(link, "00 B2 01 04 26")
    text = out.getvalue()
    assert "01 02 01 20 | 9000" not in text and "01 02 01 20 9000 done" in text
    assert "A0 00 00 00 87 10 02" in text


def test_a_short_name_does_not_pass_for_the_open_file_before_it() -> None:
    link, out = traced(card())
    uicc_verify(link, PIN)
    uicc_select(link, ADF_USIM, "6F05")
    assert word(link, "00 B0 8700 09") == "9000"
    assert word(link, "00 B0 0000 09") == "9000"
    assert IMSI not in out.getvalue()


def test_an_answer_that_a_reading_left_waiting_is_not_shown() -> None:
    class Splitting:
        """A link whose card gives records by GET RESPONSE, as some do over T=0."""

        name = "splitting"

        def transmit(self, apdu: bytes) -> tuple[bytes, int]:
            return (b"\x41" * 8, 0x9000) if apdu[1] == 0xC0 else (b"", 0x6108)

        def connect(self) -> bytes:
            return b"\x3b\x00"

        reset = connect

        def disconnect(self) -> None: ...

    out = io.StringIO()
    link = Traced(Splitting(), out)
    word(link, "00 B2 0104 08")
    word(link, "00 C0 0000 08")
    assert "41 41" not in out.getvalue() and "[8 bytes]" in out.getvalue()


def test_the_last_line_tells_of_a_card_pulled_out() -> None:
    pulled = card()
    link, out = traced(pulled)
    pulled.pull_after(0)
    with pytest.raises(ElementTrouble):
        word(link, "A0 A4 0000 02 3F00")
    assert out.getvalue().splitlines()[-1].endswith("SELECT | A0 A4 00 00 02 3F 00 | card_removed")


def test_a_reader_without_a_card_is_a_line_too() -> None:
    out = io.StringIO()
    with pytest.raises(ElementTrouble):
        Traced(SimulatedLinks([None]).link(1), out).connect()
    assert out.getvalue().endswith(" CONNECT Simulated reader 1 | no_card\n")


def test_resetting_and_letting_go_are_lines_too() -> None:
    link, out = traced(card())
    assert link.reset() == card().atr
    link.disconnect()
    assert [line.split()[1] for line in out.getvalue().splitlines()] == ["CONNECT", "RESET", "DISCONNECT"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [(0x9000, "done"),
     (0x9F16, "22 bytes wait"), (0x6100, "256 bytes wait"), (0x6C0A, "the length is 10"), (0x63C2, "2 tries left"),
     (0x6982, "closed"), (0x9404, "not found"), (0x1234, "")],
)  # fmt: skip
def test_a_status_word_is_told_in_words(given: int, expected: str) -> None:
    assert meaning(given) == expected

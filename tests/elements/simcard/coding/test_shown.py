"""Nothing on a card may steer the screen, the terminal or the spreadsheet it is shown on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.elements.simcard.coding.shown import about, listed, shown, utf16
from tests.elements.simcard.coding.signs import STEERING


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_break_is_one_newline_in_a_message_and_a_space_in_a_name(end: str) -> None:
    assert shown(f"a{end}b", lines=True).text == "a\nb"
    assert shown(f"a{end}b", lines=False).text == "a b"
    assert not shown(f"a{end}b", lines=True).damaged


@pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\ufff9"])
def test_a_control_character_is_replaced_and_said(control: str) -> None:
    text = shown(f"a{control}b", lines=True)
    assert text.text == "a\ufffdb"
    assert text.damaged == "control characters"


@pytest.mark.parametrize("none", ["\ud83d", "\ufffe", "\uffff", "\ufdd0", "\U0002fffe"])
def test_what_is_no_character_is_replaced_and_said(none: str) -> None:
    text = shown(f"a{none}", lines=True)
    assert text.text == "a\ufffd"
    assert text.damaged == "something that is no character"


def test_joiners_and_variation_selectors_stay_for_emoji_and_indian_scripts() -> None:
    family = "👨\u200d👩\u200d👧 ❤\ufe0f क्\u200dष"
    assert shown(family, lines=True).text == family
    assert not shown(family, lines=True).damaged


def test_a_tab_is_a_space() -> None:
    assert shown("a\tb", lines=True).text == "a b"


@given(st.text(st.characters()), st.booleans())
def test_no_text_whatever_keeps_a_control_character(raw: str, lines: bool) -> None:
    text = shown(raw, lines=lines).text
    assert not STEERING.search(text)
    assert lines or "\n" not in text


@given(st.binary(max_size=400))
def test_utf_16_of_any_octets_is_read(octets: bytes) -> None:
    assert len(utf16(octets)) <= len(octets) // 2


def test_damages_are_named_once_each() -> None:
    assert listed("cut short", "", "control characters; cut short") == "cut short; control characters"


def test_each_damage_of_a_part_says_of_which_part_it_is() -> None:
    assert about("number", "cut short; control characters") == "number: cut short; number: control characters"
    assert about("number", "") == ""

"""``messages.pdf``: everything that was written, on paper; signs without a shape in our fonts crash nothing."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastcall.core.simcard.card import Card
from lastcall.core.simcard.saving.paper import messages_letter
from lastcall.elements.letters import make_printer
from lastcall.elements.letters.glyphs import MISSING
from tests.core.simcard.filled import CALLS, MADE_AT, card, empty, message


def printed(shown: Card, language: str = "en") -> str:
    """The text of all pages, without line ends."""
    pdf = pypdfium2.PdfDocument(make_printer("typst").make(messages_letter(shown, language=language, made_at=MADE_AT)))
    return "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r", "").replace("\n", "")


@pytest.mark.parametrize("language", ["zh-hans", "ru", "en"])
def test_every_script_is_printed_in_a_letter_of_every_language(language: str) -> None:
    text = printed(card(), language)
    assert "Я буду дома после шести." in text
    assert "到了给你发消息" in text
    assert "<b>Tell it to nobody</b>" in text
    assert "00 01 02 03" in text


def test_calls_are_printed_below() -> None:
    text = printed(card(calls=CALLS))
    assert "Calls on the SIM card" in text
    assert "Call from: 妈妈, +8613900000001 · Jan. 9, 2026 21:05:00 (UTC+8) · answered · duration 0:12:34" in text
    assert "Calls on" not in printed(card())


def test_it_is_in_the_readers_language_alone() -> None:
    assert messages_letter(card(), language="zh-hans", made_at=MADE_AT).languages == ("zh-hans",)


def test_an_emoji_is_marked_and_the_reader_told_where_it_can_be_seen() -> None:
    text = printed(card())
    assert f"别忘了护照 {MISSING}" in text
    assert "Signs that could not be printed here are in the file messages.html." in text


def test_a_text_longer_than_a_page_is_printed_whole() -> None:
    long = "".join(f"{number:05} " for number in range(1500))
    text = printed(card(messages=(message(1, long),))).replace(" ", "")
    assert all(f"{number:05}" in text for number in range(1500))


@settings(max_examples=30, deadline=None)
@given(text=st.text(st.characters(), max_size=80), party=st.text(st.characters(), max_size=20))
def test_whatever_a_message_holds_it_is_printed(text: str, party: str) -> None:
    call = replace(CALLS[0], name=party, number=text, application=party)
    shown = card(messages=(message(1, text, party=party),), calls=(call,))
    letter = messages_letter(shown, language="zh-hans", made_at=MADE_AT)
    assert make_printer("typst").make(letter).startswith(b"%PDF")


def test_a_card_without_messages_is_printed_too() -> None:
    assert "There are no messages on this card." in printed(empty())

"""Typed and pasted text made plain."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lastcall.core.typed_text import latin_look_alikes, plain


def test_digits_spaces_and_dashes_of_any_kind_become_plain() -> None:
    assert plain("\ufeff１２\N{NO-BREAK SPACE}３\N{EM DASH}٤\N{MINUS SIGN}५ ") == "12 3-4-5"


def test_cyrillic_letters_become_the_latin_ones_they_look_like() -> None:
    assert latin_look_alikes("авс Ж x") == "ABC Ж X"


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text)
    assert plain(once) == once

"""The fonts of the letters: they show every word that we say, and say honestly what they cannot show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

import lastcall
from lastcall.core.policies.load import operators
from lastcall.elements.letters.glyphs import FONTS, MISSING, covered, printable, regular_only
from tests.letters import pack

LOCALE = Path(lastcall.__file__).parent / "locale"


def shown_by(*names: str) -> set[str]:
    """The characters that these fonts have together."""
    return {chr(code) for name in names for code in TTFont(FONTS / name).getBestCmap()}


def wording() -> Iterator[str]:
    """Every text of every language."""
    for file in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        with file.open("rb") as source:
            for message in read_po(source):
                for side in (message.id, message.string):
                    yield from (side,) if isinstance(side, str) else side or ()


def strings(thing: Any) -> Iterator[str]:
    """Every text of a value of a pack."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict | list):
        for each in thing.values() if isinstance(thing, dict) else thing:
            yield from strings(each)


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_both_weights_show_every_word_of_every_language(weight: str) -> None:
    said = {character for text in wording() for character in text if not character.isspace()}

    assert len(said) > 500
    assert said - shown_by(f"NotoSans-{weight}.ttf", f"NotoSansSC-{weight}.ttf") == set()


@pytest.mark.parametrize("operator", operators())
def test_the_fonts_show_everything_in_the_shipped_packs(operator: str) -> None:
    said = {character for entry in pack(operator).entries() for text in strings(entry.value) for character in text}

    assert len(said) > 300
    assert said - covered() == set()


def test_the_list_of_what_is_shown_is_what_the_fonts_have() -> None:
    assert covered() == shown_by("NotoSans-Regular.ttf", "NotoSansSC-Regular.ttf")


def test_what_the_bold_weight_lacks_is_known() -> None:
    bold = shown_by("NotoSans-Bold.ttf", "NotoSansSC-Bold.ttf")

    assert set(regular_only("".join(covered()))) == covered() - bold


@pytest.mark.parametrize(
    "text", ["李伟", "陳怡君", "Пётр Ёж", "Łukasz Nguyễn", "№ 1 — «да» …", "1\u00a0234,50\u00a0₽", "× • ·"]
)
def test_names_and_signs_in_daily_use_are_shown(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(("text", "printed"), [
    ("a𠀋b", f"a{MISSING}b"), ("م", MISSING), ("e\u0301", "é"), ("a\u200b\u202eb", "ab"), ("a\nb", "a b"), ("\ud800", MISSING),
])  # fmt: skip
def test_what_cannot_be_shown_leaves_a_sign(text: str, printed: str) -> None:
    assert printable(text) == printed


def test_the_sign_for_what_is_missing_is_shown() -> None:
    assert MISSING in covered()


def test_the_fonts_are_few_and_free() -> None:
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 6_000_000
    for licence in ("OFL-NotoSans.txt", "OFL-NotoSansSC.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / licence).read_text(encoding="utf-8")

"""Every operator, reason and situation, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import reduce
from typing import Any

import pytest
from django.utils import translation

from lastcall.core.closing.letters.letter import Letter, in_language
from lastcall.core.kit.aloud import Aloud, WithSound
from lastcall.core.kit.choices import LANGUAGES
from lastcall.core.kit.operators import operators
from tests.core.kit.kits import ALL, leaves, make

_ADDRESS = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]+(?:/[^\s;,()（）]*)?", re.IGNORECASE)
_NAMES = {
    "SIM", "PIN", "SMS", "eSIM", "IMEI", "SNILS", "BIC", "INN", "MFC", "FZ", "QR", "RuID", "mail", "Gosuslugi", "gosuslugi",
    "WhatsApp", "WeChat", "MTS", "MegaFon", "Beeline", "Yota", "Demo", "Mobile", "toml", "packs", "operators", "ru", "IV",
    "Alipay", "Pay",
}  # fmt: skip
"""Words that are written in Latin letters in every language."""
_LATIN = re.compile(r"[A-Za-z]{2,}")
_OWN = {"ru": re.compile("[а-яё]", re.IGNORECASE), "zh-hans": re.compile("[\u4e00-\u9fff]")}


def foreign(said: str) -> list[str]:
    """Words in Latin letters that are no names."""
    return [word for word in _LATIN.findall(_ADDRESS.sub(" ", said)) if word not in _NAMES]


def spoken(letter: Letter, language: str) -> Iterator[str]:
    """Its texts in ``language``, without the Latin letters that show how Russian sounds."""
    shown: dict[str, Any] = in_language(letter, language)
    with translation.override(language):
        sounds = sorted({aloud.shown() for aloud in _sounds(letter.blocks)} - {""}, key=len, reverse=True)
    for said in leaves([shown["title"], shown["brand"], shown["blocks"], shown["notes"], shown["phones"]]):
        rest = reduce(lambda left, sound: left.replace(sound, ""), sounds, said)
        if rest:
            yield rest


def _sounds(thing: Any) -> Iterator[Aloud]:
    if isinstance(thing, Aloud | WithSound):
        yield Aloud(thing.value)
    elif isinstance(thing, tuple):
        for each in thing:
            yield from _sounds(each)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from _sounds(getattr(thing, name))


@pytest.mark.parametrize("operator", operators())
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_is_made_and_speaks_its_language_alone(operator: str, language: str) -> None:
    seen: dict[str, set[str]] = {column: set() for column in LANGUAGES}
    for reason, situation in ALL:
        for letter in make(reason, situation, language, operator).letters:
            for column in letter.languages:
                seen[column].update(spoken(letter, column))

    assert seen[language]
    assert not any("%(" in said for said in set().union(*seen.values()))
    for column, own in _OWN.items():
        assert {word for said in seen[column] for word in foreign(said)} == set()
        assert {
            said for said in seen[column] if _LATIN.search(_ADDRESS.sub(" ", said)) and not own.search(said)
        } <= _NAMED
    assert language == "ru" or seen["ru"], "the statement and the phrase card are in Russian too"


_NAMED = {"Lastcall", "MTS", "MegaFon", "Beeline", "Yota", "Yota [1]", "MTS [1]", "MegaFon [1]", "Beeline [1]"}
"""What is nothing but a name."""


def test_each_kit_has_its_parts_in_the_order_in_which_they_are_bound() -> None:
    usual = ["kit_checklist", "kit_phrases", "kit_statement", "kit_unlinking", "kit_contacts", "kit_scams", "kit_afterwards",
             "kit_deadlines"]  # fmt: skip
    with_papers = [*usual[:3], "kit_powers", *usual[3:]]
    for reason, situation in ALL:
        kinds = [letter.kind for letter in make(reason, situation).letters]
        assert kinds == (with_papers if situation in {"abroad", "representative", "heir"} else usual)


def test_only_what_an_office_reads_is_in_russian_beside_the_reader_s_language() -> None:
    both = [letter.kind for letter in make(language="zh-hans").letters if letter.languages == ("ru", "zh-hans")]
    assert both == ["kit_phrases", "kit_statement"]
    assert {letter.languages for letter in make(language="ru").letters} == {("ru",)}


def test_the_same_kit_is_the_same_again() -> None:
    assert make("lost", "abroad") == make("lost", "abroad")

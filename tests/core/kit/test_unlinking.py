"""Where the number is in use: the most urgent first, each with how it is changed there and how sure that is."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from lastcall.core.kit.choices import LANGUAGES
from tests.core.kit.kits import english, items, make, pack, part, text


def named(reason: str = "leaving", situation: str = "in_country") -> list[tuple[str, str]]:
    letter = part(english(reason, situation), "kit_unlinking")
    with translation.override("en"):
        return [(item.text.shown(), item.under.shown() if item.under else "") for item in items(letter.blocks[1:])]


def test_the_state_banks_and_codes_come_before_shops() -> None:
    said = [name for name, _how in named()]
    order = [
        "Gosuslugi",
        "Banks",
        "two-factor",
        "E-mail",
        "Messengers",
        "Payment apps",
        "Shops",
        "Whoever must reach you",
    ]

    assert [next(place for place, name in enumerate(said) if word in name) for word in order] == list(range(len(order)))


def test_each_says_how_with_its_source_or_that_nobody_confirms_it() -> None:
    for name, how in named()[:8]:
        assert "How: " in how, name
        assert how.endswith("]"), "the number of its source"
    assert sum("(not confirmed)" in how for _name, how in named()) == 5


def test_every_service_of_the_pack_has_a_way_and_every_way_a_service() -> None:
    assert set(pack().facts("unlink")) == set(pack().facts("unlink_how"))


@pytest.mark.parametrize(
    ("reason", "situation"), [("switching", "in_country"), ("not_mine", "abroad"), ("leaving", "heir")]
)
def test_who_has_nothing_to_change_is_not_told_how(reason: str, situation: str) -> None:
    assert "How: " not in text(english(reason, situation), "kit_unlinking")


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_are_numbered_as_they_are_read(language: str) -> None:
    said = text(make(language=language), "kit_unlinking", language)
    numbers = [int(number) for found in re.findall(r"\[([\d, ]+)\]", said) for number in found.split(", ")]
    firsts = list(dict.fromkeys(numbers))

    assert firsts == list(range(1, len(firsts) + 1))

"""What measures the saving of a card: that it sends what a reading sends, and finds what was not saved; never how fast it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench import card
from lastcall.elements.letters import make_printer
from lastcall.elements.simcard.simulated import SimulatedLinks, deck


def test_the_commands_alone_are_those_of_a_reading() -> None:
    noting = card.NotingLinks(SimulatedLinks([deck("li_wei")]))
    found = card._read(noting)
    measured = card.measure_alone(SimulatedLinks([deck("li_wei")]), sent=tuple(noting.sent))
    assert measured["done"] == len(noting.sent) > len(found.entries) + len(found.messages)


def test_what_is_saved_is_proved_name_by_name() -> None:
    measured = card.measure_saved(SimulatedLinks([deck("li_wei")]), printer=make_printer("typst"))
    assert measured["proved"] and measured["done"] > 5


@pytest.mark.parametrize("name", ["Nobody", "没有人"])
def test_a_name_that_was_not_saved_is_found(name: str) -> None:
    found = card._read(SimulatedLinks([deck("li_wei")]))
    [first, *_] = found.of("phone_book")
    other = replace(found, entries=(*found.entries, replace(first, name=name)))
    assert card._proof(other, {"contacts.vcf": b"BEGIN:VCARD"})["proved"] is False

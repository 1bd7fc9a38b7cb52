"""No test depends on chance: each draws its own ids and codes, the same in every run, and secrets are sought as whole words."""

from __future__ import annotations

import pytest

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from tests.secrecy import stands_in

DRAWN = {"first": 199619090842564871, "second": 199619090842453991}
"""From the day on which the clock of the tests stands, and each test's own name."""


@pytest.mark.parametrize("turn", ["first", "second"])
def test_ids_are_the_tests_own(time: ManualClock, turn: str) -> None:
    assert clock.new_id() == DRAWN[turn]


@pytest.mark.parametrize("text", ["250", "{'contacts': 250}", "PIN 250.", "250 тел", "电话250个"])
def test_a_word_of_its_own_is_found(text: str) -> None:
    assert stands_in("250", text)


@pytest.mark.parametrize("text", ["", "205054908826532503", "A250", "250B", "1250"])
def test_what_lies_within_a_longer_word_is_chance(text: str) -> None:
    assert not stands_in("250", text)

"""The card in the reader is compared with the line's own; with another one nothing goes on."""

from __future__ import annotations

import pytest

from lastcall.core.errors import BadInput, NotFound
from lastcall.core.simcard import reports
from tests.core.simcard.at_the_counter import Visit, paired
from tests.core.tools import nothing_changes, refused


def card(visit: Visit, handling_id: int, iccid: str) -> bool:
    return reports.card(visit.base, token=visit.token, handling_id=handling_id, iccid=iccid)


def test_the_lines_own_card_is_taken(visit: Visit) -> None:
    asked = visit.ask()
    assert card(visit, asked.id, visit.iccid)
    taken = visit.now(asked)
    assert (taken.state, taken.same_card) == ("taken", True)


def test_a_card_without_its_control_digit_is_the_same(visit: Visit) -> None:
    assert card(visit, visit.ask().id, visit.iccid[:-1])


def test_the_same_card_again_changes_nothing(visit: Visit) -> None:
    taken = visit.taken()
    with nothing_changes():
        assert card(visit, taken.id, visit.iccid)


def test_another_card_ends_it_and_nothing_goes_on(visit: Visit) -> None:
    asked = visit.ask()
    assert not card(visit, asked.id, visit.cast.sim_of(visit.cast.anna).iccid)
    failed = visit.now(asked)
    assert (failed.state, failed.problem, failed.same_card) == ("failed", "wrong_card", False)
    with refused("no_such_handling", NotFound):
        card(visit, asked.id, visit.iccid)
    with refused("no_such_handling", NotFound):
        visit.save(asked)
    assert reports.next_of(visit.base, token=visit.token) is None


@pytest.mark.parametrize("iccid", ["898604A0191790C12345", "897019900000000501A", "8970199000000F0501"])
def test_a_card_whose_number_has_letters_is_another_one(visit: Visit, iccid: str) -> None:
    asked = visit.ask()
    assert not card(visit, asked.id, iccid)
    assert (visit.now(asked).state, visit.now(asked).problem) == ("failed", "wrong_card")


def test_a_card_that_was_swapped_afterwards_ends_it_too(visit: Visit) -> None:
    taken = visit.taken()
    assert not card(visit, taken.id, visit.cast.sim_of(visit.cast.anna).iccid)
    assert (visit.now(taken).state, visit.now(taken).problem) == ("failed", "wrong_card")


@pytest.mark.parametrize("iccid", ["", "89", "8970199000000005xyz", "9" * 21])
def test_what_is_no_card_number_decides_nothing(visit: Visit, iccid: str) -> None:
    asked = visit.ask()
    with refused("malformed_iccid", BadInput):
        card(visit, asked.id, iccid)


def test_another_reader_may_say_nothing_of_it(visit: Visit) -> None:
    asked = visit.ask()
    visit.token = paired(visit.counter, name="Window 4")
    with refused("no_such_handling", NotFound):
        card(visit, asked.id, visit.iccid)


def test_neither_of_one_that_is_not_there(visit: Visit) -> None:
    with refused("no_such_handling", NotFound):
        card(visit, 4711, visit.iccid)

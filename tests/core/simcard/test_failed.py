"""What could not be done is said in a word that we know; nothing is ticked, and the clerk may ask again."""

from __future__ import annotations

import pytest

from lastcall.core.closing import preparation
from lastcall.core.errors import NotFound
from lastcall.core.simcard import reports
from lastcall.core.simcard.handling import Handling
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import nothing_changes, refused


def fail(visit: Visit, handling: Handling, problem: str) -> Handling:
    return reports.fail(visit.base, token=visit.token, handling_id=handling.id, problem=problem)


@pytest.mark.parametrize("problem", ["no_card", "pin_blocked", "visitor_refused"])
def test_a_problem_that_we_know_is_kept(visit: Visit, problem: str) -> None:
    failed = fail(visit, visit.ask(), problem)
    assert (failed.state, failed.problem) == ("failed", problem)
    assert visit.now(failed) == failed


@pytest.mark.parametrize("problem", ["", "4321", "+7 900 000-10-01", "x" * 4000])
def test_any_other_word_is_not(visit: Visit, problem: str) -> None:
    assert fail(visit, visit.taken(), problem).problem == "other"


def test_nothing_is_ticked_and_it_may_be_asked_again(visit: Visit) -> None:
    handling = visit.taken()
    visit.save(handling)
    fail(visit, handling, "card_removed")
    assert visit.base.transact(lambda rows: preparation.ticked(rows, visit.case_id)) == frozenset()
    assert visit.ask().state == "asked"


def test_twice_is_once(visit: Visit) -> None:
    failed = fail(visit, visit.ask(), "no_card")
    with nothing_changes():
        assert fail(visit, failed, "no_card") == failed


def test_not_after_it_was_done(visit: Visit) -> None:
    handling = visit.taken(backup=False)
    visit.done(handling, contacts=0, messages=0)
    with refused("no_such_handling", NotFound):
        fail(visit, handling, "no_card")

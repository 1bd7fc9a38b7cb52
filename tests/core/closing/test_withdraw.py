"""Taking a declaration back: until the first outside effect of the cease is attempted, never after."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lastcall.core.actor import REPRESENTATIVE, SYSTEM, Actor
from lastcall.core.closing import cease
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.errors import ElementTrouble, NotAllowed, NotFound
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from tests.cast import IRINA, OLGA, ON_THE_WEB, SOMEBODY, TIMUR, Cast
from tests.core.tools import nothing_changes, refused, with_hlr


def waiting(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.work()
    return receipt


def in_review(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


STATES: list[tuple[str, Callable[[Cast], Receipt]]] = [
    ("declared", lambda cast: cast.declare()),
    ("waiting", waiting),
    ("review", in_review),
    ("on_hold", lambda cast: cast.on_hold()),
    ("ceasing", lambda cast: cast.ceasing()),
]


@pytest.mark.parametrize(("state", "story"), STATES, ids=[state for state, _ in STATES])
def test_it_ends_the_case_in_every_state_before_the_first_effect(
    cast: Cast, state: str, story: Callable[[Cast], Receipt]
) -> None:
    receipt = story(cast)
    assert cast.case(receipt).state == state
    case = withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    assert (case.state, case.ended_at, case.ended_reason) == ("withdrawn", cast.time.now(), "withdrawn_by_subscriber")
    cast.work()
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service
    assert cast.case(receipt).state == "withdrawn"


def test_the_counter_the_hotline_and_a_representative_may_do_it_too(cast: Cast) -> None:
    for actor in (OLGA, TIMUR, Actor(REPRESENTATIVE, "-", "store")):
        assert withdraw(cast.base, case_id=cast.declare().case_id, actor=actor).state == "withdrawn"


def test_nobody_else_may(cast: Cast) -> None:
    receipt = cast.declare()
    for actor in (SOMEBODY, IRINA, Actor(SYSTEM, "worker", "system")):
        with refused("not_allowed", NotAllowed):
            withdraw(cast.base, case_id=receipt.case_id, actor=actor)


def test_twice_is_once(cast: Cast) -> None:
    receipt = cast.declare()
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with refused("not_allowed", NotAllowed):
        withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def test_after_the_first_effect_was_attempted_it_is_too_late_even_if_the_hlr_was_down(cast: Cast) -> None:
    receipt = cast.ceasing()
    outside = with_hlr(cast, FaultyHlr(cast.elements.hlr, {"look": [Fault.DOWN]}))
    with pytest.raises(ElementTrouble):
        cease.cease(cast.base, case_id=receipt.case_id, outside=outside)
    with refused("too_late"):
        withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    cast.work()
    assert cast.case(receipt).state == "closed"


def test_after_the_end_it_is_too_late(cast: Cast) -> None:
    receipt = cast.closed()
    with refused("too_late"):
        withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def test_the_line_is_free_for_another_declaration_afterwards(cast: Cast) -> None:
    first = cast.on_hold()
    withdraw(cast.base, case_id=first.case_id, actor=ON_THE_WEB)
    second = cast.declare()
    assert cast.case(second).line_id == cast.case(first).line_id


def test_a_late_duplicate_of_the_cease_does_nothing(cast: Cast) -> None:
    receipt = cast.ceasing()
    withdraw(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    with nothing_changes():
        cease.cease_if_due(cast.base, case_id=receipt.case_id, outside=cast.elements.outside)


def test_an_unknown_case_is_not_found(cast: Cast) -> None:
    with refused("not_found", NotFound):
        withdraw(cast.base, case_id=1, actor=ON_THE_WEB)

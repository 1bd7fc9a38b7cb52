"""A court or authority forbids the closing: nothing irreversible while that stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.actor import Actor
from lastcall.core.closing import cease
from lastcall.core.closing.advance import LOOK_AGAIN
from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.core.subscribers.file import set_legal_hold
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from tests.cast import IRINA, OLGA, ON_THE_WEB, SOMEBODY, Cast
from tests.core.tools import open_alerts, refused, retry_dead, with_hlr, work_through


def hold(cast: Cast, *, on: bool = True, actor: Actor = IRINA) -> None:
    assert cast.li_wei.line is not None
    set_legal_hold(cast.base, line_id=cast.li_wei.line.id, held=on, actor=actor)


def in_service(cast: Cast) -> bool:
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    return entry is not None and entry.in_service


def test_the_declaration_is_receipted_all_the_same_and_keeps_its_dates(cast: Cast) -> None:
    hold(cast)
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["locks"]["reason"]) == ("waiting", "legal_hold")
    assert case.legal_end == receipt.legal_end
    hold(cast, on=False)
    work_through(cast, LOOK_AGAIN)
    assert cast.case(receipt).state == "on_hold"


def test_one_that_comes_during_the_hold_stops_the_cease(cast: Cast) -> None:
    receipt = cast.on_hold()
    hold(cast)
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "waiting"
    assert in_service(cast)


def test_one_that_comes_between_the_decision_and_the_first_effect_stops_it_too(cast: Cast) -> None:
    receipt = cast.ceasing()
    hold(cast)
    cease.cease_if_due(cast.base, case_id=receipt.case_id, outside=cast.elements.outside)
    case = cast.case(receipt)
    assert (case.state, case.effect_attempted_at) == ("checking", None)
    cast.work()
    assert cast.case(receipt).state == "waiting"
    assert in_service(cast)


def test_one_that_comes_while_the_hlr_is_down_is_a_persons_matter(cast: Cast) -> None:
    receipt = cast.ceasing()
    outside = with_hlr(cast, FaultyHlr(cast.elements.hlr, {"look": [Fault.DOWN]}))
    with pytest.raises(ElementTrouble):
        cease.cease(cast.base, case_id=receipt.case_id, outside=outside)
    hold(cast)
    cast.work()
    assert cast.case(receipt).stuck_at == cast.time.now()
    assert open_alerts(cast) == [("case.cease", receipt.case_id)]
    assert in_service(cast)
    hold(cast, on=False)
    retry_dead(cast, "case.cease")
    cast.work()
    assert cast.case(receipt).state == "closed"


def test_only_staff_enter_and_lift_it(cast: Cast) -> None:
    hold(cast, actor=OLGA)
    for actor in (ON_THE_WEB, SOMEBODY):
        for on in (True, False):
            with refused("not_staff"):
                hold(cast, on=on, actor=actor)


def test_an_unknown_line_is_not_found(cast: Cast) -> None:
    with refused("not_found", NotFound):
        set_legal_hold(cast.base, line_id=1, held=True, actor=IRINA)

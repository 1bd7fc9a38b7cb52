"""'This was not me': everything stops at once, without login; only a reviewer who asked the holder lets it go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.actor import CLERK, REVIEWER, SYSTEM, Actor
from lastcall.core.closing import cease, review
from lastcall.core.closing.freeze import freeze, unfreeze
from lastcall.core.errors import ElementTrouble, NotAllowed, NotFound
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from tests.cast import IRINA, OLGA, ON_THE_WEB, SOMEBODY, TIMUR, Cast
from tests.core.tools import nothing_changes, notices, open_alerts, refused, with_hlr

EVERYBODY = (SOMEBODY, ON_THE_WEB, OLGA, TIMUR, IRINA, Actor(SYSTEM, "worker", "system"))


def test_anybody_may_say_so(cast: Cast) -> None:
    for actor in EVERYBODY:
        case = freeze(cast.base, case_id=cast.declare().case_id, actor=actor)
        assert case.frozen_at == cast.time.now()


def test_a_hold_that_is_frozen_goes_to_a_person_at_once(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["locks"]["reason"]) == ("review", "frozen")


def test_nothing_ceases_while_it_is_frozen_whatever_is_approved(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    with refused("frozen"):
        cast.approve(receipt)
    cast.time.advance(timedelta(days=20))
    cast.work()
    assert cast.case(receipt).state == "review"
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service


def test_between_the_decision_and_the_first_effect_it_still_stops_everything(cast: Cast) -> None:
    receipt = cast.ceasing()
    case = freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    assert (case.state, case.frozen_at) == ("review", cast.time.now())
    cast.work()
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service
    cast.time.advance(timedelta(hours=cast.policy.review_deadline_hours))
    cast.work()
    assert open_alerts(cast) == [("review.overdue", receipt.case_id)]


def test_after_the_first_effect_was_attempted_it_is_too_late(cast: Cast) -> None:
    receipt = cast.ceasing()
    outside = with_hlr(cast, FaultyHlr(cast.elements.hlr, {"bar": [Fault.DOWN]}))
    with pytest.raises(ElementTrouble):
        cease.cease(cast.base, case_id=receipt.case_id, outside=outside)
    with refused("too_late"):
        freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)


def test_twice_is_once(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.time.advance(timedelta(minutes=1))
    with nothing_changes():
        freeze(cast.base, case_id=receipt.case_id, actor=ON_THE_WEB)


def test_after_the_holder_was_asked_the_same_hold_goes_on(cast: Cast) -> None:
    receipt = cast.on_hold()
    until, told = cast.case(receipt).hold_until, notices(cast, receipt.case_id)
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    unfreeze(cast.base, case_id=receipt.case_id, actor=IRINA)
    cast.approve(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.hold_until, case.frozen_at) == ("on_hold", until, None)
    assert notices(cast, receipt.case_id) == told
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "closed"


def test_a_freeze_lifted_at_once_changes_nothing_else(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    unfreeze(cast.base, case_id=receipt.case_id, actor=IRINA)
    cast.work()
    assert cast.case(receipt).state == "on_hold"


def test_a_case_that_waits_can_be_frozen_and_gets_to_a_person_when_complete(cast: Cast) -> None:
    receipt = cast.declare()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    assert cast.case(receipt).state == "waiting"
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "review"


def test_a_reviewer_may_reject_what_is_frozen(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    cast.work()
    case = review.reject(cast.base, case_id=receipt.case_id, actor=IRINA, reason="not_the_holder")
    assert case.state == "rejected"


def test_only_a_reviewer_lifts_it(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    for actor in (SOMEBODY, ON_THE_WEB, TIMUR, Actor(CLERK, "vera", "store")):
        with refused("not_allowed", NotAllowed):
            unfreeze(cast.base, case_id=receipt.case_id, actor=actor)


def test_whoever_saw_the_document_does_not_lift_it(cast: Cast) -> None:
    receipt = cast.on_hold()
    freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    with refused("four_eyes"):
        unfreeze(cast.base, case_id=receipt.case_id, actor=Actor(REVIEWER, "olga", "desk"))


def test_there_is_nothing_to_lift_where_nothing_is_frozen(cast: Cast) -> None:
    receipt = cast.on_hold()
    with refused("not_frozen"):
        unfreeze(cast.base, case_id=receipt.case_id, actor=IRINA)


def test_a_case_that_has_ended_is_not_frozen(cast: Cast) -> None:
    receipt = cast.declare()
    cast.time.advance(timedelta(days=30))
    cast.work()
    assert cast.case(receipt).state == "lapsed"
    with refused("not_allowed", NotAllowed):
        freeze(cast.base, case_id=receipt.case_id, actor=SOMEBODY)
    with refused("not_found", NotFound):
        freeze(cast.base, case_id=1, actor=SOMEBODY)

"""A case that still misses something from the subscriber when its time is over lapses; the declaration stays."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.closing import find
from lastcall.core.subscribers.file import set_legal_hold
from tests.cast import FREE_MSISDN, OLGA, Cast
from tests.core.tools import work_through

LAPSE = timedelta(days=30)


def test_what_is_not_completed_lapses_at_its_moment_and_not_before(cast: Cast) -> None:
    receipt = cast.declare()
    cast.work()
    cast.time.advance(LAPSE - timedelta(microseconds=1))
    cast.work()
    assert cast.case(receipt).state == "waiting"
    cast.time.advance(timedelta(microseconds=1))
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.ended_at, case.ended_reason) == ("lapsed", cast.time.now(), "not_completed_in_time")


def test_a_case_that_waits_for_a_court_alone_does_not_lapse(cast: Cast) -> None:
    receipt = cast.on_hold()
    line = cast.li_wei.line
    assert line is not None
    set_legal_hold(cast.base, line_id=line.id, held=True, actor=OLGA)
    cast.time.advance(LAPSE - timedelta(days=1))
    work_through(cast, timedelta(days=2))
    assert cast.case(receipt).state == "waiting"
    set_legal_hold(cast.base, line_id=line.id, held=False, actor=OLGA)
    work_through(cast, timedelta(days=1))
    assert cast.case(receipt).state != "lapsed"


def test_the_moment_was_frozen_at_the_declaration(cast: Cast) -> None:
    receipt = cast.declare()
    assert cast.case(receipt).lapse_at == receipt.received_at + timedelta(days=cast.policy.termination_lapse_days)


def test_a_declaration_on_a_number_that_nobody_holds_lapses_too(cast: Cast) -> None:
    receipt = cast.declare(FREE_MSISDN)
    cast.time.advance(LAPSE)
    cast.work()
    assert cast.case(receipt).state == "lapsed"


def test_the_receipt_still_opens_it_and_the_line_works_and_can_be_declared_again(cast: Cast) -> None:
    receipt = cast.declare()
    cast.time.advance(LAPSE)
    cast.work()
    case = find.find_case(cast.base, reference=receipt.reference, secret=receipt.secret)
    assert (case.state, case.declared_at) == ("lapsed", receipt.received_at)
    assert cast.case(cast.declare()).line_id == case.line_id
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service


def test_a_case_in_a_persons_hands_does_not_lapse(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_remotely(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    cast.time.advance(LAPSE)
    cast.work()
    assert cast.case(receipt).state == "review"


def test_a_case_completed_on_the_last_day_goes_on(cast: Cast) -> None:
    receipt = cast.declare()
    cast.work()
    cast.time.advance(LAPSE - timedelta(hours=1))
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "on_hold"
    work_through(cast, timedelta(days=2), every=timedelta(hours=6))
    assert cast.case(receipt).state == "closed"

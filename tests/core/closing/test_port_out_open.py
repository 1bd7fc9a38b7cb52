"""An open port-out: the number is moving to another operator, and nothing else may end the line meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.closing import cease
from lastcall.core.closing.advance import LOOK_AGAIN
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import Conflict, ElementTrouble
from lastcall.core.numbers.port import cancel_port_out, order_port_out, port_out
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from tests.cast import NIKOLAI, Cast
from tests.core.tools import refused, with_hlr, work_through


def line_id(cast: Cast) -> int:
    assert cast.li_wei.line is not None
    return cast.li_wei.line.id


def ready(cast: Cast) -> Receipt:
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


def test_the_case_waits_for_it_and_goes_on_when_it_is_called_off(cast: Cast) -> None:
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    receipt = ready(cast)
    case = cast.case(receipt)
    assert (case.state, case.results["port_out"]["reason"]) == ("waiting", "open_port_out")
    cancel_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    work_through(cast, LOOK_AGAIN)
    assert cast.case(receipt).state == "on_hold"


def test_when_the_number_has_gone_the_case_ends_with_that_reason(cast: Cast) -> None:
    receipt = cast.on_hold()
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    cast.time.advance(timedelta(days=8))
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.ended_reason, case.network_confirmed_at) == ("rejected", "line_already_ended", None)


def test_an_order_between_the_decision_and_the_first_effect_goes_first(cast: Cast) -> None:
    receipt = cast.ceasing()
    order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    cast.work()
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service
    assert cast.case(receipt).state == "waiting"
    port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    work_through(cast, LOOK_AGAIN)
    assert cast.case(receipt).state == "rejected"


def test_an_order_after_the_first_effect_was_attempted_is_refused(cast: Cast) -> None:
    receipt = cast.ceasing()
    outside = with_hlr(cast, FaultyHlr(cast.elements.hlr, {"look": [Fault.DOWN]}))
    with pytest.raises(ElementTrouble):
        cease.cease(cast.base, case_id=receipt.case_id, outside=outside)
    with refused("being_closed"):
        order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)
    cast.work()
    assert cast.case(receipt).state == "closed"


def test_an_order_after_the_line_has_gone_out_of_service_is_refused_by_the_number(cast: Cast) -> None:
    cast.closed()
    with refused("conflict", Conflict):
        order_port_out(cast.base, line_id=line_id(cast), actor=NIKOLAI)

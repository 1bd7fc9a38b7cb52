"""Other lines that are paid through this one: they are closed or moved first."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.closing.advance import LOOK_AGAIN
from lastcall.core.numbers.assign import Terms
from tests.cast import FREE_MSISDN, Cast
from tests.core.tools import work_through


def sister(cast: Cast) -> None:
    """Sergei's line hangs on Li Wei's bundle."""
    assert cast.li_wei.line is not None
    cast.give_line(cast.sergei, FREE_MSISDN, terms=Terms(depends_on_id=cast.li_wei.line.id))
    cast.time.advance(timedelta(days=60))


def test_the_line_that_pays_waits_until_no_other_hangs_on_it(cast: Cast) -> None:
    sister(cast)
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.results["dependents"]) == (
        "waiting",
        {"outcome": "failed", "reason": "lines_depend", "details": {"lines": 1}},
    )
    cast.closed(cast.sergei)
    work_through(cast, LOOK_AGAIN)
    assert cast.case(receipt).state == "on_hold"


def test_the_line_that_is_paid_for_closes_freely(cast: Cast) -> None:
    sister(cast)
    receipt = cast.closed(cast.sergei)
    assert cast.case(receipt).state == "closed"
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service


def test_a_sister_line_that_came_during_the_hold_stops_the_cease(cast: Cast) -> None:
    receipt = cast.on_hold()
    sister(cast)
    cast.work()
    assert cast.case(receipt).results["dependents"]["reason"] == "lines_depend"
    assert cast.case(receipt).state != "ceasing"

"""Having the same number back: for its former holder, inside the window, as a new tenure on a new SIM."""

from __future__ import annotations

from datetime import timedelta
from itertools import repeat
from typing import Any

import pytest

from lastcall.core.actor import AGENT, HOLDER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.reactivate import reactivate
from lastcall.core.closing.receipts import Receipt
from lastcall.core.errors import BadInput, NotAllowed, NotFound
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document, Subscriber
from lastcall.core.work import MOST_ATTEMPTS
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from tests.cast import ANNAS_PASSPORT, LI_WEI_MSISDN, OLGA, PASSPORT, SERGEIS_PASSPORT, Cast, iccid
from tests.core.tools import change, only, refused, retry_dead, some, with_hlr, work_until_dead

WINDOW = timedelta(days=60)


def back(cast: Cast, receipt: Receipt, *, card: str = "", **given: Any) -> Line:
    """Olga gives the number back with Irina's approval."""
    values: dict[str, Any] = {"document": PASSPORT, "actor": OLGA, "approver": "irina"}
    return reactivate(cast.base, case_id=receipt.case_id, iccid=card or cast.new_sim().iccid, **(values | given))


def tenures(cast: Cast) -> list[Tenure]:
    return sorted(some(cast.base, Tenure, msisdn=LI_WEI_MSISDN), key=lambda tenure: tenure.ordinal)


def test_the_former_holder_has_it_back_as_a_new_tenure_on_a_new_sim(cast: Cast) -> None:
    receipt = cast.closed()
    cast.time.advance(WINDOW - timedelta(microseconds=1))
    line = back(cast, receipt)
    former, new = tenures(cast)
    assert (new.follows_id, new.since, new.until, line.tenure_id) == (former.id, cast.time.now(), None, new.id)
    assert former.until is not None and former.until < new.since
    assert line.sim_id != cast.sim_of(cast.li_wei).id
    cast.work()
    cast.li_wei.line = line
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service and entry.msisdn == str(LI_WEI_MSISDN)


def test_it_says_which_tenure_follows_which_and_who_approved(cast: Cast) -> None:
    receipt = cast.closed()
    back(cast, receipt)
    former, new = tenures(cast)
    [assigned] = [event for event in some(cast.base, Event, kind="number.assigned") if event.subject_id == new.id]
    assert assigned.data == {"follows": former.id, "approver": "irina"}
    assert cast.case(receipt).state == "closed"


def test_the_old_sim_stays_dead_and_its_entry_goes_without_touching_the_new_line(cast: Cast) -> None:
    receipt = cast.closed()
    old = cast.sim_of(cast.li_wei)
    cast.li_wei.line = back(cast, receipt)
    cast.work()
    cast.time.advance(timedelta(days=cast.policy.quarantine_days))
    sweep(cast.base)
    cast.work()
    assert cast.elements.hlr.look(old.imsi) is None
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service


def test_the_window_is_over_at_its_very_end(cast: Cast) -> None:
    receipt = cast.closed()
    sim = cast.new_sim()
    cast.time.advance(WINDOW)
    with refused("window_over"):
        back(cast, receipt, card=sim.iccid)
    sweep(cast.base)
    with refused("window_over"):
        back(cast, receipt, card=sim.iccid)


def test_a_number_that_somebody_else_has_is_gone(cast: Cast) -> None:
    receipt = cast.closed()
    cast.time.advance(timedelta(days=cast.policy.quarantine_days))
    sweep(cast.base)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    sim = cast.new_sim()
    with refused("someone_elses_number"):
        back(cast, receipt, card=sim.iccid)


@pytest.mark.parametrize("document", [SERGEIS_PASSPORT, ANNAS_PASSPORT], ids=["sergei", "anna"])
def test_only_the_former_holder_gets_it(cast: Cast, document: tuple[str, str, str]) -> None:
    receipt = cast.closed()
    sim = cast.new_sim()
    with refused("not_the_former_holder"):
        back(cast, receipt, card=sim.iccid, document=document)


def test_a_document_that_has_run_out_gets_nothing_back(cast: Cast) -> None:
    receipt = cast.closed()
    sim = cast.new_sim()
    document = only(cast.base, Document, subscriber_id=cast.li_wei.subscriber.id)
    change(cast.base, Document, document.id, valid_until=cast.time.now().date() - timedelta(days=1))
    with refused("not_the_former_holder"):
        back(cast, receipt, card=sim.iccid)


def test_it_takes_two_people_of_the_staff(cast: Cast) -> None:
    receipt = cast.closed()
    sim = cast.new_sim()
    for wrong in ({"approver": ""}, {"approver": "olga"}, {"actor": Actor(HOLDER, "-", "portal")}):
        with refused("four_eyes"):
            back(cast, receipt, card=sim.iccid, **wrong)
    with refused("not_allowed", NotAllowed):
        back(cast, receipt, card=sim.iccid, actor=Actor(AGENT, "timur", "hotline"))


def test_it_is_a_new_agreement_so_limit_and_self_ban_count(cast: Cast) -> None:
    receipt = cast.closed()
    sim = cast.new_sim()
    who = cast.li_wei.subscriber.id
    change(cast.base, Subscriber, who, numbers_elsewhere=cast.policy.limits_foreigner)
    with refused("over_limit"):
        back(cast, receipt, card=sim.iccid)
    change(cast.base, Subscriber, who, numbers_elsewhere=cast.policy.limits_foreigner - 1, self_ban=True)
    with refused("self_ban"):
        back(cast, receipt, card=sim.iccid)
    change(cast.base, Subscriber, who, self_ban=False)
    assert back(cast, receipt, card=sim.iccid).closed_at is None


def test_it_is_given_back_once(cast: Cast) -> None:
    receipt = cast.closed()
    back(cast, receipt)
    sim = cast.new_sim()
    with refused("someone_elses_number"):
        back(cast, receipt, card=sim.iccid)


def test_a_sim_that_was_used_before_cannot_be_used_again(cast: Cast) -> None:
    receipt = cast.closed()
    for card in (cast.sim_of(cast.li_wei).iccid, cast.sim_of(cast.anna).iccid):
        with refused("not_allowed", NotAllowed):
            back(cast, receipt, card=card)
    with refused("unknown_sim", NotFound):
        back(cast, receipt, card=iccid(999))
    with refused("malformed_iccid", BadInput):
        back(cast, receipt, card=iccid(999)[:-1] + "x")


def test_there_is_nothing_to_give_back_before_the_line_has_closed(cast: Cast) -> None:
    receipt = cast.on_hold()
    sim = cast.new_sim()
    with refused("not_closed"):
        back(cast, receipt, card=sim.iccid)


def test_the_line_that_came_back_can_be_closed_again(cast: Cast) -> None:
    receipt = cast.closed()
    cast.li_wei.line = back(cast, receipt)
    cast.work()
    cast.time.advance(timedelta(days=10))
    cast.closed()
    assert [tenure.ending for tenure in tenures(cast)] == ["ceased", "ceased"]


def test_an_hlr_that_is_down_delays_the_service_and_alerts_in_the_end(cast: Cast) -> None:
    receipt = cast.closed()
    hlr = cast.elements.hlr
    with_hlr(cast, FaultyHlr(hlr, {"provision": repeat(Fault.DOWN)}))
    cast.li_wei.line = back(cast, receipt)
    assert work_until_dead(cast, "hlr.provision").attempts == MOST_ATTEMPTS
    with_hlr(cast, hlr)
    retry_dead(cast, "hlr.provision")
    cast.work()
    entry = hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None and entry.in_service

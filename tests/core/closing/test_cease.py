"""The cease: from the decision to a line that is gone from network, billing and the number's holder."""

from __future__ import annotations

from datetime import timedelta
from itertools import repeat

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.closing import cease
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.steps import STEPS
from lastcall.core.errors import ElementTrouble, NotFound, Refused
from lastcall.core.job import Alert, Job
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.work import MOST_ATTEMPTS, wait_after
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from lastcall.elements.hlr.simulated import SimulatedHlr
from tests.cast import LI_WEI_MSISDN, Cast
from tests.core.tools import (
    nothing_changes,
    notices,
    only,
    open_alerts,
    refused,
    retry_dead,
    some,
    steps_done,
    with_hlr,
    work_through,
    work_until_dead,
)

CEASED = ["DELETE_DATA", "DELETE_DATA", "INSERT_DATA"]
"""What a VLR hears when a line is barred, once per domain, and then loses its number."""
UNTIL_DEAD = sum((wait_after(attempt) for attempt in range(1, MOST_ATTEMPTS)), timedelta())


def on_the_air(cast: Cast, receipt: Receipt) -> SimulatedHlr:
    """Li Wei's phone is registered at a VLR, which remembers all that the HLR ever says."""
    hlr = cast.elements.hlr
    assert isinstance(hlr, SimulatedHlr)
    hlr.attach(cast.sim_of(cast.li_wei).imsi, "vlr-1")
    return hlr


def heard(hlr: SimulatedHlr) -> list[str]:
    """What the VLR heard after the registration."""
    messages = [seen.message for seen in hlr.seen("vlr-1")]
    return messages[messages.index("UPDATE_LOCATION_RESULT") + 1 :]


def number_state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def test_it_closes_the_line_and_puts_the_number_to_pending_release(cast: Cast) -> None:
    receipt = cast.closed()
    entry = cast.elements.hlr.look(cast.sim_of(cast.li_wei).imsi)
    assert entry is not None
    assert not entry.in_service
    assert entry.msisdn is None
    assert cast.sim_of(cast.li_wei).state == "dead"
    assert cast.events(receipt).count("tenure.ceased") == 1
    assert number_state(cast) == "pending_release"


def test_every_step_is_done_once_and_in_order(cast: Cast) -> None:
    receipt = cast.ceasing()
    hlr = on_the_air(cast, receipt)
    watched: list[tuple[str, str]] = []
    cease.cease(
        cast.base, case_id=receipt.case_id, outside=cast.elements.outside, watch=lambda *moment: watched.append(moment)
    )
    assert watched == [(step, moment) for step in STEPS for moment in ("intended", "acted", "done")]
    assert heard(hlr) == CEASED
    assert {effect.attempts for effect in some(cast.base, Effect, case_id=receipt.case_id)} == {1}


def test_all_deadlines_count_from_the_moment_the_network_confirmed(cast: Cast) -> None:
    receipt = cast.ceasing()
    cast.time.advance(timedelta(minutes=5))
    confirmed = cast.time.now()

    def an_hour_for_each_step(step: str, moment: str) -> None:
        if moment == "done":
            cast.time.advance(timedelta(hours=1))

    cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside, watch=an_hour_for_each_step)
    case, tenure = cast.case(receipt), only(cast.base, Tenure, msisdn=LI_WEI_MSISDN)
    assert case.network_confirmed_at == tenure.until == confirmed
    assert tenure.reclaim_until == confirmed + timedelta(days=cast.policy.reactivation_window_days)
    assert tenure.quarantine_until == confirmed + timedelta(days=cast.policy.quarantine_days)
    [ceased] = some(cast.base, Event, kind="tenure.ceased")
    assert ceased.data == {"confirmed_at": confirmed.isoformat()}


def test_everybody_on_file_is_told_except_the_line_that_is_gone(cast: Cast) -> None:
    receipt = cast.closed()
    assert [told for told in notices(cast, receipt.case_id) if told[0] == "ceased"] == [("ceased", cast.li_wei.mail.id)]


def test_it_goes_on_wherever_it_was_interrupted(cast: Cast) -> None:
    receipt = cast.ceasing()
    hlr = on_the_air(cast, receipt)
    survived: set[tuple[str, str]] = set()

    class PowerCut(Exception):
        """The process ends here."""

    def cut(step: str, moment: str) -> None:
        if (step, moment) not in survived:
            survived.add((step, moment))
            raise PowerCut

    for _ in range(3 * len(STEPS)):
        with pytest.raises(PowerCut):
            cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside, watch=cut)
    case = cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside, watch=cut)
    assert case.state == "closed"
    assert steps_done(cast, receipt.case_id) == list(STEPS)
    assert heard(hlr) == CEASED
    assert cast.events(receipt).count("tenure.ceased") == 1


def test_ceasing_a_closed_case_again_changes_nothing(cast: Cast) -> None:
    receipt = cast.closed()
    with nothing_changes():
        cease.cease_if_due(cast.base, case_id=receipt.case_id, outside=cast.elements.outside)
        assert cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside).state == "closed"


def test_a_case_that_was_not_decided_is_not_ceased(cast: Cast) -> None:
    receipt = cast.on_hold()
    with nothing_changes(), pytest.raises(Refused) as trouble:
        cease.cease(cast.base, case_id=receipt.case_id, outside=cast.elements.outside)
    assert trouble.value.code == "not_ceasing"
    with refused("not_found", NotFound):
        cease.cease(cast.base, case_id=1, outside=cast.elements.outside)


def test_the_closed_sim_is_refused_by_the_network_until_its_number_has_rested(cast: Cast) -> None:
    cast.closed()
    hlr, sim = cast.elements.hlr, cast.sim_of(cast.li_wei)
    assert isinstance(hlr, SimulatedHlr)
    assert not hlr.attach(sim.imsi, "vlr-2").accepted
    cast.time.advance(timedelta(days=cast.policy.quarantine_days) - timedelta(seconds=1))
    cast.work()
    assert hlr.look(sim.imsi) is not None
    cast.time.advance(timedelta(seconds=1))
    cast.work()
    assert hlr.look(sim.imsi) is None


NEVER_GOOD = [
    ("down", {"look": repeat(Fault.DOWN)}),
    ("slow", {"look": repeat(Fault.SLOW)}),
    ("lying about the bar", {"bar": repeat(Fault.LIES)}),
    ("lying about the number", {"take_number_off": repeat(Fault.LIES)}),
]


@pytest.mark.parametrize(("what", "faults"), NEVER_GOOD, ids=[what for what, _ in NEVER_GOOD])
def test_an_hlr_that_never_confirms_ends_with_a_person_and_never_frees_the_number(
    cast: Cast, what: str, faults: dict[str, repeat[Fault]]
) -> None:
    receipt = cast.ceasing()
    hlr = on_the_air(cast, receipt)
    with_hlr(cast, FaultyHlr(hlr, faults))
    job = work_until_dead(cast, "case.cease")
    case = cast.case(receipt)
    assert (case.state, case.stuck_at) == ("ceasing", cast.time.now())
    assert open_alerts(cast) == [("case.cease", receipt.case_id)]
    assert number_state(cast) == "in_service"
    assert cast.sim_of(cast.li_wei).state != "dead"
    assert job.attempts == MOST_ATTEMPTS
    assert cast.time.now() - case.declared_at >= UNTIL_DEAD

    with_hlr(cast, hlr)
    retry_dead(cast, "case.cease")
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.stuck_at, open_alerts(cast)) == ("closed", None, [])
    assert heard(hlr) == CEASED


def test_the_waits_between_tries_grow(cast: Cast) -> None:
    receipt = cast.ceasing()
    with_hlr(cast, FaultyHlr(cast.elements.hlr, {"look": repeat(Fault.DOWN)}))
    waits = []
    for _ in range(4):
        cast.work()
        job = only(cast.base, Job, kind="case.cease")
        waits.append((job.due_at - cast.time.now()).total_seconds())
        cast.time.advance(job.due_at - cast.time.now())
    assert waits == [5, 10, 20, 40]
    assert some(cast.base, Alert) == []
    assert cast.case(receipt).stuck_at is None


@pytest.mark.parametrize("order", ["look", "bar", "take_number_off"])
def test_an_answer_after_the_time_out_is_found_by_the_next_look(cast: Cast, order: str) -> None:
    receipt = cast.ceasing()
    hlr = on_the_air(cast, receipt)
    faulty = FaultyHlr(hlr, {order: [Fault.LATE]})
    with_hlr(cast, faulty)
    cast.work()
    assert cast.case(receipt).state == "ceasing"
    work_through(cast, timedelta(seconds=10), every=timedelta(seconds=5))
    assert cast.case(receipt).state == "closed"
    assert heard(hlr) == CEASED
    assert faulty.calls.count("bar") == 1
    assert faulty.calls.count("take_number_off") == 1


def test_a_line_that_the_hlr_does_not_know_is_a_persons_matter_at_once(cast: Cast) -> None:
    receipt = cast.ceasing()
    sim = cast.sim_of(cast.li_wei)
    cast.elements.hlr.bar(sim.imsi)
    cast.elements.hlr.remove(sim.imsi)
    cast.work()
    assert cast.case(receipt).stuck_at == cast.time.now()
    assert open_alerts(cast) == [("case.cease", receipt.case_id)]
    assert number_state(cast) == "in_service"


def test_a_line_that_was_barred_already_is_not_barred_again(cast: Cast) -> None:
    receipt = cast.ceasing()
    hlr = on_the_air(cast, receipt)
    hlr.bar(cast.sim_of(cast.li_wei).imsi)
    faulty = FaultyHlr(hlr, {})
    with_hlr(cast, faulty)
    cast.work()
    assert cast.case(receipt).state == "closed"
    assert "bar" not in faulty.calls
    assert heard(hlr) == CEASED


def test_a_late_duplicate_never_touches_the_next_holder(cast: Cast) -> None:
    receipt = cast.closed()
    work_through(cast, timedelta(days=1))
    cast.time.advance(timedelta(days=cast.policy.quarantine_days))
    sweep(cast.base)
    cast.work()
    line = cast.give_line(cast.sergei, LI_WEI_MSISDN)
    with nothing_changes():
        cease.cease_if_due(cast.base, case_id=receipt.case_id, outside=cast.elements.outside)
    entry = cast.elements.hlr.look(cast.sim_of(cast.sergei).imsi)
    assert entry is not None and entry.in_service and line.closed_at is None


def test_trouble_names_neither_the_number_nor_the_imsi(cast: Cast) -> None:
    receipt = cast.ceasing()
    sim = cast.sim_of(cast.li_wei)
    outside = with_hlr(cast, FaultyHlr(cast.elements.hlr, {"bar": [Fault.LIES]}))
    with pytest.raises(ElementTrouble) as trouble:
        cease.cease(cast.base, case_id=receipt.case_id, outside=outside)
    said = f"{trouble.value} {trouble.value.remedy}"
    assert str(LI_WEI_MSISDN) not in said and sim.imsi not in said and sim.iccid not in said

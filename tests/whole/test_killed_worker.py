"""A worker is killed, the hard way, at every moment of a cease; another takes over, and the end is right all the same."""

from __future__ import annotations

import random
import signal
from datetime import timedelta

import pytest

from lastcall.core.closing.find import find_case
from lastcall.core.closing.steps import STEPS
from lastcall.core.job import Alert, Job
from lastcall.core.work import MOST_ATTEMPTS, retry
from tests.whole.checks import BALANCE, attempts, invariants_hold, life_of, refund_paid, rows_of, simulated
from tests.whole.processes import Forks
from tests.whole.stage import Stage

KILLED = -signal.SIGKILL
MOMENTS = [(step, moment) for step in STEPS for moment in ("intended", "acted", "done")]
ELEMENT_ACTS = (
    "hlr.bar", "hlr.take_number_off", "billing.stop_charging", "billing.settle", "billing.order_refund",
)  # fmt: skip


@pytest.mark.parametrize(("step", "moment"), MOMENTS, ids=[f"{step}-{moment}" for step, moment in MOMENTS])
def test_another_worker_ends_what_a_killed_one_began(stage: Stage, forks: Forks, step: str, moment: str) -> None:
    receipt, li_wei = stage.li_wei_is_leaving()

    assert forks.run(stage.errand(die_at=(step, moment))).code == KILLED
    stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0

    stage.all_is_right([(receipt, li_wei)])
    begun_again = STEPS[(STEPS.index(step) + (moment == "done")) :][:1]  # after the last one nothing is left to begin
    assert attempts(stage.cast, receipt) == dict.fromkeys(STEPS, 1) | dict.fromkeys(begun_again, 2)


@pytest.mark.parametrize(("step", "moment"), [("bar", "intended"), ("final_bill", "acted"), ("release_number", "done")])
def test_nobody_takes_over_before_the_lease_has_run_out(stage: Stage, forks: Forks, step: str, moment: str) -> None:
    receipt, _ = stage.li_wei_is_leaving()
    forks.run(stage.errand(die_at=(step, moment)))
    before = attempts(stage.cast, receipt)

    stage.cast.work()

    assert [job.state for job in rows_of(stage.cast, Job, kind="case.cease")] == ["leased"]
    assert attempts(stage.cast, receipt) == before


@pytest.mark.parametrize("act", ELEMENT_ACTS)
def test_an_act_whose_answer_never_came_back_is_not_done_twice(stage: Stage, forks: Forks, act: str) -> None:
    leaver = stage.li_wei_is_leaving()

    assert forks.run(stage.errand(die_in_call=act)).code == KILLED
    stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0

    stage.all_is_right([leaver])


@pytest.mark.parametrize("order", ["bar", "take_number_off"])
def test_a_late_element_and_then_a_kill_between_its_act_and_our_confirmation(
    stage: Stage, forks: Forks, order: str
) -> None:
    leaver = stage.li_wei_is_leaving()

    assert forks.run(stage.errand(faults={order: ["late"]})).code == 0  # done outside, and we heard of a timeout
    assert stage.cast.case(leaver[0]).state == "ceasing"
    stage.after_the_lease()
    assert forks.run(stage.errand(die_at=(order, "acted"))).code == KILLED
    stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0

    stage.all_is_right([leaver])
    assert attempts(stage.cast, leaver[0])[order] == 3


def test_money_that_came_while_the_bill_lay_waiting_is_refunded_too(stage: Stage, forks: Forks) -> None:
    receipt, li_wei = stage.li_wei_is_leaving()
    assert forks.run(stage.errand(die_in_call="billing.settle", before_act=True)).code == KILLED
    assert stage.cast.case(receipt).final_bill["refund"] == BALANCE
    assert li_wei.line is not None
    stage.cast.elements.billing.top_up(li_wei.line.id, amount=100, key="too late and not lost")

    stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0  # billing refuses the bill that lay waiting
    stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0

    case = stage.cast.case(receipt)
    assert (case.state, case.final_bill["refund"]) == ("closed", BALANCE + 100)
    assert refund_paid(li_wei) == BALANCE + 100
    invariants_hold(stage.cast)


def test_a_cease_that_kills_every_worker_brings_a_person(stage: Stage, forks: Forks) -> None:
    receipt, li_wei = stage.li_wei_is_leaving()

    for _ in range(MOST_ATTEMPTS):
        assert forks.run(stage.errand(die_at=("final_bill", "intended"))).code == KILLED
        stage.after_the_lease()
    assert forks.run(stage.errand(die_at=("final_bill", "intended"))).code == 0

    (alert,) = rows_of(stage.cast, Alert)
    assert (alert.code, alert.subject_id) == ("case.cease", receipt.case_id)
    assert stage.cast.case(receipt).stuck_at == stage.cast.time.now()
    assert life_of(stage.cast, li_wei.msisdn).state == "in_service"
    retry(stage.cast.base, job_id=alert.job_id, by="administrator:irina")
    assert forks.run(stage.errand()).code == 0
    stage.all_is_right([(receipt, li_wei)])


def test_no_alert_is_written_without_its_mark_on_the_case(stage: Stage, forks: Forks) -> None:
    receipt, li_wei = stage.li_wei_is_leaving()
    imsi = stage.cast.sim_of(li_wei).imsi
    simulated(stage.cast).bar(imsi)
    simulated(stage.cast).remove(imsi)  # behind our back: trying again cannot help

    assert forks.run(stage.errand(die_when_stuck=True)).code == KILLED
    assert not rows_of(stage.cast, Alert)
    stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0

    assert len(rows_of(stage.cast, Alert)) == 1
    assert stage.cast.case(receipt).stuck_at == stage.cast.time.now()


def kill_at_random(stage: Stage, forks: Forks, *, rounds: int, dice: random.Random) -> int:
    """So many workers, each killed a moment after its start, and one more that does the rest: how many were killed."""
    killed = 0
    for _ in range(rounds):
        killed += forks.run(stage.errand(die_in=dice.uniform(0.01, 0.12))).code == KILLED
        stage.after_the_lease()
    assert forks.run(stage.errand()).code == 0
    return killed


def test_kills_at_random_moments_of_the_cease_harm_nothing(stage: Stage, forks: Forks) -> None:
    leavers = stage.many_are_leaving(15)

    assert kill_at_random(stage, forks, rounds=15, dice=random.Random(20260112)) >= 5

    stage.all_is_right(leavers)


def test_kills_at_random_moments_from_the_declaration_on_harm_nothing(stage: Stage, forks: Forks) -> None:
    leavers, dice = stage.many_have_declared(6), random.Random(20260113)

    assert kill_at_random(stage, forks, rounds=6, dice=dice) >= 1
    assert {stage.cast.case(receipt).state for receipt, _ in leavers} == {"on_hold"}
    stage.cast.time.advance(timedelta(days=8))
    assert kill_at_random(stage, forks, rounds=6, dice=dice) >= 1

    stage.all_is_right(leavers)


def test_a_declaration_that_was_acknowledged_is_there(stage: Stage, forks: Forks) -> None:
    ending = forks.run(stage.errand(task="declare"))

    assert ending.code == KILLED
    (acknowledged,) = ending.said
    _, reference, secret = acknowledged.rsplit(" ", 2)
    case = find_case(stage.cast.base, reference=reference, secret=secret)
    assert case.state == "declared"
    assert case.line_id is not None
    assert rows_of(stage.cast, Job, kind="case.advance", subject_id=case.id, about="")
    again = stage.cast.declare(key="the only key")  # whoever did not hear the answer asks again
    assert (again.case_id, again.reference, again.secret) == (case.id, reference, secret)


def test_of_many_declarations_at_once_all_that_were_acknowledged_are_there(stage: Stage, forks: Forks) -> None:
    ending = forks.run(stage.errand(task="declare_many", die_in=0.6))

    assert ending.code == KILLED
    assert len(ending.said) > 20
    for acknowledged in ending.said:
        _, reference, secret = acknowledged.rsplit(" ", 2)
        assert find_case(stage.cast.base, reference=reference, secret=secret).state == "declared"

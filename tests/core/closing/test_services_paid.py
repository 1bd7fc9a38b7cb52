"""Rendered services must be paid before the line ends; the declaration stands all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lastcall.core.closing import advance, find
from lastcall.core.closing.receipts import Receipt
from lastcall.core.closing.story import tell_story
from lastcall.core.errors import ElementTrouble
from lastcall.core.job import Job
from lastcall.core.ports import Account
from lastcall.elements.billing.ledger import LedgerBilling
from lastcall.site.wiring import make_worker
from tests.cast import FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.core.tools import dead_jobs, nothing_changes, open_alerts, some, work_through


def in_debt(cast: Cast, kopecks: int = 1_500) -> Receipt:
    """Everything is given, and Li Wei owes for calls."""
    assert cast.li_wei.line is not None
    cast.elements.billing.charge(
        cast.li_wei.line.id, amount=35_050 + kopecks, service_time=cast.time.now(), memo="calls", key="the last calls"
    )
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    return receipt


def pay(cast: Cast, kopecks: int) -> None:
    assert cast.li_wei.line is not None
    cast.elements.billing.pay_debt(cast.li_wei.line.id, amount=kopecks, key=f"paid {kopecks}")


def test_arrears_keep_the_case_waiting_and_name_the_amount(cast: Cast) -> None:
    case = cast.case(in_debt(cast))
    assert (case.state, case.awaiting_payment) == ("waiting", True)
    assert case.results["services_paid"]["details"] == {"amount": 1_500, "currency": "RUB"}
    assert case.legal_end == case.declared_at


def test_after_the_payment_the_closing_goes_on_by_itself(cast: Cast) -> None:
    receipt = in_debt(cast)
    work_through(cast, timedelta(days=1))
    pay(cast, 1_500)
    work_through(cast, advance.LOOK_AGAIN)
    case = cast.case(receipt)
    assert (case.state, case.awaiting_payment) == ("on_hold", False)


def test_looking_again_in_vain_leaves_no_trace_in_the_history(cast: Cast) -> None:
    receipt = in_debt(cast)
    events = cast.events(receipt)
    work_through(cast, timedelta(days=3))
    assert cast.events(receipt) == events
    assert len(some(cast.base, Job, kind="case.advance", subject_id=receipt.case_id, state="queued")) == 2


def test_a_part_payment_is_not_enough(cast: Cast) -> None:
    receipt = in_debt(cast)
    pay(cast, 1_499)
    work_through(cast, advance.LOOK_AGAIN)
    assert cast.case(receipt).results["services_paid"]["details"]["amount"] == 1


def test_an_operator_may_waive(cast: Cast) -> None:
    cast.policy = replace(cast.policy, debt_blocks_cease=False)
    receipt = in_debt(cast)
    assert cast.case(receipt).state == "on_hold"
    cast.time.advance(timedelta(days=8))
    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.final_bill["refund"], case.final_bill["owed"]) == ("closed", 0, 1_500)


def test_a_debt_that_comes_up_in_the_hold_stops_the_cease(cast: Cast) -> None:
    receipt = cast.on_hold()
    assert cast.li_wei.line is not None
    cast.elements.billing.charge(
        cast.li_wei.line.id, amount=40_000, service_time=cast.time.now(), memo="roaming", key="late"
    )
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "waiting"


class ForgetfulBilling(LedgerBilling):
    """Billing that cannot be asked for the first few times."""

    def __init__(self, times: int, *, permanent: bool = False) -> None:
        self._left, self._permanent = times, permanent

    def account(self, line_id: int) -> Account:
        self._left -= 1
        if self._left >= 0:
            raise ElementTrouble("billing is being updated", permanent=self._permanent, code="billing_down")
        return super().account(line_id)


def test_when_billing_is_down_the_case_stays_and_is_tried_again(cast: Cast) -> None:
    cast.worker = make_worker(replace(cast.elements, billing=ForgetfulBilling(3)), base=cast.base)
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    cast.keep_sim(receipt)
    cast.work()
    assert cast.case(receipt).state == "declared"
    work_through(cast, timedelta(minutes=2), every=timedelta(seconds=5))
    assert cast.case(receipt).state == "on_hold"


def test_when_billing_knows_no_such_line_a_person_is_alerted(cast: Cast) -> None:
    cast.worker = make_worker(replace(cast.elements, billing=ForgetfulBilling(99, permanent=True)), base=cast.base)
    receipt = cast.declare()
    cast.work()
    assert open_alerts(cast) == [("case.advance", receipt.case_id)]
    assert [job.last_error for job in dead_jobs(cast, "case.advance")] == ["billing_down: billing is being updated"]


def test_billing_that_is_away_tells_no_stranger_a_line_from_a_free_number(cast: Cast) -> None:
    stories = []
    for msisdn in (LI_WEI_MSISDN, FREE_MSISDN):
        case_id = cast.declare(msisdn).case_id
        advance.advance(cast.base, case_id=case_id, billing=ForgetfulBilling(1))
        told = tell_story(cast.base, case=find.get_case(cast.base, case_id=case_id))
        stories.append((told.state, told.happened, told.ahead, told.missing))
    assert stories[0] == stories[1]
    assert stories[0][0] == "waiting"


def test_once_identity_is_proved_nothing_is_decided_without_billing(cast: Cast) -> None:
    receipt = cast.declare()
    cast.prove_in_person(receipt, cast.li_wei)
    with nothing_changes(), pytest.raises(ElementTrouble):
        advance.advance(cast.base, case_id=receipt.case_id, billing=ForgetfulBilling(1))

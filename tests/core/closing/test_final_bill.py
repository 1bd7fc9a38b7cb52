"""What leaving costs and what comes back: the preview, and the bill that is settled and paid once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from lastcall.core.closing import evidence
from lastcall.core.closing.charges import bill_from_json, bill_json, bill_parts, final_bill
from lastcall.core.errors import BadInput, NotAllowed
from lastcall.core.numbers.assign import Terms
from lastcall.core.ports import Account, FinalBill
from lastcall.elements.billing.ledger import trial_balance
from lastcall.elements.billing.models import Entry, Kind
from tests.cast import FREE_MSISDN, ON_THE_WEB, SOMEBODY, Cast
from tests.core.closing.facts import ACCOUNT, LINE
from tests.core.tools import refused

DAY = date(2026, 3, 13)
BOUND_FOR_A_YEAR: dict[str, Any] = {"commitment_until": date(2027, 1, 1), "early_termination_fee": 20_000}


def preview(account: Account | None = None, *, on: date = DAY, **terms: Any) -> FinalBill:
    return final_bill(replace(LINE, **terms), account or ACCOUNT, on=on)


def amounts(bill: FinalBill) -> dict[str, int]:
    return {line.code: line.amount for line in bill.lines}


def test_without_fees_all_money_comes_back() -> None:
    bill = preview()
    assert (amounts(bill), bill.refund, bill.owed) == ({"balance": 35_050}, 35_050, 0)


def test_a_fee_falls_due_only_before_the_end_of_the_commitment() -> None:
    early = preview(**BOUND_FOR_A_YEAR)
    assert amounts(early) == {"balance": 35_050, "early_termination_fee": -20_000}
    assert (early.refund, early.owed) == (15_050, 0)
    assert preview(on=date(2027, 1, 1), **BOUND_FOR_A_YEAR).refund == 35_050


def test_instalments_and_a_premium_number_are_paid_from_the_balance_and_the_rest_is_owed() -> None:
    bill = preview(instalments_left=30_000, premium_number_fee=10_000)
    assert amounts(bill) == {"balance": 35_050, "device_instalments": -30_000, "premium_number_fee": -10_000}
    assert (bill.refund, bill.owed) == (0, 4_950)


def test_debts_and_fees_add_up() -> None:
    bill = preview(replace(ACCOUNT, balance=-1_000, refundable=0), **BOUND_FOR_A_YEAR)
    assert (bill.refund, bill.owed) == (0, 21_000)


def test_a_bonus_is_no_money_and_never_comes_back() -> None:
    bill = preview(replace(ACCOUNT, balance=50_000, refundable=35_050))
    assert (bill.refund, bill.owed) == (35_050, 0)
    assert bill_json(bill)["not_refundable"] == 14_950


def test_a_bill_is_the_same_after_it_was_frozen() -> None:
    bill = preview(**BOUND_FOR_A_YEAR)
    assert bill_from_json(LINE.id, bill_json(bill)) == bill


def line_with(cast: Cast, terms: Terms, *, balance: int = 35_050) -> int:
    """Sergei's line with those terms, two months old."""
    line = cast.give_line(cast.sergei, FREE_MSISDN, terms=terms, balance=balance)
    cast.time.advance(timedelta(days=60))
    return line.id


def payments(line_id: int) -> list[int]:
    return [
        -sum(posting.amount for posting in entry.postings.all() if posting.ledger_account == "refunds_payable")
        for entry in Entry.objects.filter(account__line_id=line_id, kind=Kind.REFUND)
    ]


def test_what_was_previewed_is_settled_and_paid_once(cast: Cast) -> None:
    line_id = line_with(cast, Terms(commitment_until=date(2030, 1, 1), early_termination_fee=20_000))
    receipt = cast.closed(cast.sergei)
    case = cast.case(receipt)
    assert (case.final_bill["refund"], case.final_bill["owed"]) == (15_050, 0)
    assert payments(line_id) == [15_050]
    assert trial_balance() == 0


def test_a_line_with_a_bonus_closes_and_the_bonus_is_written_off(cast: Cast) -> None:
    line_id = line_with(cast, Terms())
    cast.elements.billing.grant_bonus(line_id, amount=9_999, key="welcome")
    receipt = cast.closed(cast.sergei)
    assert cast.case(receipt).final_bill["refund"] == 35_050
    assert payments(line_id) == [35_050]
    assert trial_balance() == 0


def test_nothing_is_paid_where_nothing_is_left(cast: Cast) -> None:
    line_id = line_with(cast, Terms(instalments_left=90_000), balance=0)
    receipt = cast.closed(cast.sergei)
    assert (cast.case(receipt).final_bill["owed"], payments(line_id)) == (90_000, [])


def test_no_charge_has_a_service_time_after_the_network_refused_service(cast: Cast) -> None:
    receipt = cast.ceasing()
    assert cast.li_wei.line is not None
    cast.elements.billing.charge(
        cast.li_wei.line.id, amount=50, service_time=cast.time.now() + timedelta(seconds=1), memo="late", key="late"
    )
    cast.work()
    assert cast.case(receipt).final_bill["refund"] == 35_050
    assert cast.elements.billing.account(cast.li_wei.line.id).balance == 0


def test_the_refund_goes_where_the_subscriber_said(cast: Cast) -> None:
    receipt = cast.on_hold()
    evidence.choose_refund(cast.base, case_id=receipt.case_id, method="same_operator_number", actor=ON_THE_WEB)
    cast.time.advance(timedelta(days=8))
    cast.work()
    assert cast.case(receipt).state == "closed"
    assert cast.li_wei.line is not None
    entry = Entry.objects.get(account__line_id=cast.li_wei.line.id, kind=Kind.REFUND)
    assert entry.memo == "same_operator_number"


def test_a_way_to_pay_that_the_operator_does_not_have_is_bad_input(cast: Cast) -> None:
    receipt = cast.declare()
    with refused("bad_refund_method", BadInput):
        evidence.choose_refund(cast.base, case_id=receipt.case_id, method="seashells", actor=ON_THE_WEB)


def test_a_stranger_has_no_say_in_the_refund_and_nobody_has_after_the_end(cast: Cast) -> None:
    receipt = cast.closed()
    for actor in (SOMEBODY, ON_THE_WEB):
        with refused("not_allowed", NotAllowed):
            evidence.choose_refund(cast.base, case_id=receipt.case_id, method="bank_account", actor=actor)


@pytest.mark.parametrize("balance", [0, 1, 35_050, -1])
def test_a_refund_is_never_below_zero(balance: int) -> None:
    bill = preview(replace(ACCOUNT, balance=balance, refundable=max(balance, 0)), premium_number_fee=1_000)
    assert bill.refund >= 0 and bill.owed >= 0 and not (bill.refund and bill.owed)
    assert bill.refund - bill.owed == sum(amounts(bill).values())


@pytest.mark.parametrize(("money", "bonus", "fee"), [(35_050, 0, 0), (30_000, 5_000, 0), (30_000, 5_000, 40_000)])
def test_the_lines_that_are_shown_add_up_to_what_comes_back_or_is_owed(money: int, bonus: int, fee: int) -> None:
    account = replace(ACCOUNT, balance=money + bonus, refundable=money)
    shown = bill_parts(bill_json(preview(account, instalments_left=fee)))
    results = {part.code: part.amount for part in shown if part.result}
    assert sum(part.amount for part in shown if not part.result) == results["refund"] - results["owed"]
    assert ("not_refundable" in {part.code for part in shown}) == (bonus > 0)


def test_no_bill_has_no_lines() -> None:
    assert bill_parts({}) == ()

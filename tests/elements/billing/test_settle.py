"""The final bill: what it books, and which bills the ledger refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db.models import Sum

from lastcall.core.ports import FinalBill
from lastcall.elements.billing.ledger import LedgerBilling, trial_balance
from lastcall.elements.billing.models import Posting
from tests.elements.billing.bills import LINE, NOON, bill, refused


def books() -> dict[str, int]:
    sums = Posting.objects.values_list("ledger_account").annotate(total=Sum("amount")).exclude(total=0)
    return dict(sums)


@pytest.fixture
def stopped(ledger: LedgerBilling) -> LedgerBilling:
    """300 in money, 200 in bonus, charging stopped."""
    ledger.top_up(LINE, amount=300, key="top-up")
    ledger.grant_bonus(LINE, amount=200, key="bonus")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    return ledger


def test_it_leaves_exactly_the_refund_payable(stopped: LedgerBilling) -> None:
    stopped.settle(bill(500, -100, refund=200), key="settle")
    assert books() == {"cash": -300, "revenue": 100, "refunds_payable": 200}
    assert trial_balance() == 0


def test_it_leaves_exactly_the_debt_receivable(stopped: LedgerBilling) -> None:
    stopped.settle(bill(500, -700, owed=400), key="settle")
    assert books() == {"cash": -300, "revenue": 700, f"receivable:{LINE}": -400}


def test_a_bonus_may_pay_fees_when_the_bill_says_so(stopped: LedgerBilling) -> None:
    stopped.settle(bill(500, -400), key="settle")
    assert books() == {"cash": -300, "bonuses_granted": -100, "revenue": 400}


def test_compensation_is_refunded(stopped: LedgerBilling) -> None:
    stopped.settle(bill(500, 50, refund=350), key="settle")
    assert books() == {"cash": -300, "revenue": -50, "refunds_payable": 350}


def test_the_refund_goes_from_payable_to_cash(stopped: LedgerBilling) -> None:
    stopped.settle(bill(500, refund=300), key="settle")
    stopped.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="refund")
    assert books() == {}


def test_it_refuses_to_settle_twice(stopped: LedgerBilling) -> None:
    stopped.settle(bill(500, refund=300), key="settle")
    with refused("already_settled"):
        stopped.settle(bill(500, refund=300), key="another key")


def test_it_refuses_a_line_that_is_still_charged(ledger: LedgerBilling) -> None:
    with refused("still_charging"):
        ledger.settle(bill(0), key="settle")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(bill(499, refund=300), id="other balance"),
        pytest.param(bill(500, refund=301), id="refund above the money"),
        pytest.param(bill(500, refund=299), id="refund below the money"),
        pytest.param(bill(500, refund=500), id="bonus paid out"),
        pytest.param(bill(500, -100, refund=301), id="bonus paid out beside a fee"),
        pytest.param(bill(500, -100, refund=199), id="less than money less fee"),
        pytest.param(bill(500, -700, owed=401), id="owed too much"),
        pytest.param(bill(500, -700, owed=199), id="owed too little"),
        pytest.param(bill(500, -100, refund=250, owed=50), id="refund and debt at once"),
        pytest.param(bill(500, refund=300, owed=-1), id="negative debt"),
        pytest.param(replace(bill(500, refund=300), lines=()), id="no balance line"),
        pytest.param(replace(bill(500, refund=300), currency="USD"), id="other currency"),
    ],
)
def test_it_refuses_a_bill_that_disagrees_with_the_books(stopped: LedgerBilling, wrong: FinalBill) -> None:
    before = books()
    with refused("bill_mismatch"):
        stopped.settle(wrong, key="settle")
    assert books() == before


def test_a_bill_older_than_the_last_top_up_is_refused(stopped: LedgerBilling) -> None:
    made_before = bill(500, refund=300)
    stopped.top_up(LINE, amount=10, key="late top-up")
    with refused("bill_mismatch"):
        stopped.settle(made_before, key="settle")


@pytest.mark.parametrize(("amount", "code"), [(301, "more_than_payable"), (299, "less_than_payable")])
def test_it_refunds_what_was_settled_and_nothing_else(stopped: LedgerBilling, amount: int, code: str) -> None:
    stopped.settle(bill(500, refund=300), key="settle")
    with refused(code):
        stopped.order_refund(LINE, amount=amount, currency="RUB", target="card-7", key="refund")
    with refused("currency_mismatch"):
        stopped.order_refund(LINE, amount=300, currency="USD", target="card-7", key="refund")
    assert books()["refunds_payable"] == 300


def test_a_line_without_money_has_nothing_to_refund(ledger: LedgerBilling) -> None:
    ledger.grant_bonus(LINE, amount=200, key="bonus")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ledger.settle(bill(200), key="settle")
    with refused("more_than_payable"):
        ledger.order_refund(LINE, amount=1, currency="RUB", target="card-7", key="refund")

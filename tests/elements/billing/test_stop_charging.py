"""No charge may have a service time after charging was stopped."""

from __future__ import annotations

from django.db.models import Sum

from lastcall.elements.billing.ledger import LedgerBilling, trial_balance
from lastcall.elements.billing.models import BillingAccount, Entry, Kind, Posting
from tests.elements.billing.bills import HOUR, LINE, NOON, bill, refused


def charge(ledger: LedgerBilling, amount: int, hours: int) -> None:
    ledger.charge(LINE, amount=amount, service_time=NOON + hours * HOUR, memo="calls", key=f"charge at {hours}")


def stopped_at() -> object:
    return BillingAccount.objects.get(line_id=LINE).charging_stopped_at


def revenue() -> int:
    total = Posting.objects.filter(ledger_account="revenue").aggregate(total=Sum("amount"))["total"]
    return int(total or 0)


def test_a_service_after_the_stop_is_refused_one_before_it_is_not(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=100, key="top-up")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    with refused("charging_stopped"):
        charge(ledger, 10, hours=1)
    charge(ledger, 10, hours=-1)
    charge(ledger, 10, hours=0)
    assert ledger.account(LINE).balance == 80


def test_a_charge_already_booked_for_a_later_service_is_reversed(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=100, key="top-up")
    ledger.grant_bonus(LINE, amount=20, key="bonus")
    charge(ledger, 10, hours=-1)
    charge(ledger, 50, hours=1)
    charge(ledger, 5, hours=2)
    ledger.stop_charging(LINE, at=NOON, key="stop")
    account = ledger.account(LINE)
    assert (account.balance, account.refundable, revenue()) == (110, 100, 10)
    assert Entry.objects.filter(kind=Kind.REVERSAL).count() == 2
    assert trial_balance() == 0


def test_a_second_order_keeps_the_earliest_moment(ledger: LedgerBilling) -> None:
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ledger.stop_charging(LINE, at=NOON + HOUR, key="later")
    assert stopped_at() == NOON
    ledger.stop_charging(LINE, at=NOON - HOUR, key="earlier")
    assert stopped_at() == NOON - HOUR


def test_an_earlier_moment_reverses_what_lay_between_once(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=100, key="top-up")
    charge(ledger, 10, hours=1)
    charge(ledger, 10, hours=3)
    ledger.stop_charging(LINE, at=NOON + 2 * HOUR, key="stop")
    assert ledger.account(LINE).balance == 90
    ledger.stop_charging(LINE, at=NOON, key="earlier")
    ledger.stop_charging(LINE, at=NOON, key="earlier again")
    assert ledger.account(LINE).balance == 100


def test_the_final_bill_is_not_reopened_by_an_earlier_moment(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=100, key="top-up")
    charge(ledger, 10, hours=-1)
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ledger.settle(bill(90, refund=90), key="settle")
    with refused("account_settled"):
        ledger.stop_charging(LINE, at=NOON - 2 * HOUR, key="earlier")
    assert stopped_at() == NOON


def test_a_debt_that_a_bonus_had_paid_does_not_come_back_as_money(ledger: LedgerBilling) -> None:
    charge(ledger, 50, hours=1)
    ledger.grant_bonus(LINE, amount=50, key="bonus")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    account = ledger.account(LINE)
    assert (account.balance, account.refundable) == (50, 0)


def test_a_reversal_pays_the_debt_that_stands(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=30, key="top-up")
    charge(ledger, 50, hours=1)
    charge(ledger, 5, hours=-1)
    ledger.stop_charging(LINE, at=NOON, key="stop")
    account = ledger.account(LINE)
    assert (account.balance, account.refundable) == (25, 25)

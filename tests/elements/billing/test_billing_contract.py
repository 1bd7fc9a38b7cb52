"""What any billing behind the port must do; only the accounts' filling is the ledger's own."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.ports import Account, Billing
from lastcall.elements.billing.ledger import LedgerBilling
from tests.elements.billing.bills import HOUR, LINE, NOON, bill, refused


@pytest.fixture
def billing(ledger: LedgerBilling) -> Billing:
    """Li Wei's line: 300 in money, 200 in bonus."""
    ledger.top_up(LINE, amount=300, key="paid in")
    ledger.grant_bonus(LINE, amount=200, key="promotion")
    return ledger


def test_it_tells_the_balance_and_which_part_is_money(billing: Billing) -> None:
    with clock.use(clock.ManualClock(NOON)):
        account = billing.account(LINE)
    assert account == Account(LINE, "RUB", balance=500, refundable=300, charging=True, as_of=NOON)


def test_it_knows_no_stranger(billing: Billing) -> None:
    with refused("unknown_line"):
        billing.account(999)
    with refused("unknown_line"):
        billing.stop_charging(999, at=NOON, key="stop")


def test_charging_once_stopped_stays_stopped(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.stop_charging(LINE, at=NOON, key="stop")
    assert not billing.account(LINE).charging


def test_a_line_is_settled_and_refunded(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.settle(bill(500, -100, refund=200), key="settle")
    account = billing.account(LINE)
    assert (account.balance, account.refundable) == (0, 0)
    billing.order_refund(LINE, amount=200, currency="RUB", target="card-7", key="refund")
    assert billing.account(LINE).balance == 0


def test_a_line_that_owes_is_settled_in_the_red(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.settle(bill(500, -700, owed=400), key="settle")
    assert billing.account(LINE).balance == -400


def test_every_order_may_come_twice(billing: Billing) -> None:
    for _ in range(2):
        billing.stop_charging(LINE, at=NOON, key="stop")
    for _ in range(2):
        billing.settle(bill(500, refund=300), key="settle")
    for _ in range(2):
        billing.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="refund")
    assert billing.account(LINE).balance == 0


def test_one_key_stands_for_one_order(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    with refused("key_reused"):
        billing.stop_charging(LINE, at=NOON + HOUR, key="stop")
    with refused("key_reused"):
        billing.settle(bill(500, refund=300), key="stop")
    billing.settle(bill(500, refund=300), key="settle")
    with refused("key_reused"):
        billing.settle(bill(500, -1, refund=299), key="settle")
    billing.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="refund")
    with refused("key_reused"):
        billing.order_refund(LINE, amount=300, currency="RUB", target="card-of-sergei", key="refund")


def test_a_refund_is_paid_once_whatever_the_key(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.settle(bill(500, refund=300), key="settle")
    billing.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="refund")
    with refused("already_refunded"):
        billing.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="another key")


def test_no_refund_before_the_final_bill(billing: Billing) -> None:
    with refused("more_than_payable"):
        billing.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="refund")


def test_the_same_moment_in_another_zone_is_the_same_order(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.stop_charging(LINE, at=NOON.astimezone(ZoneInfo("Europe/Moscow")), key="stop")
    with refused("key_reused"):
        billing.stop_charging(LINE, at=NOON + timedelta(microseconds=1), key="stop")


@pytest.mark.parametrize("amount", [0, -5, 10**16])
def test_it_refuses_an_amount_that_cannot_be(billing: Billing, amount: int) -> None:
    with pytest.raises(BadInput, match="amount"):
        billing.order_refund(LINE, amount=amount, currency="RUB", target="card-7", key="refund")


@pytest.mark.parametrize("key", ["", "k" * 201, "two\nlines", "nul\0"])
def test_it_refuses_a_key_that_cannot_be_kept(billing: Billing, key: str) -> None:
    with pytest.raises(BadInput, match="key"):
        billing.stop_charging(LINE, at=NOON, key=key)


def test_it_refuses_a_moment_without_a_time_zone(billing: Billing) -> None:
    with pytest.raises(BadInput, match="time zone"):
        billing.stop_charging(LINE, at=NOON.replace(tzinfo=None), key="stop")


def test_a_payment_is_money_on_the_line(billing: Billing) -> None:
    billing.take_payment(LINE, amount=150, currency="RUB", key="at the counter")
    account = billing.account(LINE)
    assert (account.balance, account.refundable) == (650, 450)


def test_a_payment_under_the_same_key_is_one(billing: Billing) -> None:
    for _ in range(2):
        billing.take_payment(LINE, amount=150, currency="RUB", key="at the counter")
    assert billing.account(LINE).balance == 650
    with refused("key_reused"):
        billing.take_payment(LINE, amount=151, currency="RUB", key="at the counter")


def test_a_payment_after_the_final_bill_is_for_the_debt_alone(billing: Billing) -> None:
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.settle(bill(500, -700, owed=400), key="settle")
    with refused("more_than_owed"):
        billing.take_payment(LINE, amount=401, currency="RUB", key="too much")
    for _ in range(2):
        billing.take_payment(LINE, amount=400, currency="RUB", key="at the counter")
    assert billing.account(LINE).balance == 0


def test_a_payment_made_before_the_final_bill_may_come_again_after_it(billing: Billing) -> None:
    billing.take_payment(LINE, amount=150, currency="RUB", key="at the counter")
    billing.stop_charging(LINE, at=NOON, key="stop")
    billing.settle(bill(650, refund=450), key="settle")
    billing.take_payment(LINE, amount=150, currency="RUB", key="at the counter")
    assert billing.account(LINE).balance == 0


def test_no_payment_in_another_currency(billing: Billing) -> None:
    with refused("currency_mismatch"):
        billing.take_payment(LINE, amount=150, currency="CNY", key="at the counter")


@pytest.mark.parametrize("amount", [0, -5, 10**16])
def test_it_refuses_a_payment_that_cannot_be(billing: Billing, amount: int) -> None:
    with pytest.raises(BadInput, match="amount"):
        billing.take_payment(LINE, amount=amount, currency="RUB", key="at the counter")

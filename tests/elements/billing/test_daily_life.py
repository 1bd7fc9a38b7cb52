"""Top-ups, bonuses, charges and debts of a line in use."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.elements.billing import journal
from lastcall.elements.billing.ledger import LedgerBilling, trial_balance
from lastcall.elements.billing.models import Entry, Posting
from tests.elements.billing.bills import HOUR, LINE, NOON, bill, refused


def charge(ledger: LedgerBilling, amount: int, key: str) -> None:
    ledger.charge(LINE, amount=amount, service_time=NOON, memo="calls", key=key)


def held(ledger: LedgerBilling) -> tuple[int, int, int]:
    holdings = journal.holdings(journal.find(LINE))
    return holdings.money, holdings.bonus, holdings.debt


def test_a_charge_takes_the_bonus_first_then_money_then_leaves_a_debt(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=100, key="top-up")
    ledger.grant_bonus(LINE, amount=50, key="bonus")
    charge(ledger, 30, "first")
    assert held(ledger) == (100, 20, 0)
    charge(ledger, 60, "second")
    assert held(ledger) == (60, 0, 0)
    charge(ledger, 75, "third")
    assert held(ledger) == (0, 0, 15)
    assert ledger.account(LINE).balance == -15
    assert trial_balance() == 0


def test_a_top_up_pays_the_debt_first(ledger: LedgerBilling) -> None:
    charge(ledger, 40, "charge")
    ledger.top_up(LINE, amount=100, key="top-up")
    assert held(ledger) == (60, 0, 0)


def test_a_debt_never_leaves_bonus_beside_it(ledger: LedgerBilling) -> None:
    charge(ledger, 40, "charge")
    ledger.grant_bonus(LINE, amount=100, key="bonus")
    assert held(ledger) == (0, 60, 0)
    assert ledger.account(LINE).refundable == 0


def test_a_debt_is_paid_but_not_overpaid(ledger: LedgerBilling) -> None:
    charge(ledger, 40, "charge")
    with refused("more_than_owed"):
        ledger.pay_debt(LINE, amount=41, key="too much")
    ledger.pay_debt(LINE, amount=40, key="exact")
    assert ledger.account(LINE).balance == 0


def test_a_debt_can_be_paid_after_the_final_bill(ledger: LedgerBilling) -> None:
    charge(ledger, 40, "charge")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ledger.settle(bill(-40, -10, owed=50), key="settle")
    ledger.pay_debt(LINE, amount=50, key="paid")
    assert ledger.account(LINE).balance == 0
    assert trial_balance() == 0


def test_a_repeated_order_is_booked_once(ledger: LedgerBilling) -> None:
    for _ in range(3):
        ledger.top_up(LINE, amount=100, key="top-up")
        charge(ledger, 30, "charge")
    assert ledger.account(LINE).balance == 70


def test_a_key_belongs_to_one_line(ledger: LedgerBilling) -> None:
    ledger.open_account(LINE + 1, "RUB")
    ledger.top_up(LINE, amount=100, key="top-up")
    with refused("key_reused"):
        ledger.top_up(LINE + 1, amount=100, key="top-up")
    assert ledger.account(LINE + 1).balance == 0


def test_the_longest_amount_fits(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=journal.LARGEST_AMOUNT, key="top-up")
    assert ledger.account(LINE).balance == journal.LARGEST_AMOUNT


def test_nothing_is_added_after_the_final_bill(ledger: LedgerBilling) -> None:
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ledger.settle(bill(0), key="settle")
    with refused("account_settled"):
        ledger.top_up(LINE, amount=1, key="top-up")
    with refused("account_settled"):
        ledger.grant_bonus(LINE, amount=1, key="bonus")
    with refused("account_settled"):
        ledger.charge(LINE, amount=1, service_time=NOON - HOUR, memo="late call", key="charge")
    assert Posting.objects.count() == 0


def test_an_account_is_opened_once_in_one_currency(ledger: LedgerBilling) -> None:
    ledger.open_account(LINE, "RUB")
    with refused("currency_mismatch"):
        ledger.open_account(LINE, "USD")
    assert ledger.account(LINE).currency == "RUB"


@pytest.mark.parametrize("currency", ["", "rub", "RUBL", "643", "РУБ"])
def test_it_refuses_a_currency_that_is_none(ledger: LedgerBilling, currency: str) -> None:
    with pytest.raises(BadInput, match="ISO 4217"):
        ledger.open_account(LINE + 1, currency)


def test_a_refused_order_leaves_nothing_behind_and_its_key_free(ledger: LedgerBilling) -> None:
    with refused("more_than_owed"):
        ledger.pay_debt(LINE, amount=5, key="payment")
    assert not Entry.objects.exists()
    ledger.top_up(LINE, amount=5, key="payment")
    assert ledger.account(LINE).balance == 5


def test_a_ledger_without_its_database_is_temporary_trouble(
    ledger: LedgerBilling, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(journal, "_locked", gone)
    with pytest.raises(ElementTrouble) as caught:
        ledger.top_up(LINE, amount=5, key="top-up")
    assert (caught.value.code, caught.value.permanent) == ("ledger_unavailable", False)

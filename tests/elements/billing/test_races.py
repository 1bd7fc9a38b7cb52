"""Eight threads at once: what may happen once happens once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from lastcall.core.errors import ElementTrouble
from lastcall.elements.billing.ledger import LedgerBilling, trial_balance
from lastcall.elements.billing.models import BillingAccount, Entry, Kind
from tests.elements.billing.bills import HOUR, LINE, NOON, bill

THREADS = 8


def race(act: Callable[[int], None]) -> Counter[str]:
    """Run ``act`` in eight threads that start together; how many ended how."""
    start = threading.Barrier(THREADS)

    def one(number: int) -> str:
        start.wait(timeout=20)
        try:
            act(number)
        except ElementTrouble as trouble:
            return trouble.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(THREADS)))


def settled(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=300, key="top-up")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ledger.settle(bill(300, refund=300), key="settle")


def test_one_key_is_booked_once(ledger: LedgerBilling) -> None:
    ended = race(lambda _: ledger.top_up(LINE, amount=100, key="top-up"))
    assert ended == {"done": THREADS}
    assert ledger.account(LINE).balance == 100


def test_one_key_used_for_eight_lines_goes_to_one_of_them(ledger: LedgerBilling) -> None:
    for number in range(THREADS):
        ledger.open_account(number, "RUB")
    ended = race(lambda number: ledger.top_up(number, amount=100, key="top-up"))
    assert ended == {"done": 1, "key_reused": THREADS - 1}
    assert sum(ledger.account(number).balance for number in range(THREADS)) == 100


def test_charges_do_not_spend_the_same_money_twice(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=100, key="top-up")
    ledger.grant_bonus(LINE, amount=15, key="bonus")
    ended = race(lambda number: ledger.charge(LINE, amount=20, service_time=NOON, memo="", key=f"charge {number}"))
    assert ended == {"done": THREADS}
    assert ledger.account(LINE).balance == 115 - 20 * THREADS
    assert trial_balance() == 0


def test_a_refund_is_paid_once_under_one_key(ledger: LedgerBilling) -> None:
    settled(ledger)
    ended = race(lambda _: ledger.order_refund(LINE, amount=300, currency="RUB", target="card-7", key="refund"))
    assert ended == {"done": THREADS}
    assert Entry.objects.filter(kind=Kind.REFUND).count() == 1


def test_a_refund_is_paid_once_under_eight_keys(ledger: LedgerBilling) -> None:
    settled(ledger)
    ended = race(
        lambda number: ledger.order_refund(LINE, amount=300, currency="RUB", target="card-7", key=f"refund {number}")
    )
    assert ended == {"done": 1, "already_refunded": THREADS - 1}


def test_a_line_is_settled_once_under_eight_keys(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=300, key="top-up")
    ledger.stop_charging(LINE, at=NOON, key="stop")
    ended = race(lambda number: ledger.settle(bill(300, refund=300), key=f"settle {number}"))
    assert ended == {"done": 1, "already_settled": THREADS - 1}


def test_no_charge_slips_past_the_stop(ledger: LedgerBilling) -> None:
    ledger.top_up(LINE, amount=300, key="top-up")

    def act(number: int) -> None:
        if number == 0:
            ledger.stop_charging(LINE, at=NOON, key="stop")
        else:
            ledger.charge(LINE, amount=10, service_time=NOON + HOUR, memo="", key=f"charge {number}")

    ended = race(act)
    assert ended["done"] + ended["charging_stopped"] == THREADS
    assert ledger.account(LINE).balance == 300


def test_an_account_is_opened_once(ledger: LedgerBilling) -> None:
    ended = race(lambda _: ledger.open_account(42, "RUB"))
    assert ended == {"done": THREADS}
    assert BillingAccount.objects.filter(line_id=42).count() == 1

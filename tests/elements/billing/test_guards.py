"""What the database itself refuses, whoever writes."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from lastcall.elements.billing.ledger import LedgerBilling, trial_balance
from lastcall.elements.billing.models import BillingAccount, Entry, Kind, Posting
from tests.elements.billing.bills import LINE, NOON


@pytest.fixture
def entry(ledger: LedgerBilling) -> Entry:
    """A top-up of 100."""
    ledger.top_up(LINE, amount=100, key="top-up")
    return Entry.objects.get()


@pytest.mark.parametrize("table", ["billing_entry", "billing_posting"])
def test_a_booked_row_cannot_be_deleted(entry: Entry, table: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
    assert Posting.objects.count() == 2


def test_a_booked_row_cannot_be_changed(entry: Entry) -> None:
    with pytest.raises(IntegrityError, match="append-only"):
        Entry.objects.update(memo="otherwise")
    with pytest.raises(IntegrityError, match="append-only"):
        Posting.objects.update(amount=1)
    assert trial_balance() == 0


def test_the_books_cannot_be_emptied_at_once(entry: Entry, database: str) -> None:
    emptying = "TRUNCATE billing_posting" if database == "postgresql" else "DELETE FROM billing_posting"
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(emptying)
    assert Posting.objects.count() == 2


@transaction.atomic
def write_alone(*sides: tuple[Entry, int]) -> None:
    for entry, amount in sides:
        Posting.objects.create(entry=entry, ledger_account="cash", amount=amount)
    assert trial_balance() == sum(abs(amount) for _, amount in sides)


def test_an_entry_out_of_balance_is_not_committed(entry: Entry) -> None:
    with pytest.raises(IntegrityError):
        write_alone((entry, -5))
    assert trial_balance() == 0


def test_two_entries_out_of_balance_do_not_make_up_for_each_other(entry: Entry) -> None:
    other = Entry.objects.create(key="other", account=entry.account, kind=Kind.BONUS, at=NOON, body="")
    with pytest.raises(IntegrityError):
        write_alone((entry, -5), (other, 5))
    assert trial_balance() == 0


@pytest.mark.parametrize("kind", [Kind.SETTLEMENT, Kind.REFUND])
def test_a_line_has_one_settlement_and_one_refund(entry: Entry, kind: Kind) -> None:
    Entry.objects.create(key="one", account=entry.account, kind=kind, at=NOON, body="")
    with pytest.raises(IntegrityError):
        Entry.objects.create(key="two", account=entry.account, kind=kind, at=NOON, body="")


def test_a_charge_is_reversed_once(entry: Entry) -> None:
    Entry.objects.create(key="one", account=entry.account, kind=Kind.REVERSAL, at=NOON, body="", reverses=entry)
    with pytest.raises(IntegrityError):
        Entry.objects.create(key="two", account=entry.account, kind=Kind.REVERSAL, at=NOON, body="", reverses=entry)


@pytest.mark.parametrize("kind", ["gift", Kind.CHARGE, Kind.STOP])
def test_an_entry_is_of_a_known_kind_with_the_time_it_needs(entry: Entry, kind: str) -> None:
    with pytest.raises(IntegrityError):
        Entry.objects.create(key="odd", account=entry.account, kind=kind, at=NOON, body="")


def test_a_line_has_one_account(entry: Entry) -> None:
    with pytest.raises(IntegrityError):
        BillingAccount.objects.create(line_id=LINE, currency="RUB")


def test_the_guards_can_be_taken_away_and_put_back(entry: Entry) -> None:
    call_command("migrate", "billing", "0001", verbosity=0)
    Entry.objects.update(memo="by the migration")
    call_command("migrate", "billing", verbosity=0)
    with pytest.raises(IntegrityError, match="append-only"):
        Entry.objects.update(memo="otherwise")

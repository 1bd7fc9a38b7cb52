"""The built-in ledger as billing: what Lastcall orders of it, and what fills the accounts in daily life."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.models import Sum

from lastcall.core import clock
from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Account, FinalBill
from lastcall.elements.billing import journal, rules
from lastcall.elements.billing.journal import Order
from lastcall.elements.billing.models import BillingAccount, Entry, Kind, Posting
from lastcall.elements.billing.rules import Postings

TARGET_LENGTH = 300


class LedgerBilling:
    """Double entry in Lastcall's own database. Amounts are minor units; each ``key`` works once.

    Every order may raise :class:`ElementTrouble` with ``unknown_line`` or ``key_reused`` (permanent) or
    ``ledger_unavailable`` (temporary), and :class:`BadInput` for an amount, key or moment that cannot be.
    """

    name = "ledger"

    def account(self, line_id: int) -> Account:
        """The account as it stands: balance = money + bonus - debts; refundable = money only."""
        with journal.available():
            account = journal.find(line_id)
            held = journal.holdings(account)
        return Account(
            line_id=line_id,
            currency=account.currency,
            balance=held.balance,
            refundable=max(0, held.money - held.debt),
            charging=account.charging_stopped_at is None,
            as_of=clock.now(),
        )

    def stop_charging(self, line_id: int, *, at: datetime, key: str) -> None:
        """Refuse charges for services after ``at`` and reverse those already booked; the earliest ``at`` stands.

        Raises :class:`ElementTrouble` (permanent, ``account_settled``) when charges would have to be reversed after the
        final bill.
        """
        order = Order(Kind.STOP, line_id, key, service_time=at)
        journal.once(order, lambda account: _stop(account, at.astimezone(UTC)))

    def settle(self, bill: FinalBill, *, key: str) -> None:
        """Book the final bill: fees to revenue, bonuses written off; the refund is payable, or the debt receivable.

        Lines other than ``balance`` are fees (-) or compensation (+). Raises :class:`ElementTrouble` (permanent):
        ``still_charging``, ``already_settled``, ``bill_mismatch``.
        """
        memo = "; ".join(f"{line.code} {line.amount:+d}" for line in bill.lines)[: journal.MEMO_LENGTH]
        lines = tuple(part for line in bill.lines for part in (line.code, line.amount))
        details = (bill.currency, bill.refund, bill.owed, *lines)
        order = Order(Kind.SETTLEMENT, bill.line_id, key, memo=memo, details=details)
        journal.once(order, lambda account: _settlement(account, bill))

    def order_refund(self, line_id: int, *, amount: int, currency: str, target: str, key: str) -> None:
        """Pay the settled refund, whole, to ``target`` (a coded instrument, at most 300 characters).

        Raises :class:`ElementTrouble` (permanent): ``already_refunded``, ``currency_mismatch``, ``more_than_payable``,
        ``less_than_payable`` (a line is refunded once, so the rest could never follow).
        """
        journal.check_amount(amount)
        journal.check_text("target", target, longest=TARGET_LENGTH)
        order = Order(Kind.REFUND, line_id, key, memo=target, details=(amount, currency))
        journal.once(order, lambda account: _refund(account, amount, currency))

    def take_payment(self, line_id: int, *, amount: int, currency: str, key: str) -> None:
        """Take in what the holder paid, at a counter say: debts first, the rest is their money.

        Raises :class:`ElementTrouble` (permanent): ``currency_mismatch``; ``more_than_owed`` after the final bill.
        """
        journal.check_amount(amount)
        order = Order(Kind.TOP_UP, line_id, key, details=(amount, currency))
        journal.once(order, lambda account: _paid(account, amount, currency))

    def open_account(self, line_id: int, currency: str) -> None:
        """Open an account in ``currency`` (ISO 4217, three letters). The same again does nothing.

        Raises :class:`ElementTrouble` (permanent, ``currency_mismatch``) when it is open in another currency.
        """
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
            raise BadInput("currency: not three capital letters as in ISO 4217, for example RUB.")
        with journal.available():
            account, _ = BillingAccount.objects.get_or_create(line_id=line_id, defaults={"currency": currency})
        _require_currency(account, currency)

    def top_up(self, line_id: int, *, amount: int, key: str) -> None:
        """Take in cash; debts are paid first. Raises ``account_settled`` (permanent) after the final bill."""
        journal.check_amount(amount)
        order = Order(Kind.TOP_UP, line_id, key, details=(amount,))
        journal.once(order, lambda account: rules.top_up(_unsettled(account), amount))

    def grant_bonus(self, line_id: int, *, amount: int, key: str) -> None:
        """Give promotional credit; debts are paid first. Raises ``account_settled`` (permanent) after the bill."""
        journal.check_amount(amount)
        order = Order(Kind.BONUS, line_id, key, details=(amount,))
        journal.once(order, lambda account: rules.grant_bonus(_unsettled(account), amount))

    def charge(self, line_id: int, *, amount: int, service_time: datetime, memo: str, key: str) -> None:
        """Charge a service rendered at ``service_time``: from bonus, then money, then as debt.

        Raises :class:`ElementTrouble` (permanent): ``charging_stopped``, ``account_settled``.
        """
        journal.check_amount(amount)
        order = Order(Kind.CHARGE, line_id, key, service_time=service_time, memo=memo, details=(amount,))
        journal.once(order, lambda account: _charge(account, amount, service_time))

    def pay_debt(self, line_id: int, *, amount: int, key: str) -> None:
        """Take in cash for a debt, also after the final bill. Raises ``more_than_owed`` (permanent)."""
        journal.check_amount(amount)
        order = Order(Kind.DEBT_PAID, line_id, key, details=(amount,))
        journal.once(order, lambda account: _debt_paid(account, amount))


def trial_balance() -> int:
    """By how many minor units the entries are out of balance, each entry for itself: 0 when the ledger is right."""
    entries = Posting.objects.values_list("entry_id").annotate(total=Sum("amount")).exclude(total=0)
    return sum(abs(total) for _, total in entries)


def _charge(account: BillingAccount, amount: int, service_time: datetime) -> Postings:
    held = _unsettled(account)
    if account.charging_stopped_at is not None and service_time > account.charging_stopped_at:
        raise _trouble(account, "charging_stopped", "the service was rendered after charging had stopped")
    return rules.charge(held, amount)


def _stop(account: BillingAccount, at: datetime) -> Postings:
    late = Entry.objects.filter(account=account, kind=Kind.CHARGE, service_time__gt=at, reversal=None).order_by("pk")
    for charge in late:
        _reverse(account, charge)
    before = account.charging_stopped_at
    account.charging_stopped_at = at if before is None else min(before, at)
    account.save(update_fields=["charging_stopped_at"])
    return ()


def _reverse(account: BillingAccount, charge: Entry) -> None:
    charged = tuple(charge.postings.values_list("ledger_account", "amount"))
    # The charge's digest keeps the key apart from any that a caller may choose.
    key = f"reversal:{charge.pk}:{charge.body}"
    order = Order(Kind.REVERSAL, account.line_id, key, service_time=charge.service_time)
    journal.book(order, account, rules.reverse(_unsettled(account), charged), reverses=charge)


def _settlement(account: BillingAccount, bill: FinalBill) -> Postings:
    if journal.has(account, Kind.SETTLEMENT):
        raise _trouble(account, "already_settled", "the final bill is booked already")
    if account.charging_stopped_at is None:
        raise _trouble(account, "still_charging", "charging must stop before the final bill")
    if bill.currency != account.currency:
        raise _trouble(account, "bill_mismatch", f"the bill is in {bill.currency}, the account in {account.currency}")
    return rules.settle(journal.holdings(account), bill)


def _refund(account: BillingAccount, amount: int, currency: str) -> Postings:
    if journal.has(account, Kind.REFUND):
        raise _trouble(account, "already_refunded", "the refund was ordered already, under another key")
    _require_currency(account, currency)
    payable = journal.holdings(account).payable
    if amount != payable:
        code = "more_than_payable" if amount > payable else "less_than_payable"
        raise _trouble(account, code, f"{amount} ordered, {payable} payable (minor units)")
    return ((rules.REFUNDS_PAYABLE, -amount), (rules.CASH, amount))


def _debt_paid(account: BillingAccount, amount: int) -> Postings:
    held = journal.holdings(account)
    if amount > held.debt:
        raise _trouble(account, "more_than_owed", f"{amount} paid, {held.debt} owed (minor units)")
    return rules.top_up(held, amount)


def _paid(account: BillingAccount, amount: int, currency: str) -> Postings:
    _require_currency(account, currency)
    if journal.has(account, Kind.SETTLEMENT):
        return _debt_paid(account, amount)
    return rules.top_up(journal.holdings(account), amount)


def _unsettled(account: BillingAccount) -> rules.Holdings:
    if journal.has(account, Kind.SETTLEMENT):
        raise _trouble(account, "account_settled", "the final bill is booked; nothing can be added or reversed")
    return journal.holdings(account)


def _require_currency(account: BillingAccount, currency: str) -> None:
    if account.currency != currency:
        raise _trouble(account, "currency_mismatch", f"the account is in {account.currency}, the order in {currency}")


def _trouble(account: BillingAccount, code: str, what: str) -> ElementTrouble:
    return ElementTrouble(f"Billing of line {account.line_id}: {what}.", permanent=True, code=code)

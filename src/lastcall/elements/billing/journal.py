"""Writing to the ledger: every order in one transaction, once per key, with the line's account locked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Sum

from lastcall.core import clock
from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.elements.billing.models import BillingAccount, Entry, Kind, Posting
from lastcall.elements.billing.rules import Holdings, Postings

KEY_LENGTH = 200
MEMO_LENGTH = 500
LARGEST_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class Order:
    """What the ledger was asked to book; ``details``: all that makes it this order, beside line and kind."""

    kind: Kind
    line_id: int
    key: str
    service_time: datetime | None = None
    memo: str = ""
    details: tuple[str | int, ...] = field(default=())

    def __post_init__(self) -> None:
        if not self.key:
            raise BadInput("key: an order needs an idempotency key; got an empty one.")
        check_text("key", self.key, longest=KEY_LENGTH)
        check_text("memo", self.memo, longest=MEMO_LENGTH)
        if self.service_time is not None:
            check_aware(self.service_time)

    @property
    def body(self) -> str:
        """SHA-256 of the order without its key."""
        moment = self.service_time.astimezone(UTC).isoformat() if self.service_time else None
        content = json.dumps([self.kind.value, self.line_id, moment, self.memo, *self.details])
        return hashlib.sha256(content.encode()).hexdigest()


def once(order: Order, postings_of: Callable[[BillingAccount], Postings]) -> None:
    """Book ``order``, whose postings ``postings_of`` works out while the account is locked.

    The same order under the same key again does nothing. Raises :class:`ElementTrouble`: ``key_reused``,
    ``unknown_line`` and what ``postings_of`` raises (permanent), ``ledger_unavailable`` (temporary).
    """
    with available():
        try:
            with transaction.atomic():
                account = _locked(order.line_id)
                if not _booked(order):
                    book(order, account, postings_of(account))
        except IntegrityError:
            # Another line's order took the key between the look and the insert.
            if not _booked(order):
                raise


def book(order: Order, account: BillingAccount, postings: Postings, *, reverses: Entry | None = None) -> None:
    """Append the entry with its postings; the caller holds the lock."""
    entry = Entry.objects.create(
        key=order.key,
        account=account,
        kind=order.kind,
        at=clock.now(),
        service_time=order.service_time,
        memo=order.memo,
        body=order.body,
        reverses=reverses,
    )
    Posting.objects.bulk_create(Posting(entry=entry, ledger_account=code, amount=amount) for code, amount in postings)


def holdings(account: BillingAccount) -> Holdings:
    """What the line holds now, summed from its postings."""
    own = Posting.objects.filter(entry__account=account)
    sums = own.values_list("ledger_account").annotate(total=Sum("amount"))
    return Holdings.read(account.line_id, dict(sums))


def find(line_id: int) -> BillingAccount:
    """The line's account. Raises :class:`ElementTrouble` (permanent, ``unknown_line``)."""
    return _account(BillingAccount.objects.filter(line_id=line_id).first(), line_id)


def has(account: BillingAccount, kind: Kind) -> bool:
    """Whether an entry of this kind was booked for the line."""
    return Entry.objects.filter(account=account, kind=kind).exists()


@contextmanager
def available() -> Iterator[None]:
    """Turn a database that cannot be used just now into temporary trouble."""
    try:
        yield
    except OperationalError as error:
        raise ElementTrouble(
            "The ledger's database cannot be used just now.", permanent=False, code="ledger_unavailable"
        ) from error


def check_amount(amount: int) -> None:
    """Raises :class:`BadInput` unless ``amount`` is a positive number of minor units."""
    if not 0 < amount <= LARGEST_AMOUNT:
        raise BadInput(f"amount: {amount} is not between 1 and {LARGEST_AMOUNT} minor units.")


def check_aware(moment: datetime) -> None:
    """Raises :class:`BadInput` for a datetime without a time zone."""
    if moment.tzinfo is None:
        raise BadInput("service_time: a moment without a time zone; give an aware datetime.")


def check_text(name: str, value: str, *, longest: int) -> None:
    """Raises :class:`BadInput` naming the field, not its value, when it is too long or holds control characters."""
    if len(value) > longest:
        raise BadInput(f"{name}: {len(value)} characters; at most {longest} are kept.")
    if not value.isprintable():
        raise BadInput(f"{name}: holds a control character or a line break.")


def _locked(line_id: int) -> BillingAccount:
    return _account(BillingAccount.objects.select_for_update().filter(line_id=line_id).first(), line_id)


def _account(account: BillingAccount | None, line_id: int) -> BillingAccount:
    if account is None:
        raise ElementTrouble(
            f"The ledger has no account for line {line_id}.",
            permanent=True,
            code="unknown_line",
            remedy="Open the account first, or correct the line id.",
        )
    return account


def _booked(order: Order) -> bool:
    body = Entry.objects.filter(key=order.key).values_list("body", flat=True).first()
    if body is not None and body != order.body:
        raise ElementTrouble(
            f"An order for line {order.line_id} ({order.kind.value}) came under a key that stands for another order.",
            permanent=True,
            code="key_reused",
            remedy="Give every order a key of its own; repeat an order with exactly the same content.",
        )
    return body is not None

from __future__ import annotations

from django.db import models
from django.db.models import Q

from lastcall.elements.billing.models.account import BillingAccount


class Kind(models.TextChoices):
    """What an entry books."""

    TOP_UP = "top_up"
    BONUS = "bonus"
    CHARGE = "charge"
    REVERSAL = "reversal"
    DEBT_PAID = "debt_paid"
    STOP = "stop"
    SETTLEMENT = "settlement"
    REFUND = "refund"


class Entry(models.Model):
    """One booking, once per ``key``, never changed afterwards (triggers of the database see to that).

    ``at``: when it was booked; ``service_time``: when the service was rendered, or charging stopped; ``body``: SHA-256
    of what was ordered, to tell a repeated order from another one under the same key; ``reverses``: the charge that a
    reversal takes back.
    """

    key = models.CharField(max_length=200, unique=True)
    account = models.ForeignKey(BillingAccount, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()
    service_time = models.DateTimeField(null=True)
    memo = models.CharField(max_length=500, blank=True)
    body = models.CharField(max_length=64)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")

    class Meta:
        verbose_name_plural = "entries"
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(kind=Kind.SETTLEMENT), name="billing_one_settlement_per_line"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(kind=Kind.REFUND), name="billing_one_refund_per_line"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="billing_entry_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=[Kind.CHARGE, Kind.STOP]) | Q(service_time__isnull=False),
                name="billing_entry_has_service_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Posting(models.Model):
    """One side of an entry: ``amount`` minor units to ``ledger_account``, + credit (owed by us), - debit.

    The postings of an entry sum to zero; both databases check it when the transaction commits.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="postings")
    ledger_account = models.CharField(max_length=40)
    amount = models.BigIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(amount=0), name="billing_posting_not_zero"),)

    def __str__(self) -> str:
        return f"{self.ledger_account} {self.amount:+d}"

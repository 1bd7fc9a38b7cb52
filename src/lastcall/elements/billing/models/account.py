from __future__ import annotations

from django.db import models


class BillingAccount(models.Model):
    """One line's account: its currency and the moment after which no service may be charged.

    What it holds is not kept here: it is the sum of its postings. The row is what writers lock.
    """

    line_id = models.BigIntegerField(unique=True)
    currency = models.CharField(max_length=3)
    charging_stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"line {self.line_id} ({self.currency})"

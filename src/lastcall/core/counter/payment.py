"""The payment: money taken at the counter for a line that is being closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

MEANS: Final = ("cash", "card")


@table(
    "counter",
    references={"ticket_id": "counter.Ticket", "case_id": "closing.Case", "line_id": "subscribers.Line"},
    constraints=(
        unique("payment_key_once", "key"),
        unique("payment_one_open_per_case", "case_id", where=models.Q(booked_at__isnull=True)),
        holds("payment_means", models.Q(means__in=MEANS)),
        holds("payment_amount", models.Q(amount__gt=0)),
    ),
    indexes=(models.Index(fields=["case_id"], name="payment_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Row):
    """``amount``: minor units; ``means``: one of :data:`MEANS`; ``key``: keyed hash of the form's, so that it is taken once.

    ``booked_at``: when billing had it; None while billing could not be reached.
    """

    id: int
    ticket_id: int
    case_id: int
    line_id: int
    amount: int
    currency: str
    means: str
    key: str
    taken_at: datetime
    taken_by: str
    booked_at: datetime | None = None

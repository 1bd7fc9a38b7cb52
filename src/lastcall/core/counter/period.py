"""The period: one stretch of a ticket's life, so that waiting and handling time can be read from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

KINDS = ("waiting", "called", "serving")


@table(
    "counter",
    references={"ticket_id": "counter.Ticket", "shop_id": "staff.Shop"},
    constraints=(
        unique("period_one_open_per_ticket", "ticket_id", where=models.Q(until__isnull=True)),
        holds("period_kind", models.Q(kind__in=KINDS)),
        holds("period_order", models.Q(until__isnull=True) | models.Q(until__gte=models.F("since"))),
    ),
    indexes=(
        models.Index(fields=["ticket_id"], name="period_ticket"),
        models.Index(fields=["shop_id", "kind", "until"], name="period_recent"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Period(Row):
    """``kind``: the ticket's state during it, one of :data:`KINDS`; ``[since, until)``, ``until`` None while it lasts."""

    id: int
    ticket_id: int
    shop_id: int
    kind: str
    purpose: str
    clerk: str
    since: datetime
    until: datetime | None = None

"""The line: what is closed. One subscriber's agreement with its number, its SIM and its terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table(
    "subscribers",
    references={
        "subscriber_id": "subscribers.Subscriber",
        "tenure_id": "numbers.Tenure",
        "sim_id": "numbers.Sim",
        "depends_on_id": "subscribers.Line",
    },
    constraints=(
        unique("line_one_per_tenure", "tenure_id"),
        unique("line_sim_never_twice", "sim_id"),
        holds("line_plan", models.Q(plan__in=["prepaid", "postpaid"])),
        holds(
            "line_money_not_negative",
            models.Q(early_termination_fee__gte=0, instalments_left__gte=0, premium_number_fee__gte=0),
        ),
    ),
    indexes=(models.Index(fields=["depends_on_id"], name="line_depends_on"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Row):
    """Terms in minor units of ``currency``; ``late_usage_hold_days``: days to wait for late (roaming) records.

    ``depends_on_id``: the line whose bundle pays for this one. ``locked_at``: the holder's line lock; ``legal_hold_at``: a
    court or authority forbids the closing; ``port_out_at``: an open port-out order; ``title_changed_at``: taken over from
    somebody else; ``sim_since``: when the present SIM was put in; ``ceasing_at``: the first outside effect of its cease was
    intended, from when on it goes forward only and no port-out may be ordered.
    """

    id: int
    subscriber_id: int
    tenure_id: int
    sim_id: int
    plan: str
    currency: str
    opened_at: datetime
    sim_since: datetime
    closed_at: datetime | None = None
    commitment_until: date | None = None
    early_termination_fee: int = 0
    instalments_left: int = 0
    premium_number_fee: int = 0
    late_usage_hold_days: int = 0
    last_roamed_at: datetime | None = None
    depends_on_id: int | None = None
    locked_at: datetime | None = None
    legal_hold_at: datetime | None = None
    port_out_at: datetime | None = None
    ceasing_at: datetime | None = None
    title_changed_at: datetime | None = None

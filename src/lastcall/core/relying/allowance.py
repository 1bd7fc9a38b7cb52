"""How much of its day a consumer has taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models

from lastcall.core.rows import Row, holds, table


@table(
    "relying",
    key=("consumer_id", "day", "kind"),
    references={"consumer_id": "relying.Consumer"},
    constraints=(
        holds("allowance_kind", models.Q(kind__in=["requests", "rows"])),
        holds("allowance_taken", models.Q(taken__gte=0)),
    ),
    indexes=(models.Index(fields=["day"], name="allowance_day"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance(Row):
    """``taken``: handed out to serving processes on that day, spent or about to be; ``kind``: ``requests`` or ``rows``."""

    consumer_id: int
    day: date
    kind: str
    taken: int

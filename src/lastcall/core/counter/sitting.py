"""The sitting: a clerk at a window, from sitting down to getting up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from lastcall.core.rows import Row, table, unique


@table(
    "counter",
    references={"shop_id": "staff.Shop"},
    constraints=(
        unique("sitting_one_per_clerk", "login", where=models.Q(until__isnull=True)),
        unique("sitting_one_per_window", "shop_id", "window", where=models.Q(until__isnull=True)),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting(Row):
    """``window``: as written above it, at most three letters or digits; ``day``: on the operator's clocks."""

    id: int
    shop_id: int
    login: str
    window: str
    day: date
    since: datetime
    until: datetime | None = None

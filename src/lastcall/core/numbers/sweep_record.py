"""What a sweep did: a row for each one that moved something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, table


@table("numbers", indexes=(models.Index(fields=["at"], name="sweep_at"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRecord(Row):
    """``at``: when it began; how many numbers it put into quarantine and released, how many reservations it ended."""

    id: int
    at: datetime
    quarantined: int
    released: int
    reservations_ended: int
    lasted_ms: int

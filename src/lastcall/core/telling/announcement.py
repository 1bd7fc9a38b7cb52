"""The announcement: what is told of one number. It names no holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.telling.kinds import KINDS


@table(
    "telling",
    references={"tenure_id": "numbers.Tenure"},
    constraints=(
        holds("announcement_kind", models.Q(kind__in=KINDS)),
        unique("announcement_in_order", "msisdn", "ordinal"),
        unique("announcement_once_per_event", "place", where=models.Q(place__gt=0)),
        unique("announcement_once_per_deadline", "tenure_id", "due_at", where=models.Q(kind="release_soon")),
    ),
    indexes=(models.Index(fields=["at"], name="announcement_at"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement(Row):
    """``ordinal`` counts a number's announcements; ``at``: when it happened; ``day``: the same on the operator's clocks.

    ``place``: of its event in the log's chain, 0 for what comes from the calendar; ``due_at``: for ``release_soon`` and
    ``rest_extended`` the moment before which nobody gets the number.
    """

    id: int
    tenure_id: int
    msisdn: int
    kind: str
    ordinal: int
    at: datetime
    day: date
    place: int = 0
    due_at: datetime | None = None

"""Who is deciding a case: a reviewer took it, or was handed it, for a time. One at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

ENDINGS: Final = ("", "decided", "released", "handed_over", "ran_out")


@table(
    "closing",
    references={"case_id": "closing.Case"},
    constraints=(
        unique("assignment_one_live_per_case", "case_id", where=models.Q(ended_at__isnull=True)),
        holds("assignment_ending", models.Q(ending__in=ENDINGS)),
        holds(
            "assignment_ended_as_a_whole",
            models.Q(ended_at__isnull=True, ending="") | (models.Q(ended_at__isnull=False) & ~models.Q(ending="")),
        ),
    ),
    indexes=(models.Index(fields=["login", "ended_at"], name="assignment_login"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(Row):
    """``login``: of the reviewer; ``until``: from then on somebody else may take the case (policy ``review.assignment_minutes``).

    ``given_by``: who handed it over, as ``role:name``, empty when the reviewer took it; ``ending``: one of :data:`ENDINGS`.
    """

    id: int
    case_id: int
    login: str
    taken_at: datetime
    until: datetime
    given_by: str = ""
    ended_at: datetime | None = None
    ending: str = ""

    def is_live(self, now: datetime) -> bool:
        """Whether the reviewer still has the case to themselves."""
        return self.ended_at is None and now < self.until

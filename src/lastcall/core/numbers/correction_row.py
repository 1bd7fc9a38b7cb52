"""The correction: a closing that was reported wrongly, put right by two people; what was reported stays on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

REASONS = ("reported_in_error", "wrong_line", "technical_fault", "authority_order")


@table(
    "numbers",
    references={"tenure_id": "numbers.Tenure", "follows_tenure_id": "numbers.Tenure"},
    constraints=(
        unique("correction_once", "tenure_id", where=models.Q(at__isnull=False)),
        holds("correction_reason", models.Q(reason__in=REASONS) & ~models.Q(reference="")),
        holds("correction_two_people", ~models.Q(asked_by=models.F("approved_by"))),
        holds(
            "correction_approved",
            models.Q(at__isnull=True, approved_by="") | (models.Q(at__isnull=False) & ~models.Q(approved_by="")),
        ),
    ),
    indexes=(models.Index(fields=["tenure_id"], name="correction_tenure"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Row):
    """``tenure_id``: the tenure whose closing was reported wrongly; ``follows_tenure_id``: the one in which its holder had the
    number back; ``reason``: one of :data:`REASONS`; ``reference``: of the paper behind it, never a name or a number.

    ``asked_by`` and ``approved_by``: logins; ``until``: when the request lapses; ``at``: when it was approved, None until then.
    The database lets nothing but the approval be written later.
    """

    id: int
    tenure_id: int
    follows_tenure_id: int
    reason: str
    reference: str
    asked_by: str
    asked_at: datetime
    until: datetime
    approved_by: str = ""
    at: datetime | None = None

    @property
    def state(self) -> str:
        """A state of the table ``CORRECTION``."""
        return "asked" if self.at is None else "approved"

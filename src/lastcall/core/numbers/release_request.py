"""The request to end a number's quarantine before its date: asked for by one, decided by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.numbers.lifecycle import EARLY_RELEASE
from lastcall.core.rows import Row, holds, table, unique

REASONS = ("shortage", "authority_order", "public_service", "wrong_date")


@table(
    "numbers",
    references={"tenure_id": "numbers.Tenure"},
    constraints=(
        unique("release_request_one_open", "tenure_id", where=models.Q(state="asked")),
        holds("release_request_state", models.Q(state__in=EARLY_RELEASE.states)),
        holds("release_request_reason", models.Q(reason__in=REASONS) & ~models.Q(reference="")),
        holds("release_request_two_people", ~models.Q(state="approved") | ~models.Q(decided_by=models.F("asked_by"))),
        holds("release_request_decided", models.Q(state="asked") | models.Q(decided_at__isnull=False)),
    ),
    indexes=(models.Index(fields=["tenure_id"], name="release_request_tenure"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest(Row):
    """``reason``: one of :data:`REASONS`; ``reference``: of the order that asks for it, never a name or a number.

    ``asked_by`` and ``decided_by``: logins; ``until``: when it lapses; ``state``: one of the table ``EARLY_RELEASE``.
    """

    id: int
    tenure_id: int
    reason: str
    reference: str
    asked_by: str
    asked_at: datetime
    until: datetime
    state: str = "asked"
    decided_by: str = ""
    decided_at: datetime | None = None

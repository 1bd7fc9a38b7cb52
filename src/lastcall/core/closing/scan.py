"""The photo of a document: encrypted under a key of its own, read once, destroyed after the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import models

from lastcall.core.closing.case import Case
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Row, holds, table

OUTCOMES: Final = ("", "matched", "unclear", "differs")
DECIDED: Final = frozenset({"matched", "differs"})
"""Outcomes that no person has to decide about."""
CRYPTO_ERASE: Final = "crypto_erase"


@table(
    "closing",
    references={"case_id": "closing.Case"},
    constraints=(
        holds("scan_outcome", models.Q(outcome__in=OUTCOMES)),
        holds(
            "scan_destroyed_is_empty", models.Q(destroyed_at__isnull=True) | models.Q(sealed_key="", sealed_photo="")
        ),
    ),
    indexes=(models.Index(fields=["case_id"], name="scan_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Scan(Row):
    """``sealed_photo``: the cleaned picture under the row's own key, as base64 text; ``sealed_key``: that key, sealed itself. Both
    are empty once destroyed. What stays: ``kind`` and ``issuer`` of the document, ``outcome``, when, and by which ``method`` it
    went.

    ``keep_until``: the latest moment, whatever is decided (policy ``retention.scan_days_max``).
    """

    id: int
    case_id: int
    sealed_key: str
    sealed_photo: str
    given_at: datetime
    keep_until: datetime
    outcome: str = ""
    kind: str = ""
    issuer: str = ""
    read_at: datetime | None = None
    destroyed_at: datetime | None = None
    method: str = ""


def destroy_at(scan: Scan, case: Case) -> datetime:
    """When the picture goes: with the case, or after the decision and the time to appeal (policy
    ``retention.photo_appeal_hours``), and never later than ``keep_until``."""
    appeal = timedelta(hours=Policy.from_json(case.policy).retention_photo_appeal_hours)
    moments = [scan.keep_until]
    decided = scan.read_at if scan.outcome in DECIDED else case.photo_decided_at
    if decided is not None:
        moments.append(decided + appeal)
    if case.ended_at is not None:
        moments.append(case.ended_at + (appeal if case.state == "rejected" else timedelta(0)))
    return min(moments)

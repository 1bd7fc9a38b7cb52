"""The event: one append-only record of one thing that happened, never changed, never deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models

from lastcall.core.rows import Json, Row, table


@table(
    "audit",
    auto=True,
    indexes=(
        models.Index(fields=["subject", "subject_id"], name="event_subject"),
        models.Index(fields=["case_id"], name="event_case", condition=models.Q(case_id__isnull=False)),
        # What is counted for figures is answered from these alone.
        models.Index(
            fields=["kind", "at"],
            name="event_figures",
            condition=models.Q(kind__in=("case.refer", "case.wait", "work.alerted"))
            | models.Q(reason="identity_refused"),
        ),
        models.Index(
            fields=["case_id", "id", "kind", "at", "source", "target"],
            name="event_steps",
            condition=models.Q(kind__in=("case.hold", "case.refer", "case.approve", "case.reject", "case.freeze")),
        ),
        models.Index(fields=["at"], name="event_reading", condition=models.Q(kind__in=["case.read", "number.read"])),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Row):
    """``subject``/``subject_id``: what it happened to (``case``, ``tenure``, ``sim``, ``line``, ``subscriber`` …).

    ``actor``: ``role:name``; ``door``: where it came in; ``source`` and ``target``: the states before and after, empty when
    no state changed; ``data``: coded facts, never a full number, document number, PIN or code.
    """

    id: int = 0
    at: datetime
    kind: str
    subject: str
    subject_id: int
    case_id: int | None = None
    actor: str
    door: str
    reason: str = ""
    source: str = ""
    target: str = ""
    data: Json = field(default_factory=dict)

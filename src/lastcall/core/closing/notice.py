"""A notice: one message about a case to one contact, queued in the same transaction as what it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models

from lastcall.core.rows import Json, Row, table, unique


@table(
    "closing",
    references={"case_id": "closing.Case", "contact_id": "subscribers.Contact"},
    constraints=(unique("notice_once", "case_id", "contact_id", "template", "about"),),
    indexes=(models.Index(fields=["case_id"], name="notice_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Row):
    """``template``: a code of :mod:`lastcall.core.closing.texts`; ``facts``: what fills it; ``about``: tells repeats apart."""

    id: int
    case_id: int
    contact_id: int
    template: str
    about: str
    language: str
    queued_at: datetime
    due_at: datetime
    facts: Json = field(default_factory=dict)
    sent_at: datetime | None = None

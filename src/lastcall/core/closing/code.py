"""The one-time code: works once, for one case and one action; nobody on the staff can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table


@table(
    "closing",
    references={"case_id": "closing.Case", "contact_id": "subscribers.Contact"},
    constraints=(holds("code_tries", models.Q(tries__gte=0)),),
    indexes=(models.Index(fields=["case_id", "action"], name="code_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Row):
    """``code_key``: keyed hash bound to case, action and contact; ``tries``: wrong answers so far."""

    id: int
    case_id: int
    action: str
    contact_id: int
    code_key: str
    sent_at: datetime
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None

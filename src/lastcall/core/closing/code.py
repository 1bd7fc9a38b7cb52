"""The one-time code: works once, for one case and one action; nobody on the staff can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table(
    "closing",
    references={"case_id": "closing.Case", "contact_id": "subscribers.Contact"},
    constraints=(
        holds("code_tries", models.Q(tries__gte=0)),
        unique("code_counted_per_contact", "contact_id", "ordinal"),
    ),
    indexes=(
        models.Index(fields=["case_id", "action"], name="code_case"),
        models.Index(fields=["contact_id", "sent_at"], name="code_contact"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Row):
    """The code itself is in no column: it is derived from the row's key, case and action when it is needed.

    ``action``: what it is good for; ``contact_id``: where it goes, None when it goes nowhere, which nobody outside can tell;
    ``ordinal``: the how manieth to that contact, so that two at once are counted as two; ``sent_at``: when it was asked for;
    ``tries``: wrong answers so far, those to the code before it included when it was only sent again.
    """

    id: int
    case_id: int
    action: str
    contact_id: int | None
    sent_at: datetime
    expires_at: datetime
    ordinal: int = 0
    tries: int = 0
    used_at: datetime | None = None

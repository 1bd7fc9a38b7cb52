"""The link to a case on its way to a contact on file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table(
    "closing",
    references={"case_id": "closing.Case", "contact_id": "subscribers.Contact"},
    constraints=(
        unique("link_copy_once", "key"),
        unique("link_copy_counted_per_contact", "contact_id", "ordinal"),
        holds("link_copy_sent_or_withheld", models.Q(sent_at__isnull=True) | models.Q(withheld=False)),
    ),
    indexes=(models.Index(fields=["case_id"], name="link_copy_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCopy(Row):
    """The link itself is in no column: it is made again when it is sent. ``key``: keyed hash of what asked for it, so that one
    click sends one; ``ordinal``: the how manieth to that contact, so that two at once are counted as two; ``withheld``: the
    messenger refused the address for good."""

    id: int
    key: str
    case_id: int
    contact_id: int
    ordinal: int
    language: str
    asked_at: datetime
    sent_at: datetime | None = None
    withheld: bool = False

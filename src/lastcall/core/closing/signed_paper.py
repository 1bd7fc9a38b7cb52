"""A signed statement on file: encrypted under a key of its own, destroyed when its days are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table

WAYS: Final = ("scan", "drawn")
MEDIA: Final = ("image/jpeg", "application/pdf")


@table(
    "closing",
    references={"case_id": "closing.Case"},
    constraints=(
        holds("signed_paper_way", models.Q(way__in=WAYS)),
        holds("signed_paper_media", models.Q(media__in=MEDIA)),
        holds(
            "signed_paper_destroyed_is_empty",
            models.Q(destroyed_at__isnull=True) | models.Q(sealed_key="", sealed_content=""),
        ),
    ),
    indexes=(models.Index(fields=["case_id"], name="signed_paper_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPaper(Row):
    """``way``: a ``scan`` of the paper, or ``drawn`` on the clerk's screen; ``sealed_content``: the file under the row's own key,
    as base64 text; ``sealed_key``: that key, sealed itself. Both are empty once destroyed, by which ``method``.

    ``keep_until``: the day on which it goes (policy ``retention.signed_statement_days``).
    """

    id: int
    case_id: int
    way: str
    media: str
    sealed_key: str
    sealed_content: str
    filed_at: datetime
    filed_by: str
    keep_until: datetime
    destroyed_at: datetime | None = None
    method: str = ""

"""The declaration: "close this line", received at a moment, through a door. Never undone, never dated differently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Json, Row, table


@table(
    "closing",
    key=("key",),
    references={"case_id": "closing.Case"},
    indexes=(models.Index(fields=["case_id"], name="declaration_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Row):
    """``key``: keyed hash of door and idempotency key; ``body_key``: keyed hash of what was declared.

    ``receipt``: what the declarant was told, less the reference and the secret, which are derived again from the key.
    """

    key: str
    body_key: str
    case_id: int
    door: str
    received_at: datetime
    receipt: Json


def agreement_end(legal_end: datetime, requested: datetime | None) -> datetime:
    """When the agreement ends: the later of what law and agreement ask and of what was wished."""
    return max(legal_end, requested) if requested is not None else legal_end

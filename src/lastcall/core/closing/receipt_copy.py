"""The copy of a receipt that goes to the contact given in the declaration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table(
    "closing",
    references={"case_id": "closing.Case"},
    constraints=(
        unique("receipt_copy_once", "declaration_key"),
        holds("receipt_copy_kind", models.Q(kind__in=["sms", "mail"])),
    ),
    indexes=(
        models.Index(fields=["address_key", "queued_at"], name="receipt_copy_address"),
        models.Index(fields=["case_id"], name="receipt_copy_case"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptCopy(Row):
    """``declaration_key``: which declaration's receipt; ``address_key``: keyed hash, to count what goes to one address;
    ``sealed_address``: encrypted, bound to this row. ``withheld``: nothing is sent, for the
    address had its share of the day, or the messenger refused it for good."""

    id: int
    case_id: int
    declaration_key: str
    kind: str
    address_key: str
    sealed_address: str
    queued_at: datetime
    withheld: bool
    sent_at: datetime | None = None

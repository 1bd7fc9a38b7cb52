"""The backup: what a card was saved to, closed with a secret that only the subscriber has, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, table, unique

MOST_BYTES: Final = 2 * 1024 * 1024
"""Of the sealed file: many times a full card's."""


@table(
    "simcard",
    references={"case_id": "closing.Case", "handling_id": "simcard.Handling"},
    constraints=(unique("backup_one_of_a_handling", "handling_id"),),
    indexes=(
        models.Index(fields=["case_id"], name="backup_case"),
        models.Index(fields=["until"], name="backup_until", condition=models.Q(deleted_at__isnull=True)),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Backup(Row):
    """``size`` in bytes and ``sha256`` of the sealed file; ``secret_check``: by which a secret is known to be the right one (see
    ``sealing.py``). ``until``: policy ``sim.backup_hours``; ``fetched``: how often it was; ``deleted_at``: since then there is
    no :class:`Ciphertext`."""

    id: int
    case_id: int
    handling_id: int
    size: int
    sha256: str
    secret_check: str
    made_at: datetime
    until: datetime
    fetched: int = 0
    deleted_at: datetime | None = None


@table("simcard", key=("backup_id",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Ciphertext(Row):
    """``sealed``: the file as it came, in base64; apart from its backup, so that looking at one, or guessing, never reads it."""

    backup_id: int
    sealed: str

"""A short message that an SMSC has taken from us, and what it reported of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.rows import Row, holds, table

DELIVERED: Final = "delivered"
FAILED: Final = "failed"
ON_ITS_WAY: Final = ""


@table(
    "texting",
    key=("key",),
    constraints=(holds("submission_outcome", models.Q(outcome__in=[ON_ITS_WAY, DELIVERED, FAILED])),),
    indexes=(
        models.Index(fields=["message"], name="submission_message"),
        models.Index(fields=["noted_at"], name="submission_noted"),
        models.Index(fields=["outcome_at"], name="submission_outcome_at"),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Row):
    """One short message; a long text is several. ``key``: keyed hash of the way it went and its name there; ``message``: the key
    of the :class:`~lastcall.core.ports.Message` (``notice:…``, ``text:…``), empty while only the report has come.

    ``outcome``: ``delivered``, ``failed`` or empty; ``reason``: the SMSC's word for a failure (``UNDELIV``, ``EXPIRED`` …).
    """

    key: str
    message: str
    noted_at: datetime
    outcome: str = ON_ITS_WAY
    outcome_at: datetime | None = None
    reason: str = ""

"""The look: for a while one member of the staff may see one number's life, for a reason. Without one, nobody sees any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.audit.reading import NUMBER_REASONS
from lastcall.core.rows import Row, holds, table


@table(
    "numbers",
    constraints=(holds("look_reason", models.Q(reason__in=NUMBER_REASONS)),),
    indexes=(models.Index(fields=["login", "at"], name="look_login"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Look(Row):
    """``login``: whose it is; ``reason``: one of :data:`~lastcall.core.audit.reading.NUMBER_REASONS`; it ends at ``until``."""

    id: int
    login: str
    msisdn: int
    reason: str
    at: datetime
    until: datetime

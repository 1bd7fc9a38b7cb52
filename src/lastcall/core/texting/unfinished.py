"""A long text of which parts are still on their way: kept sealed until the last one is there or the time is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table


@table(
    "texting",
    key=("key",),
    constraints=(holds("unfinished_total", models.Q(total__gte=2)),),
    indexes=(models.Index(fields=["began_at"], name="unfinished_began"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished(Row):
    """``key``: keyed hash of sender, recipient, reference and total; ``sealed``: sender and the parts that came, by place, and
    empty once the text is whole: the row then stays until its time is over, so that a part that comes twice begins nothing new."""

    key: str
    revision: int
    total: int
    sealed: str
    began_at: datetime

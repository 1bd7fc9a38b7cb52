"""Attempts: how often somebody tried to reach a resting number on one day, as the network counted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models

from lastcall.core.rows import Row, holds, table


@table(
    "numbers",
    key=("msisdn", "day"),
    constraints=(holds("attempts_counted", models.Q(calls__gte=0, messages__gte=0)),),
    indexes=(models.Index(fields=["day"], name="attempts_day"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts(Row):
    """``day``: on the operator's clocks; ``calls`` and ``messages``: how many of each. Never who tried."""

    msisdn: int
    day: date
    calls: int
    messages: int

    @property
    def count(self) -> int:
        """Calls and messages together."""
        return self.calls + self.messages

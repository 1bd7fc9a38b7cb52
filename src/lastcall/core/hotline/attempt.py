"""The attempt: an agent takes a call-back that was booked, and calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique


@table(
    "hotline",
    references={"callback_id": "closing.Callback", "call_id": "hotline.Call"},
    constraints=(
        unique("attempt_one_at_a_time", "callback_id", where=models.Q(outcome="")),
        unique("attempt_called_once", "callback_id", where=models.Q(outcome="called")),
        unique("attempt_one_per_call", "call_id"),
        holds("attempt_outcome", models.Q(outcome__in=["", "called", "no_answer"])),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Row):
    """``call_id``: the call that it became; ``outcome``: empty while the agent has it, then ``called`` or ``no_answer``."""

    id: int
    callback_id: int
    call_id: int
    agent: str
    taken_at: datetime
    ended_at: datetime | None = None
    outcome: str = ""

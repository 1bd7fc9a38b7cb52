"""An outside effect of the cease: written as an intent before the call, confirmed after the read-back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models

from lastcall.core.rows import Json, Row, holds, table, unique


@table(
    "closing",
    key=("key",),
    references={"case_id": "closing.Case"},
    constraints=(
        unique("effect_one_per_step", "case_id", "step"),
        holds("effect_state", models.Q(state__in=["intended", "done"])),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Effect(Row):
    """``key``: the idempotency key given to the element; ``attempts``: calls begun; ``evidence``: what was read back."""

    key: str
    case_id: int
    step: str
    state: str
    attempts: int
    intended_at: datetime
    done_at: datetime | None = None
    last_error: str = ""
    evidence: Json = field(default_factory=dict)

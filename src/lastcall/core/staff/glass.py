"""The break-glass: in an emergency one member asks for a file, another approves, and afterwards an auditor looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models

from lastcall.core.lifecycle import Table
from lastcall.core.lifecycle import rows as lines
from lastcall.core.rows import Row, holds, table, unique

REASONS: Final = ("danger", "authority", "complaint", "stuck")
VERDICTS: Final = ("right", "avoidable", "wrong")
"""What an auditor finds afterwards: it was right; another way was open; it should not have been."""

GLASS: Final = Table(
    name="break_glass",
    states=("asked", "approved", "refused", "reviewed"),
    start="asked",
    ends=frozenset({"refused", "reviewed"}),
    rows=(
        *lines(
            "asked",
            "approve",
            "approved",
            who="auditor administrator",
            requires="not who asked; asked within the pause",
        ),
        *lines("asked", "refuse", "refused", who="auditor administrator", requires="not who asked"),
        *lines("approved", "review", "reviewed", who="auditor", requires="neither who asked nor who approved"),
    ),
)


@table(
    "staff",
    references={"case_id": "closing.Case", "opening_id": "staff.Opening"},
    constraints=(
        holds("glass_state", models.Q(state__in=GLASS.states)),
        holds("glass_two_people", ~models.Q(decided_by=models.F("asked_by"))),
        unique("glass_asked_once", "case_id", "asked_by", where=models.Q(state="asked")),
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Glass(Row):
    """``asked_by``: a login, ``asked_role`` the role that asks; ``reason``: one of :data:`REASONS`; ``words``: what it is about,
    without personal data; ``until``: the end of the opening, never moved; ``verdict``: one of :data:`VERDICTS`."""

    id: int
    case_id: int
    asked_by: str
    asked_role: str
    asked_door: str
    reason: str
    words: str
    asked_at: datetime
    state: str
    decided_by: str = ""
    decided_at: datetime | None = None
    opening_id: int | None = None
    until: datetime | None = None
    reviewed_by: str = ""
    reviewed_at: datetime | None = None
    verdict: str = ""

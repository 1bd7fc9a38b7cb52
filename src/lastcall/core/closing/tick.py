"""A tick: one task of the list "before you leave" that the subscriber says is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core.rows import Row, table


@table("closing", key=("case_id", "task"), references={"case_id": "closing.Case"})
@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Row):
    """``task``: one of :data:`lastcall.core.closing.preparation.TASKS`, or ``unlink.`` and a service of the pack."""

    case_id: int
    task: str
    done_at: datetime

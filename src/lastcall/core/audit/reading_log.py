"""The log of readings for the auditor: who of the staff looked at what, when and why; a page at a time, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from lastcall.core.audit.event import Event
from lastcall.core.database import DatabaseStore
from lastcall.core.statements import load, statements
from lastcall.core.store import Store

PAGE: Final = 50
# Spelled out as in the partial index on readings, or it could not be used.
_READINGS: Final = "kind IN ('case.read', 'number.read')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which readings: between ``since`` and ``until``; of one ``role``, for one ``reason``, where given; ``before``: the id of the
    last one that was shown."""

    since: datetime | None = None
    until: datetime | None = None
    role: str = ""
    reason: str = ""
    before: int = 0


def readings_log(rows: Store, asked: Asked) -> tuple[list[Event], bool]:
    """The next :data:`PAGE` readings, and whether there are more. They name members and cases by id, never a subscriber."""
    parts: list[tuple[str, Any]] = [(_READINGS, None)]
    parts += [("at >= %s", asked.since)] if asked.since else []
    parts += [("at < %s", asked.until)] if asked.until else []
    parts += [("actor LIKE %s", f"{asked.role}:%")] if asked.role else []
    parts += [("reason = %s", asked.reason)] if asked.reason else []
    parts += [("id < %s", asked.before)] if asked.before else []
    condition = " AND ".join(sql for sql, _ in parts)
    values = [value for _, value in parts if value is not None]
    sql = f"{statements(Event).select}{condition} ORDER BY id DESC LIMIT {PAGE + 1}"
    found = [load(Event, raw) for raw in cast(DatabaseStore, rows).run(sql, values).fetchall()]
    return found[:PAGE], len(found) > PAGE

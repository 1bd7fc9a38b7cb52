"""Who on the staff looked at a subscriber's file: written with every reading, shown to the subscriber."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import BadInput
from lastcall.core.plan import Plan
from lastcall.core.store import Store

KIND: Final = "case.read"
REASONS: Final = (
    "subscriber_present",
    "subscriber_on_the_phone",
    "review",
    "stuck",
    "complaint",
    "audit",
    "command_line",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """``role``: of the member of staff, never their name; ``reason``: one of :data:`REASONS`."""

    at: datetime
    role: str
    reason: str


def note_reading(*, case_id: int, actor: Actor, reason: str) -> Plan:
    """The event of a reading, to be applied before anything is shown. Raises ``BadInput`` (``bad_reason``)."""
    if reason not in REASONS:
        raise BadInput("no such reason to look", code="bad_reason", remedy=f"One of: {', '.join(REASONS)}.")
    event = Event(
        at=clock.now(), kind=KIND, subject="case", subject_id=case_id, case_id=case_id, actor=str(actor), door=actor.door,
        reason=reason,
    )  # fmt: skip
    return Plan(events=(event,))


def readings(rows: Store, *, case_id: int) -> tuple[Reading, ...]:
    """Every reading of the case by staff, newest first."""
    found = rows.some(Event, {"case_id": case_id, "kind": KIND}, order="-id")
    return tuple(Reading(event.at, event.actor.partition(":")[0], event.reason) for event in found)

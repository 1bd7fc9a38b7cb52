"""Who on the staff looked at a subscriber's file or at their number's life: written with every reading, shown to the subscriber."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.errors import BadInput
from lastcall.core.plan import Plan
from lastcall.core.rows import Json
from lastcall.core.store import Store

KIND: Final = "case.read"
NUMBER_KIND: Final = "number.read"
"""A search in the number room, on the number's latest tenure: one event for each search."""
ALONG_KIND: Final = "number.read_along"
"""The same search, on each earlier tenure that it shows."""
REASONS: Final = (
    "subscriber_present",
    "subscriber_on_the_phone",
    "review",
    "papers",
    "stuck",
    "complaint",
    "audit",
    "command_line",
    "danger",
    "authority",
)
NUMBER_REASONS: Final = ("subscribers_request", "complaint", "authority_request", "stuck", "planning", "audit")
"""Why a number's life is looked at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``role``: of the member of staff, never their name; ``reason``: one of :data:`REASONS` or :data:`NUMBER_REASONS`;
    ``ground``: what the reading of a file rested on (``counter``, ``call``, ``break_glass`` …), empty where nothing was needed."""

    at: datetime
    role: str
    reason: str
    ground: str = ""


def note_reading(*, case_id: int, actor: Actor, reason: str, ground: str = "") -> Plan:
    """The event of a reading, to be applied before anything is shown. Raises ``BadInput`` (``bad_reason``)."""
    if reason not in REASONS:
        raise BadInput("no such reason to look", code="bad_reason", remedy=f"One of: {', '.join(REASONS)}.")
    event = Event(
        at=clock.now(), kind=KIND, subject="case", subject_id=case_id, case_id=case_id, actor=str(actor), door=actor.door,
        reason=reason, data={"ground": ground} if ground else {},
    )  # fmt: skip
    return Plan(events=(event,))


def note_number_reading(tenure_ids: Sequence[int], *, actor: Actor, reason: str, data: Json | None = None) -> Plan:
    """The events of looking at a number's life, to be applied before anything is shown. ``tenure_ids``: the latest last.

    A number that was never held has no tenure to name and so no holder to tell: the event then names none. Raises ``BadInput``
    (``bad_reason``).
    """
    if reason not in NUMBER_REASONS:
        raise BadInput("no such reason to look", code="bad_reason", remedy=f"One of: {', '.join(NUMBER_REASONS)}.")
    *earlier, latest = tenure_ids or (0,)
    kinds = [(tenure_id, ALONG_KIND) for tenure_id in earlier] + [(latest, NUMBER_KIND)]
    now = clock.now()
    return Plan(
        events=tuple(
            Event(
                at=now, kind=kind, subject="tenure", subject_id=tenure_id, actor=str(actor), door=actor.door,
                reason=reason, data=data or {},
            )
            for tenure_id, kind in kinds
        )
    )  # fmt: skip


def readings(rows: Store, *, case_id: int) -> tuple[Reading, ...]:
    """Every reading of the case by staff, and of the life of its number as it was this holder's, newest first."""
    found = rows.some(Event, {"case_id": case_id, "kind": KIND})
    case = rows.one(Case, {"id": case_id})
    if case is not None and case.tenure_id is not None:
        of_tenure = {"subject": "tenure", "subject_id": case.tenure_id, "kind__in": (NUMBER_KIND, ALONG_KIND)}
        found += rows.some(Event, of_tenure)
    found.sort(key=lambda event: event.id, reverse=True)
    return tuple(_reading(event) for event in found)


def _reading(event: Event) -> Reading:
    return Reading(event.at, event.actor.partition(":")[0], event.reason, str(event.data.get("ground", "")))

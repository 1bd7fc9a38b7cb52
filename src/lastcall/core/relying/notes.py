"""The events of relying parties: who was registered, changed or ended. Names are organisations'; keys never stand here."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.rows import Json

SUBJECT = "consumer"


def noted(kind: str, *, consumer_id: int, actor: Actor, reason: str = "", data: Json | None = None) -> Event:
    """The event ``consumer.<kind>`` about a consumer."""
    return Event(
        at=clock.now(), kind=f"consumer.{kind}", subject=SUBJECT, subject_id=consumer_id, actor=str(actor),
        door=actor.door, reason=reason, data=data or {},
    )  # fmt: skip

"""What staff tried and were refused is on record."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.plan import Plan
from lastcall.core.store import Store, transaction


@transaction
def note_refusal(rows: Store, *, actor: Actor, right: str, code: str, case_id: int | None = None) -> None:
    """Note that ``actor`` was refused with ``code`` at a page that asks for ``right``."""
    event = Event(
        at=clock.now(), kind="staff.refused", subject="staff", subject_id=0, case_id=case_id, actor=str(actor),
        door=actor.door, reason=code, data={"right": right} if right else {},
    )  # fmt: skip
    rows.apply(Plan(events=(event,)))

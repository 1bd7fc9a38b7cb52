"""The events of the staff's own life: who came, signed in, was locked out or left. Logins and roles only, no secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from lastcall.core.actor import STRANGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.rows import Json

SUBJECT: Final = "staff"
AT_THE_DESK: Final = Actor(STRANGER, "-", "desk")
"""Whoever has not shown yet who they are."""


def noted(
    kind: str, *, member_id: int, actor: Actor, now: datetime, reason: str = "", source: str = "", target: str = "",
    data: Json | None = None,
) -> Event:  # fmt: skip
    """The event ``staff.<kind>`` about a member; ``member_id`` 0 where nobody is known by the login."""
    return Event(
        at=now, kind=f"staff.{kind}", subject=SUBJECT, subject_id=member_id, actor=str(actor), door=actor.door,
        reason=reason, source=source, target=target, data=data or {},
    )  # fmt: skip

"""The sign-in: one member at one device for a while, and why it ended. The session itself is kept by the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Row, table


@table(
    "staff",
    references={"member_id": "staff.Member"},
    indexes=(models.Index(fields=["member_id"], name="sign_in_open", condition=models.Q(ended_at__isnull=True)),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn(Row):
    """``how``: the factors that were shown, words among ``password``, ``totp``, ``passkey``, ``recovery``, ``sso``, ``sso_mfa``;
    ``complete``: whether they are enough; ``seen_at``: to the minute; ``ended_because``: ``self``, ``everywhere``, ``left``,
    ``reset``, ``silence`` or ``too_long``."""

    id: int
    member_id: int
    how: str
    complete: bool
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    ended_because: str = ""


def over(found: SignIn, *, now: datetime, policy: Policy) -> str:
    """Why this sign-in does not hold any more, empty while it does (policy ``staff.session_hours``, ``staff.silence_minutes``)."""
    if found.ended_at is not None:
        return found.ended_because
    if now - found.began_at >= timedelta(hours=policy.staff_session_hours):
        return "too_long"
    return "silence" if now - found.seen_at >= timedelta(minutes=policy.staff_silence_minutes) else ""

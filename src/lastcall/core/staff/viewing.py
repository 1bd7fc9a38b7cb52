"""Unusual viewing: more files than any work asks for, or far more than this member's own work does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from statistics import fmean, pstdev
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.errors import NotFound, Refused
from lastcall.core.job import Alert
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.staff.member import Member
from lastcall.core.staff.notes import noted
from lastcall.core.staff.rights import RIGHTS
from lastcall.core.store import Store, transaction

HOUR: Final = timedelta(hours=1)
BACK: Final = timedelta(days=30)
FEWEST_HOURS: Final = 10
"""Hours with any viewing that a member must have behind them before they are compared with themselves."""
SIGMAS: Final = 3
CODE: Final = "staff.unusual_viewing"

Seen = tuple[datetime, int]
"""When a file was opened, and which case."""


def unusual(views: int, *, before: Sequence[int], limit: int) -> str:
    """Why ``views`` files within an hour are unusual, empty where they are not.

    ``before``: the files of each hour with any in the last 30 days; ``limit``: policy ``staff.views_per_hour``. A quarter of the
    limit is never too much: who opens one file an hour may once open three.
    """
    if views > limit:
        return "over_limit"
    if len(before) < FEWEST_HOURS or views * 4 <= limit:
        return ""
    return "far_above_own" if views > fmean(before) + SIGMAS * pstdev(before) else ""


def by_hour(seen: Iterable[Seen], *, now: datetime) -> tuple[int, tuple[int, ...]]:
    """How many different files were opened in the hour before ``now``, and in each earlier hour that has any."""
    hours = Counter(hour for hour, _ in {((now - at) // HOUR, case_id) for at, case_id in seen})
    return hours.pop(0, 0), tuple(hours.values())


def alarm(rows: Store, *, actor: Actor, lately: Collection[Seen], before: Iterable[Seen], limit: int) -> Plan:
    """The plan that tells the auditor of unusual viewing, once an hour; empty where all is as usual. It blocks nobody.

    ``lately``: what was opened within the hour; ``before``: within the last 30 days, asked for only where it counts.
    """
    now = clock.now()
    views = by_hour(lately, now=now)[0]
    if views * 4 <= limit:
        return Plan()
    why = unusual(views, before=by_hour(before, now=now)[1], limit=limit)
    member = rows.one(Member, {"login": actor.name}) if why else None
    if member is None or _told(rows, member, now):
        return Plan()
    alert = Alert(id=clock.new_id(), at=now, code=CODE, subject_id=member.id, job_id=0, detail=f"{why}: {views}")
    event = noted(
        "unusual_viewing", member_id=member.id, actor=actor, now=now, reason=why, data={"files": views}
    )  # fmt: skip
    return Plan((Insert(alert),), (event,))


def _told(rows: Store, member: Member, now: datetime) -> bool:
    told = rows.some(Alert, {"code": CODE, "subject_id": member.id, "at__gt": now - HOUR})
    return bool(told)


@transaction
def settle(rows: Store, *, alert_id: int, actor: Actor) -> None:
    """The auditor looked into unusual viewing. Looked at is looked at: the same again does nothing.

    Raises ``Refused`` (``no_right``, ``own_viewing``), ``NotFound``.
    """
    if actor.role not in RIGHTS["log.read"].roles:
        raise Refused("the right log.read is not yours", code="no_right", remedy="Ask an auditor.")
    alert = rows.one(Alert, {"id": alert_id, "code": CODE})
    if alert is None:
        raise NotFound("no such alert", remedy="See the list of alerts.")
    member = rows.one(Member, {"id": alert.subject_id, "login": actor.name})
    if member is not None:
        raise Refused("this is about yourself", code="own_viewing", remedy="Another auditor looks into it.")
    if alert.resolved_at is None:
        now = clock.now()
        seen = Change(Alert, {"id": alert.id, "resolved_at": None}, {"resolved_at": now, "resolved_by": str(actor)})
        event = noted("viewing_looked_at", member_id=alert.subject_id, actor=actor, now=now)
        rows.apply(Plan((seen,), (event,)))

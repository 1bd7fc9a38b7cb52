"""The one way a case changes: a guarded update to the next revision, plus one event, in one plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, Plan, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json

T = TypeVar("T")


def move(
    case: Case,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    data: Json | None = None,
    **values: Any,
) -> Plan:
    """Take ``action``: the state follows from the lifecycle, ``values`` are set with it, the event tells of it.

    Raises ``NotAllowed`` with what is possible instead. An end sets ``ended_at`` and ``ended_reason``, and has the photo of a
    document destroyed, if there is one: at once, or after policy ``retention.photo_appeal_hours`` when a person rejected.
    """
    target = CASE.move(case.state, action, role=actor.role)
    if target in CASE.ends:
        values |= {"ended_at": now, "ended_reason": reason}
    values |= {"state": target, "revision": case.revision + 1}
    event = Event(
        at=now, kind=f"case.{action}", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
        door=actor.door, reason=reason, source=case.state, target=target, data=data or {},
    )  # fmt: skip
    where = {"id": case.id, "revision": case.revision, "state": case.state}
    writes: tuple[Write, ...] = (Change(Case, where, values),)
    if target in CASE.ends and case.photo:
        hours = Policy.from_json(case.policy).retention_photo_appeal_hours if target == "rejected" else 0
        writes += (job("photo.destroy", case.id, due_at=now + timedelta(hours=hours), about="ended"),)
    return Plan(writes, (event,))


def remark(case: Case, action: str, *, actor: Actor, now: datetime, **values: Any) -> Plan:
    """Note something on a case whose lifecycle is over: its state stays, the event tells of it."""
    event = Event(
        at=now, kind=f"case.{action}", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
        door=actor.door, source=case.state, target=case.state,
    )  # fmt: skip
    where = {"id": case.id, "revision": case.revision, "state": case.state}
    return Plan((Change(Case, where, values | {"revision": case.revision + 1}),), (event,))


def after(case: Case, plan: Plan) -> Case:
    """The case as it is once ``plan`` is written."""
    for write in plan.writes:
        if isinstance(write, Change) and write.kind is Case:
            case = replace(case, **write.values)
    return case


def job(kind: str, subject_id: int, *, due_at: datetime, about: str = "") -> Insert:
    """Durable work to be done from ``due_at`` on, written with what makes it necessary."""
    return Insert(Job(id=clock.new_id(), kind=kind, subject_id=subject_id, about=about, state="queued", due_at=due_at))


def try_again(work: Callable[[], T], *, times: int = 3) -> T:
    """What ``work`` gives; when somebody else was quicker it reads and decides once more. Raises the last ``Conflict``."""
    for _ in range(times - 1):
        try:
            return work()
        except Conflict:
            continue
    return work()

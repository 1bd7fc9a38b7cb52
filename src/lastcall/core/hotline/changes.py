"""The one way a call changes: a guarded update to the next revision, plus one event, in one plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.lifecycle import CALL
from lastcall.core.plan import Change, Plan
from lastcall.core.rows import Json
from lastcall.core.store import Store


def read_call(rows: Store, call_id: int) -> Call:
    """The call. Raises ``NotFound``."""
    call = rows.one(Call, {"id": call_id})
    if call is None:
        raise NotFound("no such call", remedy="Look at the list of calls again.")
    return call


def move(
    call: Call, action: str, *, actor: Actor, now: datetime, reason: str = "", data: Json | None = None, **values: Any
) -> Plan:
    """Take ``action``: the state follows from the lifecycle, ``values`` are set with it, the event tells of it.

    An end sets ``over_at``. Raises ``NotAllowed`` with what is possible instead.
    """
    target = CALL.move(call.state, action, role=actor.role)
    if target in CALL.ends:
        values |= {"over_at": now}
    values |= {"state": target, "revision": call.revision + 1}
    event = Event(
        at=now, kind=f"call.{action}", subject="call", subject_id=call.id, case_id=values.get("case_id", call.case_id),
        actor=str(actor), door=actor.door, reason=reason, source=call.state, target=target, data=data or {},
    )  # fmt: skip
    where = {"id": call.id, "revision": call.revision, "state": call.state}
    return Plan((Change(Call, where, values),), (event,))


def after(call: Call, plan: Plan) -> Call:
    """The call as it is once ``plan`` is written."""
    for write in plan.writes:
        if isinstance(write, Change) and write.kind is Call:
            call = replace(call, **write.values)
    return call

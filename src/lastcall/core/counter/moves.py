"""The one way a ticket changes: a guarded change of state, the period that ends, the one that begins, and one event."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from lastcall.core import clock
from lastcall.core.actor import WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.counter.lifecycle import TICKET
from lastcall.core.counter.period import KINDS, Period
from lastcall.core.counter.sitting import Sitting
from lastcall.core.counter.ticket import Ticket
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.rows import Json
from lastcall.core.staff.opening import close_ground
from lastcall.core.store import Store

GROUND = "counter"
"""The ground of openings (``core/staff/opening.py``) that rest on a ticket."""


def today() -> date:
    """The day it is on the operator's clocks (setting ``LASTCALL_TIME_ZONE``)."""
    return clock.now().astimezone(timezone.get_default_timezone()).date()


def move(rows: Store, ticket: Ticket, action: str, *, actor: Actor, data: Json | None = None, **values: Any) -> Plan:
    """Take ``action`` on the ticket; ``values`` are set with it. Raises ``NotAllowed`` with what is possible instead."""
    target, now = TICKET.move(ticket.state, action, role=actor.role), clock.now()
    values |= {"state": target}
    if target in TICKET.ends:
        values |= {"ended_at": now}
    # The moment of the call tells two calls of one ticket apart.
    where = {"id": ticket.id, "state": ticket.state, "clerk": ticket.clerk, "called_at": ticket.called_at}
    event = Event(
        at=now, kind=f"ticket.{action}", subject="ticket", subject_id=ticket.id, actor=str(actor), door=actor.door,
        source=ticket.state, target=target, data=data or {},
    )  # fmt: skip
    plan = Plan((Change(Ticket, where, values),), (event,))
    return plan + _periods(rows, ticket, replace(ticket, **values), now)


def _periods(rows: Store, before: Ticket, after: Ticket, now: datetime) -> Plan:
    if before.state == after.state:
        return Plan()
    standing = rows.one(Period, {"ticket_id": before.id, "until": None})
    ended = (Change(Period, {"id": standing.id, "until": None}, {"until": now}),) if standing else ()
    begun = (Insert(period(after, now)),) if after.state in KINDS else ()
    return Plan(ended + begun)


def period(ticket: Ticket, now: datetime) -> Period:
    """The period that begins now with the ticket's state."""
    return Period(
        id=clock.new_id(), ticket_id=ticket.id, shop_id=ticket.shop_id, kind=ticket.state, purpose=ticket.purpose,
        clerk=ticket.clerk, since=now,
    )  # fmt: skip


def end_days(rows: Store, shop_id: int) -> None:
    """End what earlier days left standing in a shop: tickets, sittings, and openings that rest on them."""
    day, now = today(), clock.now()
    stale = rows.some(Ticket, {"shop_id": shop_id, "state__in": KINDS, "day__lt": day}, order="id")
    for ticket in stale:
        gone: dict[str, Any] = {} if ticket.state == "serving" else {"clerk": ""}
        rows.apply(move(rows, ticket, "end_day", actor=WORKER, **gone))
        rows.apply(close_ground(rows, ground=GROUND, ground_id=ticket.id))
    for sitting in rows.some(Sitting, {"shop_id": shop_id, "until": None, "day__lt": day}):
        rows.apply(Plan((Change(Sitting, {"id": sitting.id, "until": None}, {"until": now}),)))

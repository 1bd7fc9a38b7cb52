"""Keeping an available number for one order, and letting it go."""

from __future__ import annotations

from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers.life import claim_life, read_life
from lastcall.core.numbers.lifecycle import NUMBER
from lastcall.core.numbers.number import Reservation
from lastcall.core.plan import Insert, Plan, Remove
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import aware


@transaction
def reserve(rows: Store, *, msisdn: int, purpose: str, until: datetime, actor: Actor) -> Reservation:
    """Keep the number for ``purpose`` (an order's reference) until then (aware).

    Raises ``NotAllowed``, ``Refused`` (``not_in_range``), ``BadInput`` (``naive_moment``, ``end_in_the_past``).
    """
    life, now = claim_life(rows, msisdn), clock.now()
    if aware(until) <= now:
        raise BadInput("the reservation ends in the past", code="end_in_the_past", remedy="Give a later moment.")
    if not life.in_range:
        raise Refused("this number is in no range of ours", code="not_in_range", remedy="Check the number.")
    NUMBER.move(life.state, "reserve", role=actor.role)
    reservation = Reservation(msisdn=msisdn, until=until, purpose=purpose)
    rows.apply(
        Plan(
            (Insert(reservation),),
            (_event("number.reserved", actor, now),),
        )
    )
    return reservation


@transaction
def unreserve(rows: Store, *, msisdn: int, purpose: str, actor: Actor) -> None:
    """Let a reservation go. Raises ``Conflict`` when it is not there or another order's."""
    life = read_life(rows, msisdn)
    NUMBER.move(life.state, "unreserve", role=actor.role)
    plan = Plan((Remove(Reservation, {"msisdn": msisdn, "purpose": purpose}),))
    rows.apply(plan + Plan(events=(_event("number.unreserved", actor, clock.now()),)))


def _event(kind: str, actor: Actor, now: datetime) -> Event:
    # A number without a tenure has no id of its own to name, and events hold no number.
    return Event(at=now, kind=kind, subject="reservation", subject_id=0, actor=str(actor), door=actor.door)

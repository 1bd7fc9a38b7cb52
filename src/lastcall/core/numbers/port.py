"""Numbers that leave for another operator, come back, or are given back to the regulator."""

from __future__ import annotations

from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound, Refused
from lastcall.core.numbers import rules
from lastcall.core.numbers.life import claim_life, read_life
from lastcall.core.numbers.lifecycle import NUMBER, SIM
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.line import Line


@transaction
def order_port_out(rows: Store, *, line_id: int, actor: Actor) -> None:
    """The new operator has asked for the number: from now on nothing else may end the line.

    Raises ``Conflict`` when one is open or the line has ended, ``Refused`` (``being_closed``) when its cease has begun,
    ``NotAllowed`` for a role that may not port.
    """
    NUMBER.move("in_service", "port_out", role=actor.role)
    if rows.one(Line, {"id": line_id, "closed_at": None, "ceasing_at__ne": None}) is not None:
        raise Refused(
            "the line is being switched off", code="being_closed", remedy="Ask for the number back, then port it."
        )
    now, free = clock.now(), {"port_out_at": None, "closed_at": None, "ceasing_at": None}
    order = Change(Line, {"id": line_id} | free, {"port_out_at": now})
    rows.apply(Plan((order,), (_line_event("port_out_ordered", line_id, actor, now),)))


@transaction
def cancel_port_out(rows: Store, *, line_id: int, actor: Actor) -> None:
    """The port-out order was called off. Raises ``Conflict`` when there is none, ``NotAllowed``."""
    NUMBER.move("in_service", "port_out", role=actor.role)
    now = clock.now()
    ordered = {"id": line_id, "port_out_at__ne": None, "closed_at": None}
    rows.apply(
        Plan(
            (Change(Line, ordered, {"port_out_at": None}),),
            (_line_event("port_out_cancelled", line_id, actor, now),),
        )
    )


def _line_event(kind: str, line_id: int, actor: Actor, now: datetime, reason: str = "") -> Event:
    return Event(
        at=now,
        kind=f"line.{kind}",
        subject="line",
        subject_id=line_id,
        actor=str(actor),
        door=actor.door,
        reason=reason,
    )


@transaction
def port_out(rows: Store, *, line_id: int, actor: Actor) -> None:
    """The transfer has happened: tenure and line end, the SIM is dead, the number is absent. Needs an open order."""
    line = rows.one(Line, {"id": line_id})
    if line is None:
        raise NotFound("no such line", remedy="Check its id.")
    if line.port_out_at is None or line.closed_at is not None:
        raise Refused("there is no open port-out order", code="no_port_out_order", remedy="Enter the order first.")
    tenure, sim = rows.one(Tenure, {"id": line.tenure_id}), rows.one(Sim, {"id": line.sim_id})
    assert tenure is not None and sim is not None
    now = clock.now()
    plan = rules.port_out(read_life(rows, tenure.msisdn), tenure=tenure, actor=actor, now=now)
    rows.apply(plan + _end_line(line, sim, actor, now))


def _end_line(line: Line, sim: Sim, actor: Actor, now: datetime) -> Plan:
    dead = SIM.move(sim.state, "port_out", role=actor.role)
    return Plan(
        (
            Change(Line, {"id": line.id, "closed_at": None}, {"closed_at": now}),
            Change(Sim, {"id": sim.id, "state": sim.state}, {"state": dead, "dead_since": now}),
        ),
        (
            rules.sim_event("ported_out", sim, actor, now, target=dead),
            _line_event("closed", line.id, actor, now, reason="ported_out"),
        ),
    )


@transaction
def give_back(rows: Store, *, msisdn: int, policy: Policy, actor: Actor) -> None:
    """A ported number has come back: it rests in quarantine."""
    rows.apply(rules.give_back(read_life(rows, msisdn), policy=policy, actor=actor, now=clock.now()))


@transaction
def withdraw(rows: Store, *, msisdn: int, actor: Actor) -> None:
    """Give the number back to the regulator."""
    rows.apply(rules.withdraw(claim_life(rows, msisdn), actor=actor, now=clock.now()))

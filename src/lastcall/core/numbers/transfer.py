"""A line goes over to another subscriber who keeps the number: one tenure ends in the moment in which the next begins.

Nothing rests, for nobody left the number. The new holder gets a new SIM from stock, since no SIM is ever issued twice.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job
from lastcall.core.errors import ElementTrouble, NotFound, Refused
from lastcall.core.numbers import rules
from lastcall.core.numbers.assign import Terms, open_line
from lastcall.core.numbers.iccid import parse_iccid
from lastcall.core.numbers.life import claim_life, sim_by_iccid
from lastcall.core.numbers.lifecycle import NUMBER, SIM
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.ports import Hlr
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Subscriber

_HINDRANCES = (
    ("closed_at", "line_ended", "the line has ended", "Open the number's present line."),
    ("locked_at", "line_locked", "the line is locked", "Its holder takes the lock off first."),
    ("legal_hold_at", "legal_hold", "the line is under a legal hold", "The hold is lifted first."),
    ("port_out_at", "port_out_ordered", "the number is going to another operator", "The order is called off first."),
    ("ceasing_at", "being_closed", "the line is being switched off", "It cannot be kept any more."),
)


@transaction
def transfer(
    rows: Store, *, line_id: int, to_subscriber_id: int, iccid: str, actor: Actor, terms: Terms | None = None
) -> Line:
    """Give the line's number to another subscriber on a SIM from stock, in this moment; returns the new line.

    Raises ``NotFound`` (line, subscriber, SIM), ``NotAllowed`` for another role, ``Refused``: ``line_ended``, ``line_locked``,
    ``legal_hold``, ``port_out_ordered``, ``being_closed``, ``case_open``, ``same_subscriber``; ``Conflict`` when something of
    that came up in this very moment.
    """
    NUMBER.move("in_service", "transfer", role=actor.role)
    line, tenure = _free_line(rows, line_id)
    if rows.one(Subscriber, {"id": to_subscriber_id}) is None:
        raise NotFound("no such subscriber", remedy="Open their file first.")
    old, now = rows.one(Sim, {"id": line.sim_id}), clock.now()
    assert old is not None
    following, plan = rules.transfer(
        claim_life(rows, tenure.msisdn), tenure=tenure, subscriber_id=to_subscriber_id, actor=actor, now=now
    )
    card = sim_by_iccid(rows, parse_iccid(iccid))
    taken_over, opening = open_line(tenure=following, sim=card, terms=terms or Terms(), actor=actor, now=now)
    rows.apply(
        _ended(line, old, actor, now) + plan + rules.activate_sim(card, actor=actor, now=now)
        + _marked(opening, taken_over, now) + Plan(tuple(_outside(taken_over, now)))
    )  # fmt: skip
    return replace(taken_over, title_changed_at=now)


def _free_line(rows: Store, line_id: int) -> tuple[Line, Tenure]:
    """The line and its tenure, if nothing forbids that somebody else takes it over."""
    line = rows.one(Line, {"id": line_id})
    tenure = rows.one(Tenure, {"id": line.tenure_id}) if line is not None else None
    if line is None or tenure is None:
        raise NotFound("no such line", remedy="Check its id.")
    for column, code, message, remedy in _HINDRANCES:
        if getattr(line, column) is not None:
            raise Refused(message, code=code, remedy=remedy)
    if rows.one(Case, {"line_id": line.id, "ended_at": None}) is not None:
        raise Refused("the line is being closed", code="case_open", remedy="The declaration is taken back first.")
    return line, tenure


def _ended(line: Line, sim: Sim, actor: Actor, now: datetime) -> Plan:
    """The old line and its SIM, under the guard that nothing has come up that forbids it."""
    dead = SIM.move(sim.state, "transfer", role=actor.role)
    free = dict.fromkeys(column for column, *_ in _HINDRANCES)
    closed = Event(
        at=now, kind="line.closed", subject="line", subject_id=line.id, actor=str(actor), door=actor.door,
        reason="transferred",
    )  # fmt: skip
    return Plan(
        (
            Change(Line, {"id": line.id} | free, {"closed_at": now}),
            Change(Sim, {"id": sim.id, "state": sim.state}, {"state": dead, "dead_since": now}),
        ),
        (rules.sim_event("transferred", sim, actor, now, target=dead), closed),
    )


def _marked(opening: Plan, line: Line, now: datetime) -> Plan:
    """The same opening, of a line that was taken over from somebody else: changes of title hold a closing up."""
    writes = tuple(
        Insert(replace(line, title_changed_at=now)) if isinstance(write, Insert) and write.row == line else write
        for write in opening.writes
    )
    return Plan(writes, opening.events)


def _outside(line: Line, now: datetime) -> tuple[Insert, ...]:
    return tuple(job(kind, line.id, due_at=now) for kind in ("billing.open", "hlr.provision"))


def former_imsi(rows: Store, tenure: Tenure) -> str | None:
    """The IMSI that had the number until ``tenure`` took it over; None when it was not taken over."""
    before = rows.one(Tenure, {"msisdn": tenure.msisdn, "ordinal": tenure.ordinal - 1, "ending": "transferred"})
    line = rows.one(Line, {"tenure_id": before.id}) if before is not None else None
    sim = rows.one(Sim, {"id": line.sim_id, "state": "dead"}) if line is not None else None
    return sim.imsi if sim is not None else None


def take_off(hlr: Hlr, imsi: str) -> None:
    """Take the former holder's dead SIM out of the HLR: barred, its number off, its entry deleted. Safe to repeat.

    Raises ``ElementTrouble``; temporary ``not_done`` when the HLR said yes and the read-back says no.
    """
    entry = hlr.look(imsi)
    if entry is not None and entry.in_service:
        hlr.bar(imsi)
        entry = hlr.look(imsi)
        if entry is not None and entry.in_service:
            raise _not_done("it is still in service")
    if entry is not None and entry.msisdn is not None:
        hlr.take_number_off(imsi)
    hlr.remove(imsi)
    if hlr.look(imsi) is not None:
        raise _not_done("its entry is still there")


def _not_done(what: str) -> ElementTrouble:
    return ElementTrouble(
        f"the former SIM was ordered off the HLR, but {what}", permanent=False, code="not_done",
        remedy="Nothing: it is tried again.",
    )  # fmt: skip

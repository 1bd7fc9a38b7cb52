"""What the subscriber gives besides identity: the SIM, a signature, papers, where the refund shall go."""

from __future__ import annotations

from typing import Any

from lastcall.core import clock
from lastcall.core.actor import REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.declare import known_papers
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers.iccid import parse_iccid
from lastcall.core.numbers.sim import Sim
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.line import Line

_CUSTODIES = ("subscriber", "collected", "destroyed")


def _prove(rows: Store, case: Case, actor: Actor, given: str, *, action: str = "prove", **values: Any) -> Case:
    now = clock.now()
    plan = move(case, action, actor=actor, now=now, data={"given": given}, **values)
    again = job("case.advance", case.id, due_at=now, about=f"revision {case.revision + 1}")
    rows.apply(plan + Plan((again,)))
    return after(case, plan)


def taking_in(actor: Actor) -> str:
    """The action by which papers come to a case: a reviewer takes them in, and proves nobody's identity."""
    return "take_in" if actor.role == REVIEWER else "prove"


@transaction
def declare_sim(
    rows: Store, *, case_id: int, custody: str, actor: Actor, pin_removed: bool = False, iccid: str = ""
) -> Case:
    """Say what becomes of the SIM: ``subscriber`` keeps it, it is ``collected``, or it was ``destroyed``.

    Collecting and destroying are acts of staff, on the line's own card: ``iccid`` is compared with it.
    Raises ``BadInput`` (``bad_custody``, ``bad_iccid``), ``Refused`` (``not_this_card``, ``not_staff``).
    """
    if custody not in _CUSTODIES:
        raise BadInput(f"no such custody: {custody}", code="bad_custody", remedy=f"One of: {', '.join(_CUSTODIES)}.")
    case = read_case(rows, case_id)
    if custody != "subscriber":
        _take_card(rows, case, custody, actor, iccid)
    return _prove(rows, case, actor, f"sim {custody}", sim_custody=custody, sim_pin_removed=pin_removed)


def _take_card(rows: Store, case: Case, custody: str, actor: Actor, iccid: str) -> None:
    if not actor.is_staff:
        raise Refused("only staff take a card in", code="not_staff", remedy="Keep the card, or bring it to a shop.")
    line = rows.one(Line, {"id": case.line_id}) if case.line_id else None
    sim = rows.one(Sim, {"id": line.sim_id}) if line else None
    if sim is None or sim.iccid != parse_iccid(iccid):
        raise Refused(
            "this is not the card of the line", code="not_this_card", remedy="Read the ICCID from the card again."
        )
    now = clock.now()
    record = {"destroyed_at": now, "destroyed_by": str(actor)} if custody == "destroyed" else {}
    event = Event(
        at=now,
        kind=f"sim.{custody}",
        subject="sim",
        subject_id=sim.id,
        case_id=case.id,
        actor=str(actor),
        door=actor.door,
    )
    rows.apply(Plan((Change(Sim, {"id": sim.id, "state": sim.state}, {"custody": custody} | record),), (event,)))


def note_pin_removed(rows: Store, *, case_id: int, actor: Actor) -> None:
    """The PIN was seen to be off; who takes the card in, and when, is said later. Where nothing can be given to the case any more,
    nothing changes."""
    case = read_case(rows, case_id)
    if not case.sim_pin_removed and "prove" in CASE.possible(case.state, actor.role):
        _prove(rows, case, actor, "sim pin", sim_pin_removed=True)


@transaction
def sign(rows: Store, *, case_id: int, actor: Actor) -> Case:
    """The declaration was signed (on paper received, or electronically): the legal act is complete."""
    case = read_case(rows, case_id)
    return _prove(rows, case, actor, "signature", action=taking_in(actor), signed_at=clock.now())


@transaction
def bring_papers(rows: Store, *, case_id: int, representative_id: int, actor: Actor) -> Case:
    """A representative's papers were put on file for this case. Raises ``Refused`` (``not_staff``), ``BadInput``
    (``no_such_papers``)."""
    if not actor.is_staff:
        raise Refused("only staff put papers on file", code="not_staff", remedy="Send them by post or bring them.")
    known_papers(rows, representative_id)
    return _prove(
        rows,
        read_case(rows, case_id),
        actor,
        "papers",
        action=taking_in(actor),
        representative_id=representative_id,
        declared_by="representative",
    )


@transaction
def choose_refund(rows: Store, *, case_id: int, method: str, actor: Actor) -> Case:
    """Where the refund shall go: one of policy ``refund.methods``. Raises ``BadInput`` (``bad_refund_method``)."""
    case = read_case(rows, case_id)
    methods = Policy.from_json(case.policy).refund_methods
    if method not in methods:
        raise BadInput(
            f"no such refund method: {method}", code="bad_refund_method", remedy=f"One of: {', '.join(methods)}."
        )
    return _prove(rows, case, actor, "refund method", refund_target=method)

"""Beginning a line: a number and a SIM from stock for a subscriber, with the terms agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound
from lastcall.core.numbers import rules
from lastcall.core.numbers.iccid import parse_iccid, parse_imsi
from lastcall.core.numbers.life import claim_life, sim_by_iccid
from lastcall.core.numbers.lifecycle import SIM
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.sim import FORMS, Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.file import line_contact
from lastcall.core.subscribers.inputs import one_of
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Subscriber


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the agreement says about leaving. Money in minor units of ``currency``; days are calendar days."""

    plan: str = "prepaid"
    currency: str = "RUB"
    commitment_until: date | None = None
    early_termination_fee: int = 0
    instalments_left: int = 0
    premium_number_fee: int = 0
    late_usage_hold_days: int = 0
    depends_on_id: int | None = None


@transaction
def stock_sim(rows: Store, *, iccid: str, imsi: str, actor: Actor, form: str = "card") -> Sim:
    """Take a new SIM into stock. ``form``: ``card`` or ``esim``. Raises ``BadInput``; ``Conflict`` when it is known.

    Raises ``NotAllowed`` for a role that may not put a SIM into service either.
    """
    SIM.move("in_stock", "activate", role=actor.role)
    sim = Sim(
        id=clock.new_id(), iccid=parse_iccid(iccid), imsi=parse_imsi(imsi), form=one_of("form", form, FORMS), state="in_stock",
        custody="operator",
    )  # fmt: skip
    event = Event(
        at=clock.now(), kind="sim.stocked", subject="sim", subject_id=sim.id, actor=str(actor), door=actor.door,
        target="in_stock",
    )  # fmt: skip
    rows.apply(Plan((Insert(sim),), (event,)))
    return sim


@transaction
def assign(
    rows: Store,
    *,
    msisdn: int,
    iccid: str,
    subscriber_id: int,
    actor: Actor,
    terms: Terms | None = None,
    purpose: str = "",
) -> Line:
    """Open a line. Raises ``NotAllowed`` / ``Refused`` with the reason, ``Conflict`` when another won the race."""
    if rows.one(Subscriber, {"id": subscriber_id}) is None:
        raise NotFound("no such subscriber", remedy="Open their file first.")
    now = clock.now()
    tenure, plan = rules.assign(
        claim_life(rows, msisdn), subscriber_id=subscriber_id, purpose=purpose, actor=actor, now=now
    )
    sim = sim_by_iccid(rows, parse_iccid(iccid))
    plan += rules.activate_sim(sim, actor=actor, now=now)
    line, opening = open_line(tenure=tenure, sim=sim, terms=terms or Terms(), actor=actor, now=now)
    rows.apply(plan + opening)
    return line


def open_line(*, tenure: Tenure, sim: Sim, terms: Terms, actor: Actor, now: datetime) -> tuple[Line, Plan]:
    """The line of a tenure that begins, and its own number as a contact on file from this moment."""
    line = Line(
        id=clock.new_id(), subscriber_id=tenure.subscriber_id, tenure_id=tenure.id, sim_id=sim.id, opened_at=now,
        sim_since=now, plan=terms.plan, currency=terms.currency, commitment_until=terms.commitment_until,
        early_termination_fee=terms.early_termination_fee, instalments_left=terms.instalments_left,
        premium_number_fee=terms.premium_number_fee, late_usage_hold_days=terms.late_usage_hold_days,
        depends_on_id=terms.depends_on_id,
    )  # fmt: skip
    event = Event(
        at=now, kind="line.opened", subject="line", subject_id=line.id, actor=str(actor), door=actor.door,
        data={"tenure": tenure.id, "sim": sim.id},
    )  # fmt: skip
    contact = line_contact(line, address=format_msisdn(tenure.msisdn).replace(" ", "").replace("-", ""), now=now)
    return line, Plan((Insert(line), Insert(contact)), (event,))

"""Having the same number back: a new tenure for its former holder, inside the window, on a new SIM."""

from __future__ import annotations

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.closing.changes import job
from lastcall.core.closing.checks import FAILED
from lastcall.core.closing.checks.reactivation import limit, self_ban
from lastcall.core.closing.facts import read_case
from lastcall.core.errors import Refused
from lastcall.core.numbers import rules
from lastcall.core.numbers.assign import Terms, open_line
from lastcall.core.numbers.iccid import parse_iccid
from lastcall.core.numbers.life import latest_tenure, read_life, sim_by_iccid
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.numbers.transfer import former_imsi, take_off
from lastcall.core.plan import Change, InsertMissing, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing, Hlr
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import document_key, valid_document_keys
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Subscriber


def reactivate(
    database: Database,
    *,
    case_id: int,
    document: tuple[str, str, str],
    iccid: str,
    actor: Actor,
    approver: str = "",
    terms: Terms | None = None,
) -> Line:
    """Give the number of a closed case back. ``document``: (kind, issuer, number) as shown by the former holder now.

    Giving somebody a SIM for a number is as grave as a SIM swap, so a second person approves where policy
    ``reactivation.four_eyes`` asks. Raises ``Refused`` with its reason: ``someone_elses_number``, ``window_over``,
    ``not_the_former_holder``, ``over_limit``, ``self_ban``, ``four_eyes``.
    """
    offered = document_key(*document)
    return database.transact(lambda rows: _reactivate(rows, case_id, offered, iccid, actor, approver, terms))


def _reactivate(
    rows: Store, case_id: int, offered: str, iccid: str, actor: Actor, approver: str, terms: Terms | None
) -> Line:
    case, now = read_case(rows, case_id), clock.now()
    policy = Policy.from_json(case.policy)
    if not actor.is_staff or (policy.reactivation_four_eyes and approver in {"", actor.name}):
        raise Refused(
            "giving a number back takes two people", code="four_eyes", remedy="Name a second person as approver."
        )
    if case.state != "closed":
        raise Refused("this case has not closed a line", code="not_closed", remedy="There is nothing to give back.")
    former = rows.one(Tenure, {"id": case.tenure_id})
    assert former is not None
    holder = _who(rows, former, offered)
    tenure, plan = rules.reactivate(
        read_life(rows, former.msisdn), former=former, subscriber_id=holder.id, actor=actor, now=now, approver=approver
    )
    _new_agreement(rows, holder, policy)
    sim = sim_by_iccid(rows, parse_iccid(iccid))
    plan += rules.activate_sim(sim, actor=actor, now=now)
    line, opening = open_line(tenure=tenure, sim=sim, terms=terms or Terms(), actor=actor, now=now)
    begun = tuple(job(kind, line.id, due_at=now) for kind in ("billing.open", "hlr.provision"))
    rows.apply(plan + opening + Plan(begun))
    return line


def _who(rows: Store, former: Tenure, offered: str) -> Subscriber:
    """The former holder, if that is whose document was shown; else somebody else, and the number is not theirs."""
    if not any(keyed.same(key, offered) for key in valid_document_keys(rows, former.subscriber_id)):
        raise Refused(
            "only the former holder may have it back", code="not_the_former_holder", remedy="Choose another number."
        )
    holder = rows.one(Subscriber, {"id": former.subscriber_id})
    assert holder is not None
    return holder


def _new_agreement(rows: Store, holder: Subscriber, policy: Policy) -> None:
    # Taken first, so that two at once do not each count without the other.
    rows.apply(Plan((Change(Subscriber, {"id": holder.id}, {"id": holder.id}),)))
    here = rows.count(Tenure, {"subscriber_id": holder.id, "until": None})
    for result in (limit(holder, policy, numbers_here=here), self_ban(holder, policy)):
        if result.outcome == FAILED:
            raise Refused(f"no new agreement: {result.reason}", code=result.reason, remedy="See the reason's remedy.")


def provision(database: Database, *, line_id: int, hlr: Hlr) -> None:
    """Put a new line into the HLR, unless it ended or is being switched off. Safe to repeat. Raises ``ElementTrouble``.

    Where the number was taken over from somebody else, their dead SIM is taken off the HLR first, whatever became of the line.
    """

    def read(rows: Store) -> tuple[str | None, Sim | None, int]:
        line = rows.one(Line, {"id": line_id})
        tenure = rows.one(Tenure, {"id": line.tenure_id}) if line else None
        if line is None or tenure is None:
            return None, None, 0
        here = line.closed_at is None and line.ceasing_at is None and tenure.until is None
        sim = rows.one(Sim, {"id": line.sim_id, "state": "active"}) if here else None
        return former_imsi(rows, tenure), sim, tenure.msisdn

    former, sim, msisdn = database.transact(read)
    if former is not None:
        take_off(hlr, former)
    if sim is not None:
        hlr.provision(sim.imsi, str(msisdn))


def open_account(database: Database, *, line_id: int, billing: Billing) -> None:
    """Give a new line its account in billing. Safe to repeat. Raises ``ElementTrouble``."""
    line = database.transact(lambda rows: rows.one(Line, {"id": line_id}))
    if line is not None:
        billing.open_account(line.id, line.currency)


def remove_from_hlr(database: Database, *, sim_id: int, hlr: Hlr) -> None:
    """Delete a dead SIM's entry once its number's rest is over; while that lasts longer than it was to, the order is put off.

    Safe to repeat. Raises ``ElementTrouble``.
    """
    sim = database.transact(lambda rows: _rested(rows, sim_id))
    if sim is not None:
        hlr.remove(sim.imsi)


def _rested(rows: Store, sim_id: int) -> Sim | None:
    """The dead SIM, unless its number still rests from it: then the same order is written for the end of that rest."""
    line = rows.one(Line, {"sim_id": sim_id})
    tenure = rows.one(Tenure, {"id": line.tenure_id}) if line is not None else None
    until = tenure.quarantine_until if tenure is not None else None
    latest = latest_tenure(rows, tenure.msisdn) if tenure is not None else None
    if until is None or until <= clock.now() or latest != tenure:
        return rows.one(Sim, {"id": sim_id, "state": "dead"})
    later = job("hlr.remove", sim_id, due_at=until, about=until.isoformat())
    rows.apply(Plan((InsertMissing(later.row),)))
    return None

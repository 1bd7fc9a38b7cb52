"""Advancing a case: read the facts afresh, run every check, and do what the verdict says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.checks import run_checks
from lastcall.core.closing.checks.identity import proof_of
from lastcall.core.closing.checks.safety import old_contacts
from lastcall.core.closing.facts import Facts, read_case, read_facts
from lastcall.core.closing.notices import queue
from lastcall.core.closing.verdict import Verdict, judge, owed_by_subscriber
from lastcall.core.errors import ElementTrouble
from lastcall.core.plan import InsertMissing, Plan
from lastcall.core.ports import Account, Billing
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store

_RESTING = ("declared", "waiting", "on_hold", "checking")
_MEND_ELSEWHERE = frozenset(
    {"arrears", "balance_unknown", "line_locked", "legal_hold", "open_port_out", "lines_depend"}
)
LOOK_AGAIN: Final = timedelta(hours=6)
"""How often a case is looked at again while it waits for what happens outside of it, a payment say."""


def advance(database: Database, *, case_id: int, billing: Billing) -> Case:
    """Take the case as far as the facts carry it. Nothing to do is no error: the case comes back as it is.

    Raises ``ElementTrouble`` when billing cannot be asked, ``Conflict`` when somebody else changed the case meanwhile.
    """
    case = database.transact(lambda rows: read_case(rows, case_id))
    if not _wants_advance(case, clock.now()):
        return case
    account = _account(case, billing)
    return database.transact(lambda rows: _advance(rows, case_id, account))


def _account(case: Case, billing: Billing) -> Account | None:
    """The line's account; None for no line. While nobody has shown who they are, billing that is away counts as an unknown
    balance, for a case about no line of ours does not wait for billing either, and a stranger must not tell the two apart."""
    if case.line_id is None:
        return None
    try:
        return billing.account(case.line_id)
    except ElementTrouble as trouble:
        if trouble.permanent or proof_of(case) is not None:
            raise
        return None


def _wants_advance(case: Case, now: datetime) -> bool:
    if case.state == "on_hold" and case.frozen_at is None:
        return case.hold_until is not None and now >= case.hold_until
    return case.state in _RESTING


def _advance(rows: Store, case_id: int, account: Account | None) -> Case:
    case, now = read_case(rows, case_id), clock.now()
    if not _wants_advance(case, now):
        return case
    plan, before = Plan(), case
    if case.state != "checking":
        plan = move(case, "check", actor=WORKER, now=now)
        case = after(case, plan)
    facts = read_facts(rows, case, now=now, account=account)
    verdict = judge(facts, run_checks(facts))
    if (
        before.state == "waiting"
        and verdict.action == "wait"
        and _results(verdict) == before.results
        and now < case.lapse_at
    ):
        rows.apply(_look_again(before, verdict, now))
        return before
    step = apply_verdict(facts, verdict)
    rows.apply(plan + step)
    return after(case, step)


def apply_verdict(facts: Facts, verdict: Verdict) -> Plan:
    """The plan that carries a verdict out, from ``checking``."""
    case, now = facts.case, facts.now
    values: dict[str, Any] = {
        flag: verdict.awaits(flag.removeprefix("awaiting_"))
        for flag in ("awaiting_papers", "awaiting_payment", "awaiting_sim")
    }
    extra = Plan()
    if verdict.action == "wait":
        extra = _look_again(case, verdict, now)
        if now >= case.lapse_at:
            values |= {"lapse_at": now + timedelta(days=facts.policy.termination_lapse_days)}
            extra += Plan((job("case.advance", case.id, due_at=values["lapse_at"], about=f"lapse {case.revision}"),))
    if verdict.action == "refer":
        values |= {"review_due_at": now + timedelta(hours=facts.policy.review_deadline_hours)}
        extra = Plan(
            (job("review.overdue", case.id, due_at=values["review_due_at"], about=f"revision {case.revision}"),)
        )
    if verdict.action == "hold" and verdict.hold_until != case.hold_until:
        assert verdict.hold_until is not None
        values |= {"hold_until": verdict.hold_until}
        extra = _hold(facts, verdict.hold_until)
    if verdict.action == "cease":
        extra = Plan((job("case.cease", case.id, due_at=now),))
    results = _results(verdict)
    data: Json = {"results": results}
    if verdict.action == "hold" and verdict.hold_until is not None:
        data["hold_until"] = verdict.hold_until.isoformat()
    return (
        move(case, verdict.action, actor=WORKER, now=now, reason=verdict.reason, data=data, results=results, **values)
        + extra
    )


def _look_again(case: Case, verdict: Verdict, now: datetime) -> Plan:
    """The next look at a case that waits for something outside of it; at ``lapse_at`` it is looked at anyway, and then ends
    unless it waits for others alone."""
    due = case.declared_at + ((now - case.declared_at) // LOOK_AGAIN + 1) * LOOK_AGAIN
    lapses = owed_by_subscriber(verdict.results) and due >= case.lapse_at
    if lapses or not _MEND_ELSEWHERE & {result.reason for result in verdict.results}:
        return Plan()
    again = job("case.advance", case.id, due_at=due, about=f"again {due.isoformat()}")
    return Plan((InsertMissing(again.row),))


def _results(verdict: Verdict) -> Json:
    return {result.check: _result_json(result) for result in verdict.results}


def _result_json(result: object) -> Json:
    return {name: getattr(result, name) for name in ("outcome", "reason", "details") if getattr(result, name)}


def _hold(facts: Facts, until: datetime) -> Plan:
    """The notices of the acceptance, in its own transaction, and the timers of the hold."""
    assert facts.bound is not None
    contacts, case, now = old_contacts(facts, facts.bound), facts.case, facts.now
    plan = queue(case, contacts, "accepted", now=now, about=until.isoformat(), hold_until=until.isoformat())
    day_before = until - timedelta(hours=24)
    if day_before > now:
        plan += queue(
            case,
            contacts,
            "cease_tomorrow",
            now=now,
            due_at=day_before,
            about=until.isoformat(),
            hold_until=until.isoformat(),
        )
    return plan + Plan((job("case.advance", case.id, due_at=until, about=f"hold {until.isoformat()}"),))

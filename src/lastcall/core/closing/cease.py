"""The cease: the irreversible execution on network, SIM, billing and number, as a sequence that survives any interruption.

Each step: an intent in the database, the outside act, its read-back, then the confirmation in one transaction together with
the rows it changes and the intent of the next step. Whoever takes over after a crash finds the last intent and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.checks.safety import line_open, locks, old_contacts, port_out
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.facts import Bound, Facts, read_case, read_facts
from lastcall.core.closing.notices import queue
from lastcall.core.closing.steps import ACTS, OUTSIDE, STEPS, Outside, draw_up
from lastcall.core.errors import ElementTrouble, Refused
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.lifecycle import SIM
from lastcall.core.numbers.rules import cease as cease_number
from lastcall.core.numbers.rules import rest_after, sim_event
from lastcall.core.numbers.sim import Sim
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.line import Line

Watch = Callable[[str, str], None]
"""Called with (step, moment), moment among ``intended``, ``acted``, ``done``: for progress, and for tests that kill."""


def _unwatched(step: str, moment: str) -> None:
    return None


def cease_if_due(database: Database, *, case_id: int, outside: Outside, watch: Watch | None = None) -> None:
    """Cease, unless the case was withdrawn, frozen or finished between the decision and now."""
    case = database.transact(lambda rows: read_case(rows, case_id))
    if case.state == "ceasing":
        cease(database, case_id=case_id, outside=outside, watch=watch or _unwatched)


def cease(database: Database, *, case_id: int, outside: Outside, watch: Watch = _unwatched) -> Case:
    """Carry the cease on from wherever it stands, to the end.

    Raises ``ElementTrouble`` from the step that failed (its intent stays; call again later), ``Refused`` when frozen.
    """
    case, step = database.transact(lambda rows: _begin(rows, case_id))
    while step is not None:
        watch(step, "intended")
        evidence = _act(database, case, step, outside)
        watch(step, "acted")
        case, following = database.transact(partial(_confirm, case_id=case_id, step=step, evidence=evidence))
        watch(step, "done")
        step = following
    return case


def _act(database: Database, case: Case, step: str, outside: Outside) -> Json:
    if step not in OUTSIDE:
        return {}
    facts = database.transact(lambda rows: read_facts(rows, case, now=clock.now()))
    assert facts.bound is not None
    if step == "final_bill" and not case.final_bill:
        bill = draw_up(facts, facts.bound, outside.billing)
        facts = replace(facts, case=database.transact(lambda rows: _freeze_bill(rows, case.id, bill)))
    assert facts.bound is not None
    try:
        return ACTS[step](facts, facts.bound, outside, effect_key(case.id, step))
    except ElementTrouble as trouble:
        if trouble.code != "bill_mismatch":
            raise
        raise _bill_changed(database, facts.case) from trouble


def _freeze_bill(rows: Store, case_id: int, bill: Json) -> Case:
    case = read_case(rows, case_id)
    if not case.final_bill:
        plan = move(case, "step", actor=WORKER, now=clock.now(), data={"final_bill": bill}, final_bill=bill)
        rows.apply(plan)
        case = after(case, plan)
    return case


def _bill_changed(database: Database, case: Case) -> ElementTrouble:
    """Billing refused the frozen bill, so nothing of it was booked: forget it, and the next try draws up another."""

    def forget(rows: Store) -> None:
        latest = read_case(rows, case.id)
        if latest.final_bill == case.final_bill:
            rows.apply(move(latest, "step", actor=WORKER, now=clock.now(), reason="bill_changed", final_bill={}))

    database.transact(forget)
    return ElementTrouble(
        "the account changed after the final bill was drawn up", permanent=False, code="bill_changed",
        remedy="Nothing: the bill is drawn up anew at the next try.",
    )  # fmt: skip


def effect_key(case_id: int, step: str) -> str:
    """The idempotency key of one step of one case."""
    return f"case:{case_id}:{step}"


def next_step(done: frozenset[str]) -> str | None:
    """The first step not done, or None."""
    return next((step for step in STEPS if step not in done), None)


def _done(rows: Store, case_id: int) -> frozenset[str]:
    return frozenset(effect.step for effect in rows.some(Effect, {"case_id": case_id, "state": "done"}))


def _begin(rows: Store, case_id: int) -> tuple[Case, str | None]:
    case = read_case(rows, case_id)
    if case.state == "closed":
        return case, None
    if case.state != "ceasing" or case.frozen_at is not None:
        raise Refused(f"the case is not to be ceased (state {case.state})", code="not_ceasing")
    step = next_step(_done(rows, case_id))
    if step == STEPS[0] and _stopped(rows, case):
        return _call_back(rows, case), None
    plan = _intend(rows, case, step)
    rows.apply(plan)
    return after(case, plan), step


def _stopped(rows: Store, case: Case) -> bool:
    """Whether a lock, a legal hold, a port-out or another end came between the decision and now."""
    facts = read_facts(rows, case, now=clock.now())
    bound = facts.bound
    assert bound is not None
    if not all(check(facts, bound).passed for check in (line_open, locks, port_out)):
        return True
    # Written under guard, so that a lock, hold or order comes either before this or finds the line marked.
    free: dict[str, Any] = {"closed_at": None, "locked_at": None, "legal_hold_at": None, "port_out_at": None}
    rows.apply(Plan((Change(Line, {"id": bound.line.id} | free, {"ceasing_at": bound.line.ceasing_at or facts.now}),)))
    return False


def _call_back(rows: Store, case: Case) -> Case:
    """Back to the checks while nothing outside was attempted; after that a person must look."""
    if case.effect_attempted_at is not None:
        raise ElementTrouble(
            "the line was locked, held or ordered away while it was being switched off", permanent=True,
            code="stopped_meanwhile", remedy="Look at the HLR, settle the lock or order, then retry.",
        )  # fmt: skip
    now = clock.now()
    plan = move(case, "check", actor=WORKER, now=now, reason="stopped_meanwhile")
    changed = after(case, plan)
    rows.apply(plan + Plan((job("case.advance", case.id, due_at=now, about=f"revision {changed.revision}"),)))
    return changed


def _intend(rows: Store, case: Case, step: str | None) -> Plan:
    """Write the intent of a step before anything happens outside; a repeat counts one attempt more."""
    if step is None:
        return Plan()
    now, key = clock.now(), effect_key(case.id, step)
    known = rows.one(Effect, {"key": key})
    if known is not None:
        repeat = Change(
            Effect, {"key": key, "state": "intended", "attempts": known.attempts}, {"attempts": known.attempts + 1}
        )
        return Plan((repeat,))
    effect = Effect(key=key, case_id=case.id, step=step, state="intended", attempts=1, intended_at=now)
    first = case.effect_attempted_at is None and step in OUTSIDE
    values: dict[str, Any] = {"effect_attempted_at": now} if first else {}
    return Plan((Insert(effect),)) + move(case, "step", actor=WORKER, now=now, data={"intended": step}, **values)


def _confirm(rows: Store, case_id: int, step: str, evidence: Json) -> tuple[Case, str | None]:
    """The step is done: its rows, its event, and the intent of the next, together."""
    now = clock.now()
    done = Change(
        Effect, {"key": effect_key(case_id, step), "state": "intended"},
        {"state": "done", "done_at": now, "evidence": evidence, "last_error": ""},
    )  # fmt: skip
    # Before anything is read: whoever else has done this step meanwhile makes it a conflict here.
    rows.apply(Plan((done,)))
    case = read_case(rows, case_id)
    facts = read_facts(rows, case, now=now)
    assert facts.bound is not None
    plan = _consequence(rows, facts, facts.bound, step, evidence)
    case = after(case, plan)
    following = next_step(_done(rows, case_id))
    plan += _close(facts, facts.bound, case) if following is None else _intend(rows, case, following)
    rows.apply(plan)
    return read_case(rows, case_id), following


def _consequence(rows: Store, facts: Facts, bound: Bound, step: str, evidence: Json) -> Plan:
    """What a confirmed step changes in our own rows."""
    case, now = facts.case, facts.now
    values: dict[str, Any] = {}
    plan = Plan()
    if step == "bar":
        values = {"network_confirmed_at": datetime.fromisoformat(evidence["confirmed_at"])}
        plan = _move_sim(bound.sim, "bar", case, now)
    elif step == "kill_sim":
        plan = _move_sim(bound.sim, "kill", case, now, dead_since=now)
    elif step == "release_number":
        plan = _release_number(rows, facts, bound)
    return (
        move(case, "step", actor=WORKER, now=now, data={"done": step, "evidence": evidence}, stuck_at=None, **values)
        + plan
    )


def _move_sim(sim: Sim, action: str, case: Case, now: datetime, **values: datetime) -> Plan:
    target = SIM.move(sim.state, action, role=WORKER.role)
    change = Change(Sim, {"id": sim.id, "state": sim.state}, {"state": target} | values)
    return Plan((change,), (sim_event(target, sim, WORKER, now, target=target, case_id=case.id),))


def _release_number(rows: Store, facts: Facts, bound: Bound) -> Plan:
    case = facts.case
    assert case.network_confirmed_at is not None
    plan = cease_number(
        read_life(rows, bound.tenure.msisdn), tenure=bound.tenure, confirmed_at=case.network_confirmed_at,
        policy=facts.policy, actor=WORKER, now=facts.now, case_id=case.id,
    )  # fmt: skip
    closed = Change(Line, {"id": bound.line.id, "closed_at": None}, {"closed_at": case.network_confirmed_at})
    event = Event(
        at=facts.now, kind="line.closed", subject="line", subject_id=bound.line.id, case_id=case.id, actor=str(WORKER),
        door=WORKER.door, reason="ceased",
    )  # fmt: skip
    return plan + Plan((closed,), (event,))


def _close(facts: Facts, bound: Bound, case: Case) -> Plan:
    """The end: the case is closed, the one ceased event is written, everyone on file is told, the HLR's entry rests.

    The entry is deleted only after quarantine, so that until then a stray registration is refused as barred.
    """
    assert case.network_confirmed_at is not None
    now, confirmed = facts.now, case.network_confirmed_at
    ceased = Event(
        at=now, kind="tenure.ceased", subject="tenure", subject_id=bound.tenure.id, case_id=case.id, actor=str(WORKER),
        door=WORKER.door, data={"confirmed_at": confirmed.isoformat()},
    )  # fmt: skip
    closed = move(case, "close", actor=WORKER, now=now, reason="ceased")
    contacts = [contact for contact in old_contacts(facts, bound) if contact.kind != "line"]
    told = queue(case, contacts, "ceased", now=now, confirmed_at=confirmed.isoformat(), bill=case.final_bill)
    _, rested = rest_after(confirmed, facts.policy)
    removal = job("hlr.remove", bound.sim.id, due_at=rested)
    return closed + Plan((removal,), (ceased,)) + told

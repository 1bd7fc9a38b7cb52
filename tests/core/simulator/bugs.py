"""Bugs to plant into the production rules, services and tables, each named for what a programmer might have forgotten.

Each says which invariants are to find it; a bug that none finds would mean that the simulator looks away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from lastcall.core import clock, work
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import (
    advance,
    callbacks,
    cease,
    changes,
    charges,
    codes,
    declare,
    evidence,
    freeze,
    hold,
    identity,
    notices,
    prove,
    reactivate,
    receipts,
    review,
    steps,
    verdict,
    withdraw,
)
from lastcall.core.closing import checks as all_checks
from lastcall.core.closing.case import Case
from lastcall.core.closing.checks import identity as identity_check
from lastcall.core.closing.checks.result import PASSED, Result
from lastcall.core.closing.code import Code
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.facts import Bound, Facts
from lastcall.core.closing.scan import Scan
from lastcall.core.job import Job
from lastcall.core.lifecycle import Table
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers import correction, early_release, longer_rest, notice, put_off, quiet, rules, sweep, transfer
from lastcall.core.numbers.life import latest_tenure
from lastcall.core.numbers.number import PendingRelease
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.rules import NumberLife
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import FinalBill
from lastcall.core.rows import Json
from lastcall.core.store import Drain, Store
from lastcall.core.subscribers import file
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Document, Subscriber

Planted = Callable[[], Iterator[None]]


@dataclass(frozen=True)
class Bug:
    """``found_by``: the invariants of which at least one must find it. ``begin``: so many histories are left out, among which none
    shows the bug, to be quicker."""

    name: str
    found_by: frozenset[str]
    plant: Callable[[], Any]
    begin: int = 0


BUGS: list[Bug] = []


def bug(*found_by: str, begin: int = 0) -> Callable[[Planted], Planted]:
    """Keep a bug under its function's name."""

    def kept(function: Planted) -> Planted:
        BUGS.append(Bug(function.__name__, frozenset(found_by), contextmanager(function), begin))
        return function

    return kept


@contextmanager
def _instead(*places: tuple[Any, str, Any]) -> Iterator[None]:
    with ExitStack() as stack:
        for owner, name, other in places:
            stack.enter_context(patch.object(owner, name, other))
        yield


def _without(plan: Plan, unwanted: Callable[[Any], bool]) -> Plan:
    """The plan less the writes and events that are unwanted."""
    return Plan(
        tuple(write for write in plan.writes if not unwanted(write)),
        tuple(event for event in plan.events if not unwanted(event)),
    )


@contextmanager
def _applied(changed: Callable[[Any], Any]) -> Iterator[None]:
    """A store that writes each write and event as ``changed`` makes it."""
    apply = MemoryStore.apply

    def otherwise(store: MemoryStore, plan: Plan) -> None:
        apply(store, Plan(tuple(map(changed, plan.writes)), tuple(map(changed, plan.events))))

    with patch.object(MemoryStore, "apply", otherwise):
        yield


@contextmanager
def _applied_without(unwanted: Callable[[Any], bool]) -> Iterator[None]:
    """A store that loses some writes or events."""
    apply = MemoryStore.apply
    with patch.object(MemoryStore, "apply", lambda store, plan: apply(store, _without(plan, unwanted))):
        yield


class _Lax:
    """``Policy`` with some values other than the pack says."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def from_json(self, frozen: Mapping[str, Any]) -> Policy:
        return replace(Policy.from_json(frozen), **self._values)


# numbers and SIMs


@bug("one_open_tenure")
def a_number_in_service_is_assigned_again() -> Iterator[None]:
    plain = rules.assign

    def lax(life: NumberLife, *, now: datetime, **words: Any) -> Any:
        if life.latest is not None and life.latest.until is None:
            life = replace(life, latest=replace(life.latest, until=now))
        return plain(life, now=now, **words)

    with _instead((rules, "assign", lax)):
        yield


@bug("number_rests")
def quarantine_is_no_hindrance_to_an_assignment() -> Iterator[None]:
    plain = rules.assign

    def lax(life: NumberLife, **words: Any) -> Any:
        tenure, plan = plain(replace(life, quarantine=None, pending=None), **words)
        held = [row for row in (life.pending, life.quarantine) if row is not None]
        away = tuple(Remove(type(row), {name: getattr(row, name) for name in row.spec.key}) for row in held)
        return tenure, plan + Plan(away)

    with _instead((rules, "assign", lax)):
        yield


@bug("sim_in_one_line", "sim_is_its_events", "only_lawful_moves")
def a_sim_in_use_is_put_into_a_second_line() -> Iterator[None]:
    plain = rules.activate_sim

    def activate(sim: Sim, **words: Any) -> Plan:
        stocked = replace(sim, state="in_stock")
        plan = plain(stocked, **words)
        change = Change(Sim, {"id": sim.id}, plan.writes[0].values)  # type: ignore[union-attr]
        return Plan((change,), plan.events)

    with _instead((rules, "activate_sim", activate)):
        yield


@bug("sim_is_its_events", "closed_on_network", "only_lawful_moves")
def a_dead_sim_goes_back_to_stock() -> Iterator[None]:
    plain = cease._move_sim

    def restock(sim: Sim, action: str, case: Case, now: datetime, **values: datetime) -> Plan:
        plan = plain(sim, action, case, now, **values)
        if action != "kill":
            return plan
        back = Change(Sim, {"id": sim.id}, {"state": "in_stock", "custody": "operator"})
        return Plan((*plan.writes, back), plan.events)

    with _instead((cease, "_move_sim", restock)):
        yield


@bug("number_not_freed_early", "number_rests", "time_goes_forward")
def the_sweep_runs_ahead_of_the_dates() -> Iterator[None]:
    def drain_once(rows: Store, *, drain: Drain, policy: Policy | None) -> int:
        return rows.drain(replace(drain, until=None), now=clock.now() + timedelta(days=20))

    with _instead((sweep, "_drain_once", drain_once)):
        yield


@bug("shortened_by_two")
def an_early_release_asks_for_no_floor() -> Iterator[None]:
    plain = early_release.resting

    def resting(rows: Store, msisdn: int, policy: Policy) -> early_release.Resting:
        found = plain(rows, msisdn, policy)
        return replace(found, floor=found.tenure.until if found.tenure is not None else None)

    with _instead((early_release, "resting", resting)):
        yield


@bug("shortened_by_two")
def whoever_asked_for_an_early_release_approves_it() -> Iterator[None]:
    plain = early_release._open_request

    def lax(rows: Store, request_id: int, action: str, actor: Actor) -> ReleaseRequest:
        return plain(rows, request_id, action, replace(actor, name="anybody"))

    with _instead((early_release, "_open_request", lax)):
        yield


@bug("transferred_at_one_moment")
def a_line_under_a_lock_is_taken_over() -> Iterator[None]:
    with _instead((transfer, "_HINDRANCES", tuple(each for each in transfer._HINDRANCES if each[0] != "locked_at"))):
        yield


@bug("transferred_at_one_moment")
def the_next_tenure_begins_a_minute_after_a_transfer() -> Iterator[None]:
    plain = rules.transfer

    def late(life: NumberLife, *, now: datetime, **words: Any) -> Any:
        following, plan = plain(life, now=now, **words)
        following = replace(following, since=now + timedelta(minutes=1))
        return following, Plan((plan.writes[0], Insert(following)), plan.events)

    with _instead((rules, "transfer", late)):
        yield


@bug("transfer")
def a_line_that_is_being_closed_is_taken_over() -> Iterator[None]:
    plain = transfer._free_line

    class Blind:
        """A store that shows no open case."""

        def __init__(self, rows: Store) -> None:
            self._rows = rows

        def one(self, kind: Any, where: Any) -> Any:
            return None if kind is Case else self._rows.one(kind, where)

    with _instead((transfer, "_free_line", lambda rows, line_id: plain(cast(Store, Blind(rows)), line_id))):
        yield


@bug("extended_within_bounds")
def a_leaver_asks_for_a_longer_rest_again_and_again() -> Iterator[None]:
    with _instead((longer_rest, "_asked", lambda rows, case: None)):
        yield


@bug("extended_within_bounds")
def any_longer_rest_is_offered() -> Iterator[None]:
    with _instead((longer_rest, "_choice", lambda days, policy: None)):
        yield


@bug("number_not_freed_early", "rest_is_its_events")
def the_tenure_of_a_longer_rest_keeps_its_date() -> Iterator[None]:
    plain = rules.extend

    def extend(*args: Any, **words: Any) -> Plan:
        return _without(plain(*args, **words), lambda part: isinstance(part, Change) and part.kind is Tenure)

    with _instead((longer_rest, "extend", extend), (put_off, "extend", extend)):
        yield


@bug("rest_is_its_events", "rest_counts_from_confirmed_cease")
def a_longer_rest_leaves_no_event() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Event) and part.kind == "number.rest_extended"):
        yield


@bug("extended_within_bounds")
def a_number_that_is_never_quiet_is_never_released() -> Iterator[None]:
    def decide(attempts: Any, rest: quiet.Rest, policy: Policy, today: date) -> quiet.Decision:
        loud = [each.day for each in attempts if each.count > 0]
        return quiet.Decision(today + timedelta(days=100), "not_quiet") if loud else quiet.Decision(None, "quiet")

    with _instead((put_off, "decide", decide)):
        yield


@bug("told_before_release", begin=6_900)
def the_sweep_does_not_wait_for_the_notice() -> Iterator[None]:
    with _instead((put_off, "earliest", lambda notice, policy: None)):
        yield


@bug("told_before_release")
def the_sweep_goes_on_where_nobody_has_looked() -> Iterator[None]:
    with _instead((notice, "held_until", lambda rows, policy, now: now)):
        yield


@bug("corrected_by_two")
def whoever_asked_for_a_correction_approves_it() -> Iterator[None]:
    with _instead((correction, "_may_decide", lambda rows, asked, actor: None)):
        yield


@bug("number_is_its_events")
def a_release_leaves_no_event() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Event) and part.kind == "number.released"):
        yield


@bug("rest_counts_from_confirmed_cease", "closed_as_a_whole")
def the_quarantine_counts_from_before_the_cease() -> Iterator[None]:
    plain = rules.cease
    with _instead(
        (
            cease,
            "cease_number",
            lambda life, *, confirmed_at, **words: plain(life, confirmed_at=confirmed_at - timedelta(hours=2), **words),
        )
    ):
        yield


@bug("rest_counts_from_confirmed_cease")
def the_floor_of_the_quarantine_is_forgotten() -> Iterator[None]:
    def rest_after(confirmed_at: datetime, policy: Policy) -> tuple[datetime, datetime]:
        reclaim = confirmed_at + timedelta(days=policy.reactivation_window_days)
        return reclaim, max(reclaim, confirmed_at + timedelta(days=policy.quarantine_days))

    with _instead((rules, "rest_after", rest_after)):
        yield


@bug("rest_counts_from_confirmed_cease")
def a_later_policy_moves_a_frozen_deadline() -> Iterator[None]:
    lax = _Lax(reactivation_window_days=45)
    plain = rules.cease
    with _instead(
        (
            cease,
            "cease_number",
            lambda life, *, policy, **words: plain(life, policy=lax.from_json(policy.as_json()), **words),
        )
    ):
        yield


# reactivation


@bug("reactivated_by_former_holder")
def a_number_is_given_back_to_whoever_shows_a_document() -> Iterator[None]:
    plain = rules.reactivate

    def anybody(rows: Store, former: Tenure, offered: str) -> Subscriber:
        found = [row for row in rows.some(Subscriber, {}) if offered in file.valid_document_keys(rows, row.id)]
        return found[0] if found else plain_who(rows, former, offered)

    def lax(life: NumberLife, *, former: Tenure, subscriber_id: int, **words: Any) -> Any:
        return plain(life, former=replace(former, subscriber_id=subscriber_id), subscriber_id=subscriber_id, **words)

    plain_who = reactivate._who
    with _instead((reactivate, "_who", anybody), (rules, "reactivate", lax)):
        yield


@bug("reactivated_by_former_holder")
def a_number_is_given_back_after_the_window() -> Iterator[None]:
    plain = rules.reactivate

    def lax(life: NumberLife, *, former: Tenure, now: datetime, **words: Any) -> Any:
        return plain(life, former=replace(former, reclaim_until=now + timedelta(days=1)), now=now, **words)

    with _instead((rules, "reactivate", lax)):
        yield


@bug("reactivated_by_former_holder")
def one_person_alone_gives_a_number_back() -> Iterator[None]:
    with _instead((reactivate, "Policy", _Lax(reactivation_four_eyes=False))):
        yield


# declaring


@bug("one_open_case")
def a_second_case_is_opened_for_the_same_line() -> Iterator[None]:
    def any_line(rows: Store, msisdn: int) -> Line | None:
        tenure = latest_tenure(rows, msisdn)
        return rows.one(Line, {"tenure_id": tenure.id, "closed_at": None}) if tenure else None

    with _instead((declare, "free_line", any_line)):
        yield


@bug("declaration_stays")
def a_declaration_is_acknowledged_and_not_kept() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Insert) and isinstance(part.row, Declaration)):
        yield


@bug("receipt")
def the_same_key_takes_another_body() -> Iterator[None]:
    with _instead((declare.Declaring, "body_key", lambda declaring: "the same for all")):
        yield


@bug("receipt", "lost")
def a_receipt_has_other_words_each_time() -> Iterator[None]:
    def word(kind: str, key_hash: str) -> str:
        return clock.token(80)

    with _instead((declare, "receipt_word", word), (receipts, "receipt_word", word)):
        yield


@bug("legal_end_not_late")
def two_more_weeks_are_added_to_the_legal_end() -> Iterator[None]:
    plain = declare._open_case

    def late(*words: Any) -> tuple[Case, Plan]:
        case, plan = plain(*words)
        later = replace(case, legal_end=case.legal_end + timedelta(days=14))
        return later, Plan((Insert(later), *plan.writes[1:]), plan.events)

    with _instead((declare, "_open_case", late)):
        yield


@bug("declaration_stays", "legal_end_not_late")
def a_missing_paper_moves_the_legal_end() -> Iterator[None]:
    plain = changes.move

    def moved(case: Case, action: str, *, now: datetime, **words: Any) -> Plan:
        later: dict[str, Any] = {"legal_end": now + timedelta(days=1)} if action == "wait" else {}
        return plain(case, action, now=now, **words, **later)

    with _instead((advance, "move", moved)):
        yield


# identity, authority, codes


@bug("identity_bound")
def identity_is_not_asked_for() -> Iterator[None]:
    with _instead((identity_check, "proof_of", lambda case: case.declared_at)):
        yield


@bug("identity_bound")
def a_proof_of_identity_never_grows_old() -> Iterator[None]:
    def identity_result(facts: Facts, bound: Bound) -> Result:
        return _ORIGINAL_IDENTITY(replace(facts, policy=replace(facts.policy, identity_valid_days=10_000)), bound)

    with _instead((all_checks, "CHECKS", _checks_with(identity_result, instead_of="identity"))):
        yield


@bug("identity_bound")
def the_document_alone_is_enough() -> Iterator[None]:
    with _instead((identity_check, "proof_of", lambda case: case.in_person_at or case.document_ok_at)):
        yield


@bug("papers")
def any_document_on_file_will_do() -> Iterator[None]:
    def keys(rows: Store, case: Case) -> list[str]:
        return [row.number_key for row in rows.some(Document, {})]

    with _instead((identity, "keys_of", keys)):
        yield


@bug("papers")
def the_papers_of_a_stranger_bind_a_case_to_the_line() -> Iterator[None]:
    with _instead(
        (
            identity,
            "valid_document_keys",
            lambda rows, subscriber_id: [row.number_key for row in rows.some(Document, {})],
        )
    ):
        yield


@bug("four_eyes", begin=900)
def whoever_approved_may_also_verify() -> Iterator[None]:
    with _instead((identity, "not_the_decider", lambda rows, case, actor: None)):
        yield


@bug("four_eyes")
def whoever_verified_may_also_approve() -> Iterator[None]:
    with _instead((review, "four_eyes", _nothing), (freeze, "four_eyes", _nothing)):
        yield


@bug("only_lawful_moves")
def roles_are_not_looked_at() -> Iterator[None]:
    def move(table: Table, state: str, action: str, *, role: str) -> str:
        row = table._index.get((state, action))
        return row.target if row is not None else plain(table, state, action, role=role)

    plain = Table.move
    with _instead((Table, "move", move)):
        yield


@bug("code", "codes_work_once")
def a_code_works_again_and_again() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Change) and part.kind is Code and "used_at" in part.values):
        yield


@bug("codes_work_once")
def a_code_works_for_an_hour() -> Iterator[None]:
    def long(part: Any) -> Any:
        if isinstance(part, Insert) and isinstance(part.row, Code):
            return Insert(replace(part.row, expires_at=part.row.sent_at + timedelta(hours=1)))
        return part

    with _applied(long):
        yield


@bug("codes_work_once")
def wrong_answers_are_taken_without_end() -> Iterator[None]:
    with _instead((identity, "Policy", _Lax(identity_code_tries=100))):
        yield


@bug("code")
def every_code_is_right() -> Iterator[None]:
    with _instead((identity, "keyed", SimpleNamespace(same=lambda left, right: len(right) == 6 or left == right))):
        yield


@bug("code")
def every_code_on_the_web_is_right() -> Iterator[None]:
    with _instead((prove, "keyed", SimpleNamespace(same=lambda left, right: True))):
        yield


@bug("code", "papers", begin=4_800)
def a_code_goes_out_for_any_document() -> Iterator[None]:
    with _instead((prove, "matches", lambda keys, offered: True)):
        yield


@bug("codes_are_counted")
def codes_are_not_counted() -> Iterator[None]:
    def place_for(rows: Store, contact: Contact | None, *words: Any) -> codes.Place | None:
        return codes.Place(contact, rows.count(Code, {"contact_id": contact.id}) + 1) if contact else None

    with _instead((codes, "refuse_if_too_many", lambda *words: None), (codes, "place_for", place_for)):
        yield


@bug("codes_stay_unread")
def a_code_stands_in_the_event() -> Iterator[None]:
    plain, place = codes.make, codes.place_for
    present: list[Store] = []

    def place_for(rows: Store, *words: Any) -> codes.Place | None:
        present[:] = [rows]
        return place(rows, *words)

    def make(case: Case, *words: Any, **more: Any) -> Code:
        made = plain(case, *words, **more)
        secret = codes.digits_of(made, Policy.from_json(case.policy))
        written = Event(
            at=made.sent_at, kind="code.made", subject="case", subject_id=case.id, case_id=case.id, actor="system:worker",
            door="system", data={"code": secret},
        )  # fmt: skip
        present[0].apply(Plan(events=(written,)))
        return made

    with _instead((codes, "make", make), (codes, "place_for", place_for)):
        yield


@bug("photos_are_destroyed")
def photos_are_kept() -> Iterator[None]:
    with _applied_without(
        lambda write: isinstance(write, Insert) and getattr(write.row, "kind", "") == "photo.destroy"
    ):
        yield


@bug("photos_are_destroyed")
def the_picture_goes_but_its_key_stays() -> Iterator[None]:
    def keep(write: Any) -> Any:
        if isinstance(write, Change) and write.kind is Scan and "sealed_key" in write.values:
            return replace(write, values={**write.values, "sealed_key": "still here"})
        return write

    with _applied(keep):
        yield


@bug("identity_bound")
def a_photo_that_differs_is_no_hindrance() -> Iterator[None]:
    plain = identity_check.identity

    def check(facts: Facts, bound: Bound) -> Result:
        return plain(replace(facts, case=replace(facts.case, photo="")), bound)

    checks = tuple(check if each is plain else each for each in all_checks.CHECKS)
    with _instead((all_checks, "CHECKS", checks)):
        yield


@bug("callbacks", begin=3_100)
def a_full_time_is_booked_again() -> Iterator[None]:
    with _instead((callbacks, "_free_place", lambda rows, start, policy: 1)):
        yield


# hold, locks, notices


@bug("hold_is_kept")
def the_hold_is_not_waited_for() -> Iterator[None]:
    plain = verdict.judge

    def judge(facts: Facts, results: Any) -> Any:
        judged = plain(facts, results)
        hasty = judged.action == "hold" and facts.case.hold_until is not None
        return replace(judged, action="cease") if hasty else judged

    with _instead((advance, "judge", judge), (advance, "_wants_advance", lambda case, now: case.state in _OPEN)):
        yield


@bug("hold_length")
def there_is_no_hold() -> Iterator[None]:
    with _instead((hold, "_hours", lambda facts: 0)):
        yield


@bug("hold_length")
def a_new_sim_does_not_lengthen_the_hold() -> Iterator[None]:
    with _instead((hold, "recent_changes", lambda facts, bound: {})):
        yield


@bug("hold_length")
def the_hold_is_waived_for_everybody_in_the_shop() -> Iterator[None]:
    lax = _Lax(hold_waived_in_person=True)
    plain = hold._hours
    with _instead((hold, "_hours", lambda facts: plain(replace(facts, policy=lax.from_json(facts.policy.as_json()))))):
        yield


@bug("nothing_under_lock")
def the_line_lock_is_not_looked_at() -> Iterator[None]:
    with _instead(
        (all_checks, "CHECKS", _checks_with(_passed("locks"), instead_of="locks")),
        (cease, "_stopped", lambda rows, case: False),
    ):
        yield


@bug("nothing_under_lock")
def an_open_port_out_is_no_hindrance() -> Iterator[None]:
    with _instead(
        (all_checks, "CHECKS", _checks_with(_passed("port_out"), instead_of="port_out")),
        (cease, "_stopped", lambda rows, case: False),
    ):
        yield


@bug("nothing_under_lock")
def nobody_looks_between_decision_and_cease() -> Iterator[None]:
    with _instead((cease, "_stopped", lambda rows, case: False)):
        yield


@bug("notice_with_acceptance")
def the_notice_of_acceptance_is_not_queued() -> Iterator[None]:
    plain = notices.queue
    with _instead(
        (
            advance,
            "queue",
            lambda case, contacts, template, **words: (
                plain(case, contacts, template, **words) if template != "accepted" else Plan()
            ),
        )
    ):
        yield


# the cease


@bug("freed_after_all_steps", "steps_in_order")
def the_number_is_freed_before_the_line_is_barred() -> Iterator[None]:
    def network_first_of_all(rows: Store, facts: Facts, bound: Bound) -> Plan:
        sure = replace(facts.case, network_confirmed_at=facts.case.network_confirmed_at or facts.now)
        return plain(rows, replace(facts, case=sure), bound)

    plain = cease._release_number
    order = ("release_number", *(step for step in steps.STEPS if step != "release_number"))
    with _instead((cease, "STEPS", order), (cease, "_release_number", network_first_of_all)):
        yield


@bug("steps_in_order", "freed_after_all_steps")
def the_refund_is_ordered_before_the_bill_is_settled() -> Iterator[None]:
    order = ("bar", "take_number_off", "kill_sim", "stop_charging", "release_number", "final_bill", "refund")
    with _instead((cease, "STEPS", order)):
        yield


@bug("closed_on_network")
def an_hlr_that_lies_is_believed() -> Iterator[None]:
    def bar(facts: Facts, bound: Bound, outside: steps.Outside, key: str) -> Json:
        outside.hlr.bar(bound.sim.imsi)
        return {"confirmed_at": clock.now().isoformat()}

    def take_number_off(facts: Facts, bound: Bound, outside: steps.Outside, key: str) -> Json:
        return {}

    with patch.dict(steps.ACTS, {"bar": bar, "take_number_off": take_number_off}):
        yield


@bug("closed_on_network")
def the_number_stays_in_the_hlr() -> Iterator[None]:
    with patch.dict(steps.ACTS, {"take_number_off": lambda facts, bound, outside, key: {}}):
        yield


@bug("closed_on_network", "sim_is_its_events")
def the_sim_stays_barred() -> Iterator[None]:
    plain = cease._move_sim
    with _instead(
        (
            cease,
            "_move_sim",
            lambda sim, action, *rest, **values: plain(sim, action, *rest, **values) if action == "bar" else Plan(),
        )
    ):
        yield


@bug("closed_in_billing")
def charging_goes_on() -> Iterator[None]:
    with patch.dict(steps.ACTS, {"stop_charging": lambda facts, bound, outside, key: {}, "final_bill": _unsettled}):
        yield


@bug("closed_in_billing")
def charging_stops_only_when_billing_is_reached() -> Iterator[None]:
    def stop(facts: Facts, bound: Bound, outside: steps.Outside, key: str) -> Json:
        outside.billing.stop_charging(bound.line.id, at=clock.now() + timedelta(minutes=1), key=key)
        return {}

    with patch.dict(steps.ACTS, {"stop_charging": stop}):
        yield


@bug("closed_as_a_whole", "line_is_its_events")
def the_line_is_left_open() -> Iterator[None]:
    plain = cease._release_number

    def release(rows: Store, facts: Facts, bound: Bound) -> Plan:
        return _without(plain(rows, facts, bound), lambda part: getattr(part, "kind", None) in {Line, "line.closed"})

    with _instead((cease, "_release_number", release)):
        yield


@bug("one_ceased_event")
def nobody_is_told_that_the_line_was_ceased() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Event) and part.kind == "tenure.ceased"):
        yield


@bug("effect_once", "steps_in_order", "case_is_its_events", begin=2_900)
def a_worker_that_slept_does_the_step_again() -> Iterator[None]:
    def unguarded(kind: type[Any], where: Mapping[str, Any], values: Mapping[str, Any]) -> Change:
        return Change(kind, {"key": where["key"]} if kind is Effect else where, values)

    with _instead((cease, "Change", unguarded)):
        yield


@bug("effect_once")
def each_attempt_has_a_key_of_its_own() -> Iterator[None]:
    with _instead((cease, "effect_key", lambda case_id, step: f"case:{case_id}:{step}:{clock.now():%Y%m%d%H%M}")):
        yield


@bug("no_way_back_after_effect")
def a_withdrawal_is_taken_after_the_bar() -> Iterator[None]:
    with _instead((withdraw, "too_late", lambda case: False), (freeze, "too_late", lambda case: False)):
        yield


@bug("closed_on_network")
def a_late_order_puts_a_closed_line_back_into_the_hlr() -> Iterator[None]:
    def provision(database: Any, *, line_id: int, hlr: Any) -> None:
        def read(rows: Store) -> tuple[str, int]:
            line = rows.one(Line, {"id": line_id})
            sim, tenure = rows.one(Sim, {"id": line and line.sim_id}), rows.one(Tenure, {"id": line and line.tenure_id})
            assert sim is not None and tenure is not None
            return sim.imsi, tenure.msisdn

        imsi, msisdn = database.transact(read)
        hlr.provision(imsi, str(msisdn))

    with _instead((reactivate, "provision", provision)):
        yield


@bug("one_open_tenure", "number_rests", "reactivated_by_former_holder")
def a_late_reactivation_takes_the_number_from_its_next_holder() -> Iterator[None]:
    plain = rules.reactivate

    def lax(life: NumberLife, *, former: Tenure, now: datetime, **words: Any) -> Any:
        later = life.latest is not None and life.latest.id != former.id
        if not later:
            return plain(life, former=former, now=now, **words)
        until = now + timedelta(days=1)
        resting = PendingRelease(reclaim_until=until, msisdn=life.msisdn, tenure_id=former.id, quarantine_until=until)
        before = replace(former, reclaim_until=until)
        tenure, plan = plain(replace(life, latest=before, pending=resting), former=before, now=now, **words)
        return tenure, _without(plan, lambda part: isinstance(part, Remove))

    with _instead((rules, "reactivate", lax)):
        yield


# money


@bug("refund_is_right")
def a_debt_is_refunded_as_less_than_nothing() -> Iterator[None]:
    plain = charges.final_bill

    def final_bill(*words: Any, **more: Any) -> FinalBill:
        bill = plain(*words, **more)
        return replace(bill, refund=bill.refund - bill.owed, owed=0)

    with _instead((steps, "final_bill", final_bill)):
        yield


@bug("refund_is_money", "refund_is_right")
def a_bonus_is_paid_out() -> Iterator[None]:
    plain = charges.final_bill

    def final_bill(line: Line, account: Any, **more: Any) -> FinalBill:
        return plain(line, replace(account, refundable=max(account.balance, 0)), **more)

    with _instead((steps, "final_bill", final_bill)):
        yield


@bug("refund_is_right")
def a_refund_is_ordered_under_a_new_key_each_time() -> Iterator[None]:
    plain = steps.ACTS["refund"]
    with patch.dict(
        steps.ACTS, {"refund": lambda facts, bound, outside, key: plain(facts, bound, outside, clock.token(40))}
    ):
        yield


@bug("refund_is_right")
def the_refund_is_forgotten() -> Iterator[None]:
    with patch.dict(steps.ACTS, {"refund": lambda facts, bound, outside, key: {"amount": 0, "target": ""}}):
        yield


# events and work


@bug("case_is_its_events")
def a_proof_leaves_no_event() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Event) and part.kind == "case.prove"):
        yield


@bug("case_is_its_events")
def a_change_does_not_count_the_revision() -> Iterator[None]:
    plain = changes.move

    def move(case: Case, *words: Any, **more: Any) -> Plan:
        plan = plain(case, *words, **more)
        change = plan.writes[0]
        assert isinstance(change, Change)
        return Plan((replace(change, values=dict(change.values) | {"revision": case.revision}),), plan.events)

    with _instead((evidence, "move", move)):
        yield


@bug("line_is_its_events")
def a_lock_is_lifted_without_an_event() -> Iterator[None]:
    with _applied_without(lambda part: isinstance(part, Event) and part.kind == "line.unlocked"):
        yield


@bug("time_goes_forward")
def a_decision_is_dated_back() -> Iterator[None]:
    plain = changes.move

    def back(case: Case, action: str, *, now: datetime, **words: Any) -> Plan:
        return plain(case, action, now=now - timedelta(hours=2), **words)

    with _instead((review, "move", back)):
        yield


@bug("in_somebodys_hands")
def nobody_wakes_a_case_when_its_hold_ends() -> Iterator[None]:
    plain = advance._hold

    def hold(facts: Facts, until: datetime) -> Plan:
        return _without(
            plain(facts, until),
            lambda part: isinstance(part, Insert) and isinstance(part.row, Job) and part.row.kind == "case.advance",
        )

    with _instead((advance, "_hold", hold)):
        yield


@bug("in_somebodys_hands")
def work_that_failed_is_dropped() -> Iterator[None]:
    def fail(database: Any, *, job: Job, error: str, permanent: bool) -> bool:
        work.finish(database, job=job)
        return False

    with _instead((work, "fail", fail)):
        yield


@bug("in_somebodys_hands")
def a_review_has_no_deadline() -> Iterator[None]:
    with _applied_without(
        lambda part: isinstance(part, Insert) and isinstance(part.row, Job) and part.row.kind == "review.overdue"
    ):
        yield


@bug("unexpected_error")
def a_line_without_fees_breaks_the_bill() -> Iterator[None]:
    plain = charges.final_bill

    def final_bill(*words: Any, **more: Any) -> FinalBill:
        bill = plain(*words, **more)
        assert len(bill.lines) > 1
        return bill

    with _instead((steps, "final_bill", final_bill)):
        yield


_OPEN = ("declared", "waiting", "on_hold", "checking")
_ORIGINAL_IDENTITY = identity_check.identity


def _nothing(case: Case, actor: Actor) -> None:
    return None


def _passed(check: str) -> Callable[[Facts, Bound], Result]:
    return lambda facts, bound: Result(check, PASSED)


def _checks_with(other: Callable[[Facts, Bound], Result], *, instead_of: str) -> tuple[Any, ...]:
    return tuple(other if check.__name__ == instead_of else check for check in all_checks.CHECKS)


def _unsettled(facts: Facts, bound: Bound, outside: steps.Outside, key: str) -> Json:
    return dict(facts.case.final_bill)

"""What may never break (``docs/design.md``, section 6), each as one pure check on a life.

A check yields a sentence per breach, naming rows by id: never a full number, a document number or a code.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from lastcall.core.audit.event import Event
from lastcall.core.audit.life import STRAYS, Life
from lastcall.core.closing.case import Case
from lastcall.core.closing.cease import effect_key
from lastcall.core.closing.code import Code
from lastcall.core.closing.codes import digits_of
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.closing.scan import Scan, destroy_at
from lastcall.core.closing.steps import STEPS
from lastcall.core.job import Job
from lastcall.core.lifecycle import Table
from lastcall.core.numbers.early_release import took_part
from lastcall.core.numbers.lifecycle import NUMBER, SIM
from lastcall.core.numbers.longer_rest import offered_days
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.simcard.backup import Backup
from lastcall.core.subscribers.line import Line


@dataclass(frozen=True)
class Invariant:
    """``item``: which item of the design's section 6 it guards; ``check``: a sentence for each breach in a life."""

    code: str
    item: int
    text: str
    check: Callable[[Life], Iterator[str]]


INVARIANTS: tuple[Invariant, ...] = ()
_Check = Callable[[Life], Iterator[str]]

# Upper bounds of the design, whatever a policy says: section 6, items 11 and 12.
LONGEST_CODE: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
FEWEST_DIGITS: Final = 6
LONGEST_SCAN: Final = timedelta(days=30)
LONGEST_BACKUP: Final = timedelta(hours=72)
LONGEST_BEYOND: Final = timedelta(days=366)
"""No want of quiet keeps a number longer than that beyond its date."""
LONGEST_NOTICE: Final = timedelta(days=60)
BACK_OFF: Final = timedelta(hours=1)
"""How long a job that failed may wait for its next try."""


def _guards(item: int, text: str) -> Callable[[_Check], _Check]:
    """Put a check into :data:`INVARIANTS` under its function's name."""

    def register(check: _Check) -> _Check:
        global INVARIANTS  # noqa: PLW0603 - filled once, while this module is read
        INVARIANTS += (Invariant(check.__name__, item, text, check),)
        return check

    return register


def _name(actor: str) -> str:
    return actor.partition(":")[2]


def _steps(life: Life, case: Case, word: str) -> list[Event]:
    """The events that a step was ``intended`` or ``done``."""
    return [event for event in life.events_of("case", case.id) if event.kind == "case.step" and word in event.data]


def _executed(life: Life) -> Iterator[tuple[Case, Event]]:
    """Each case whose execution was begun, with the event of its first intent."""
    for case in life.cases:
        if first := next(iter(_steps(life, case, "intended")), None):
            yield case, first


def _closed(life: Life) -> Iterator[Case]:
    return (case for case in life.cases if case.state == "closed")


# 1: one of each


@_guards(1, "A number has at most one open tenure, and is in one place only.")
def one_open_tenure(life: Life) -> Iterator[str]:
    still_open = [tenure.id for tenure in life.tenures if tenure.until is None]
    if len(still_open) > 1:
        yield f"tenures {still_open} are open at once"
    if [tenure.ordinal for tenure in life.tenures] != list(range(1, len(life.tenures) + 1)):
        yield f"tenures are not counted 1 to {len(life.tenures)}"
    places = len(life.pending) + len(life.quarantine) + len(life.absent) + len(life.reservation)
    if places + bool(still_open) > 1:
        yield "the number is in service, pending release, in quarantine, absent or reserved: more than one of these"


@_guards(1, "A SIM is in one line, and is put into service once in its life.")
def sim_in_one_line(life: Life) -> Iterator[str]:
    for sim_id, lines in Counter(line.sim_id for line in life.lines).items():
        if lines > 1:
            yield f"SIM {sim_id} is in {lines} lines"
        activations = sum(event.target == "active" for event in life.events_of("sim", sim_id))
        if activations > 1:
            yield f"SIM {sim_id} was activated {activations} times"


@_guards(1, "A line has at most one open case.")
def one_open_case(life: Life) -> Iterator[str]:
    still_open = Counter(case.line_id for case in life.cases if case.ended_at is None and case.line_id is not None)
    for line_id, cases in still_open.items():
        if cases > 1:
            yield f"line {line_id} has {cases} open cases"


# 2: the number rests


@_guards(2, "No new tenure begins before the old one's quarantine end, except a reactivation or a transfer.")
def number_rests(life: Life) -> Iterator[str]:
    for former, tenure in zip(life.tenures, life.tenures[1:], strict=False):
        if tenure.follows_id is None and former.until is not None and former.ending != "transferred":
            if former.quarantine_until is None:
                yield f"tenure {tenure.id} began although tenure {former.id} never rested"
            elif tenure.since < former.quarantine_until:
                yield f"tenure {tenure.id} began {former.quarantine_until - tenure.since} before the quarantine's end"


@_guards(2, "A number is given back only to its former holder, inside the window, by two people where the pack asks.")
def reactivated_by_former_holder(life: Life) -> Iterator[str]:
    former: Tenure | None = None
    for tenure in life.tenures:
        if tenure.follows_id is not None:
            yield from _reactivation(life, former, tenure)
        former = tenure


def _reactivation(life: Life, former: Tenure | None, tenure: Tenure) -> Iterator[str]:
    if former is None or tenure.follows_id != former.id:
        yield f"tenure {tenure.id} does not follow the tenure before it"
        return
    if tenure.subscriber_id != former.subscriber_id:
        yield f"tenure {tenure.id} was given back to another subscriber"
    if former.until is None or former.reclaim_until is None or not former.until <= tenure.since < former.reclaim_until:
        yield f"tenure {tenure.id} was given back outside the window"
    case = next((case for case in _closed(life) if case.tenure_id == former.id), None)
    if case is not None and case.policy["reactivation_four_eyes"]:
        given = [event for event in life.events_of("tenure", tenure.id) if event.kind == "number.assigned"]
        if any(event.data.get("approver", "") in {"", _name(event.actor)} for event in given):
            yield f"tenure {tenure.id} was given back by one person alone"


@_guards(2, "The quarantine runs from the network-confirmed cease, for the frozen days, never below the floor.")
def rest_counts_from_confirmed_cease(life: Life) -> Iterator[str]:
    for case in _closed(life):
        tenure = life.tenure(case.tenure_id)
        if tenure is None or case.network_confirmed_at is None:
            yield f"case {case.id}: closed without a tenure or a confirmation of the network"
            continue
        window = timedelta(days=case.policy["reactivation_window_days"])
        rest = timedelta(days=max(case.policy["quarantine_days"], case.policy["quarantine_floor_days"]))
        reclaim = case.network_confirmed_at + window
        if tenure.until != case.network_confirmed_at:
            yield f"tenure {tenure.id} ended at another moment than the network confirmed"
        if tenure.reclaim_until != reclaim:
            yield f"tenure {tenure.id}: the window is not {window.days} days from the confirmed cease"
        if _first_quarantine_end(life, tenure) != max(reclaim, case.network_confirmed_at + rest):
            yield f"tenure {tenure.id}: the quarantine is not {rest.days} days from the confirmed cease"


_SHORTENED: Final = "number.released_early"
_EXTENDED: Final = "number.rest_extended"


def _moved_ends(life: Life, tenure: Tenure) -> list[Event]:
    """What moved the end of the tenure's rest, in order."""
    return [event for event in life.events_of("tenure", tenure.id) if event.kind in {_SHORTENED, _EXTENDED}]


def _first_quarantine_end(life: Life, tenure: Tenure) -> datetime | None:
    """As it was frozen at the cease: before an early release or a longer rest moved it, if one did."""
    moved = _moved_ends(life, tenure)
    return datetime.fromisoformat(moved[0].data["was"]) if moved else tenure.quarantine_until


@_guards(
    2, "A quarantine is shortened only by two people without a part in the closing, not below the floor, under no hold."
)
def shortened_by_two(life: Life) -> Iterator[str]:
    for tenure in life.tenures:
        for event in _moved_ends(life, tenure):
            if event.kind == _SHORTENED:
                yield from _shortened_alone(life, tenure, event)
                yield from _shortened_too_far(life, tenure, event)


def _shortened_alone(life: Life, tenure: Tenure, event: Event) -> Iterator[str]:
    asked = [
        each for each in life.events_of("tenure", tenure.id)
        if each.kind == "number.early_release_asked" and each.data.get("request") == event.data.get("request")
        and each.id < event.id
    ]  # fmt: skip
    if len(asked) != 1 or not asked[0].reason:
        yield f"tenure {tenure.id}: its quarantine was shortened without a reasoned request"
        return
    two = {_name(asked[0].actor), _name(event.actor)}
    if len(two) != 2 or event.data["asked_by"] != _name(asked[0].actor):
        yield f"tenure {tenure.id}: its quarantine was shortened by one person alone"
    if event.at >= datetime.fromisoformat(asked[0].data["until"]):
        yield f"tenure {tenure.id}: its quarantine was shortened on a request that had lapsed"
    for case in _closed(life):
        if case.tenure_id == tenure.id and two & took_part(case, life.events_of("case", case.id)):
            yield f"tenure {tenure.id}: its quarantine was shortened by somebody with a part in the closing"


def _shortened_too_far(life: Life, tenure: Tenure, event: Event) -> Iterator[str]:
    until = datetime.fromisoformat(event.data["until"])
    if until != event.at or (tenure.reclaim_until is not None and until < tenure.reclaim_until):
        yield f"tenure {tenure.id}: its quarantine was shortened to a moment before the decision or inside the window"
    for case in _closed(life):
        floor = timedelta(days=case.policy["quarantine_floor_days"])
        if case.tenure_id == tenure.id and case.network_confirmed_at and until < case.network_confirmed_at + floor:
            yield f"tenure {tenure.id}: its quarantine was shortened below {floor.days} days"
    line = next((line for line in life.lines if line.tenure_id == tenure.id), None)
    about = life.events_of("line", line.id) if line is not None else []
    if "legal hold" in _in_force(each for each in about if each.id < event.id):
        yield f"tenure {tenure.id}: its quarantine was shortened under a legal hold"


@_guards(2, "The end of a rest is where its events put it, one after the other.")
def rest_is_its_events(life: Life) -> Iterator[str]:
    for tenure in life.tenures:
        moved = _moved_ends(life, tenure)
        for before, event in pairwise(moved):
            if datetime.fromisoformat(event.data["was"]) != datetime.fromisoformat(before.data["until"]):
                yield f"tenure {tenure.id}: {event.kind} moved another end of its rest than the one that stood"
        if moved and tenure.quarantine_until != datetime.fromisoformat(moved[-1].data["until"]):
            yield f"tenure {tenure.id}: its rest ends at another moment than the last event says"


@_guards(
    2,
    "A rest is made longer once by the leaver, as the frozen policy offers, and by the sweep for want of quiet or notice.",
)
def extended_within_bounds(life: Life) -> Iterator[str]:
    for tenure in life.tenures:
        extended = [event for event in _moved_ends(life, tenure) if event.kind == _EXTENDED]
        if sum(event.reason == "asked_by_leaver" for event in extended) > 1:
            yield f"tenure {tenure.id}: the leaver asked for a longer rest more than once"
        before: Event | None = None
        for event in extended:
            yield from (f"tenure {tenure.id}: {what}" for what in _extended(life, tenure, event, before))
            before = event


def _extended(life: Life, tenure: Tenure, event: Event, before: Event | None) -> Iterator[str]:
    was, until = (datetime.fromisoformat(event.data[name]) for name in ("was", "until"))
    if until <= was:
        yield "a longer rest that is none"
    if event.reason == "asked_by_leaver":
        yield from _as_asked(life, tenure, event, until - was, was)
        return
    if event.actor != "system:sweep" or event.at < was:
        yield "its release was put off before it was due, or by somebody else than the sweep"
    if event.reason == "not_quiet":
        first = datetime.fromisoformat(event.data["first"])
        most = min(timedelta(days=event.data["most"]), LONGEST_BEYOND)
        carried_on = before is not None and before.reason == "not_quiet" and before.data["first"] == event.data["first"]
        if until - first > most or not (carried_on or first == was):
            yield f"its release was put off for want of quiet more than {most.days} days beyond its date"
    elif event.reason == "notice":
        announced, days = datetime.fromisoformat(event.data["announced"]), timedelta(days=event.data["days"])
        if announced > event.at or until - announced > min(days, LONGEST_NOTICE):
            yield "its release was put off longer than the notice asks"
    else:
        yield "its rest was made longer without a reason"


def _as_asked(life: Life, tenure: Tenure, event: Event, more: timedelta, was: datetime) -> Iterator[str]:
    case = next((case for case in _closed(life) if case.id == event.case_id and case.tenure_id == tenure.id), None)
    if case is None or not event.actor.startswith("holder:"):
        yield "its rest was made longer by somebody who is not the leaver"
        return
    offered = offered_days(Policy.from_json(case.policy))
    if event.at >= was or more != timedelta(days=event.data["days"]) or event.data["days"] not in offered:
        yield "its rest was made longer otherwise than the policy offers, or too late"


@_guards(2, "A transfer leaves no gap and no rest: the next tenure begins in that moment, for another, under no lock.")
def transferred_at_one_moment(life: Life) -> Iterator[str]:
    for place, tenure in enumerate(life.tenures, start=1):
        told = [event for event in life.events_of("tenure", tenure.id) if event.kind == "number.transferred"]
        if len(told) != (tenure.ending == "transferred"):
            yield f"tenure {tenure.id}: {len(told)} events of a transfer, ending '{tenure.ending}'"
        elif told:
            following = life.tenures[place] if place < len(life.tenures) else None
            yield from _taken_over(life, tenure, following, told[0])


def _taken_over(life: Life, tenure: Tenure, following: Tenure | None, event: Event) -> Iterator[str]:
    if following is None or following.since != tenure.until or event.data.get("by") != following.id:
        yield f"tenure {tenure.id}: transferred, but the next tenure did not begin in that moment"
    elif following.subscriber_id == tenure.subscriber_id or following.follows_id is not None:
        yield f"tenure {tenure.id}: transferred to the same subscriber"
    line = next((line for line in life.lines if line.tenure_id == tenure.id), None)
    sim = life.sim(line.sim_id) if line is not None else None
    if line is None or line.closed_at != tenure.until or sim is None or sim.state != "dead":
        yield f"tenure {tenure.id}: transferred, but its line or its SIM went on"
    for lock in _in_force(each for each in life.events_of("line", line.id if line else 0) if each.id < event.id):
        yield f"tenure {tenure.id}: transferred under a {lock}"


@_guards(2, "A number stays in pending release and quarantine until the dates frozen in its tenure.")
def number_not_freed_early(life: Life) -> Iterator[str]:
    for row in life.pending + life.quarantine:
        held_for = life.tenure(row.tenure_id)
        if held_for is None or row.quarantine_until != held_for.quarantine_until:
            yield f"tenure {row.tenure_id}: the membership has another quarantine end than the tenure"
    for pending in life.pending:
        held_for = life.tenure(pending.tenure_id)
        if held_for is not None and pending.reclaim_until != held_for.reclaim_until:
            yield f"tenure {pending.tenure_id}: the membership has another window than the tenure"
    for tenure in life.tenures:
        for event in life.events_of("tenure", tenure.id):
            due = {"number.quarantined": tenure.reclaim_until, "number.released": tenure.quarantine_until}
            until = due.get(event.kind, event.at)
            if until is None or event.at < until:
                yield f"tenure {tenure.id}: {event.kind} came before its date"


# 3: identity and authority


@_guards(3, "Nothing is ceased without an identity proved before the decision and bound to this very tenure.")
def identity_bound(life: Life) -> Iterator[str]:
    for case in life.cases:
        decided = [event for event in life.events_of("case", case.id) if event.kind == "case.cease"]
        if decided and case.state in {"ceasing", "closed"}:
            yield from _bound(life, case)
            yield from _proved(case, decided[-1].at)


def _bound(life: Life, case: Case) -> Iterator[str]:
    line, tenure = life.line(case.line_id), life.tenure(case.tenure_id)
    if line is None or tenure is None or line.tenure_id != case.tenure_id:
        yield f"case {case.id}: bound to a tenure that is not its line's"
    elif line.subscriber_id != tenure.subscriber_id:
        yield f"case {case.id}: the line is another subscriber's than the tenure"
    bound = None
    for event in life.events_of("case", case.id):
        bound = event.data.get("bound", event.data.get("tenure", bound))
    if bound != case.tenure_id:
        yield f"case {case.id}: the events bind it to another tenure"


def _proved(case: Case, decided_at: datetime) -> Iterator[str]:
    proved = case.in_person_at
    if proved is None and case.document_ok_at is not None and case.code_ok_at is not None:
        proved = max(case.document_ok_at, case.code_ok_at)
    if proved is None:
        yield f"case {case.id}: ceased without a proof of identity"
    elif proved > decided_at:
        yield f"case {case.id}: identity was proved after the decision to cease"
    elif decided_at - proved > timedelta(days=case.policy["identity_valid_days"]):
        yield f"case {case.id}: the proof of identity was too old"
    if case.in_person_at is None:
        yield from _photographed(case)
    if case.in_person_at is not None and not case.verifier:
        yield f"case {case.id}: nobody is recorded as the one who saw the original"


def _photographed(case: Case) -> Iterator[str]:
    """A stronger factor that failed is never followed by a weaker one, and one that is needed never left out."""
    if case.photo == "differs":
        yield f"case {case.id}: ceased although the photo differs"
    elif case.photo == "unclear" and "photo_unclear" not in case.approved_reasons.split():
        yield f"case {case.id}: ceased on an unclear photo that nobody approved"
    elif case.photo in {"", "reading"} and case.policy.get("identity_photo", "off") == "needed":
        yield f"case {case.id}: ceased without the photo that the policy needs"


@_guards(3, "Whoever decides a case neither opened nor verified it, where the pack says so.")
def four_eyes(life: Life) -> Iterator[str]:
    for case in life.cases:
        if not case.policy["review_four_eyes"]:
            continue
        if case.approver and _name(case.approver) in {_name(case.opener), _name(case.verifier)}:
            yield f"case {case.id}: approved by the one who opened or verified it"
        for event in life.events_of("case", case.id):
            decides = event.kind in {"case.unfreeze", "case.judge_photo", "case.ask"}
            if decides and _name(event.actor) in {_name(case.opener), _name(case.verifier)}:
                yield f"case {case.id}: {event.kind} by the one who opened or verified it"


def _moves(table: Table) -> frozenset[tuple[str, str, str]]:
    return frozenset((row.source, row.target, role) for row in table.rows for role in row.who)


_CASE_MOVES: Final = frozenset((row.source, f"case.{row.action}", row.target, role) for row in CASE for role in row.who)
_MOVES: Final = {"sim": _moves(SIM), "tenure": _moves(NUMBER)}


@_guards(3, "Every change of state is one that the lifecycle allows, by a role that may.")
def only_lawful_moves(life: Life) -> Iterator[str]:
    for event in life.events:
        if not event.target or event.kind in {"case.declared", "sim.stocked"}:
            continue
        role = event.actor.partition(":")[0]
        if event.subject == "case":
            lawful = (event.source, event.kind, event.target, role) in _CASE_MOVES
        else:
            lawful = (event.source, event.target, role) in _MOVES.get(event.subject, ())
        if not lawful:
            yield f"{event.subject} {event.subject_id}: {event.kind} from {event.source} to {event.target} by {role}"


# 4: hold and locks


@_guards(4, "Nothing irreversible is begun before the hold ends.")
def hold_is_kept(life: Life) -> Iterator[str]:
    for case in life.cases:
        begun = [effect.intended_at for effect in life.effects_of(case.id)]
        begun += [event.at for event in _steps(life, case, "intended")[:1]]
        if begun and (case.hold_until is None or min(begun) < case.hold_until):
            yield f"case {case.id}: the execution was begun before the hold had ended"


_LOCKS: Final = {
    "line.locked": ("line lock", True), "line.unlocked": ("line lock", False),
    "line.legal_hold": ("legal hold", True), "line.legal_hold_ended": ("legal hold", False),
    "line.port_out_ordered": ("port-out", True), "line.port_out_cancelled": ("port-out", False),
    "case.freeze": ("freeze", True), "case.unfreeze": ("freeze", False),
}  # fmt: skip


def _in_force(events: Iterable[Event]) -> dict[str, Event]:
    """Which locks are on after these events, and the event that put each on."""
    on: dict[str, Event] = {}
    for event in events:
        lock, put_on = _LOCKS.get(event.kind, ("", False))
        if put_on:
            on[lock] = event
        else:
            on.pop(lock, None)
    return on


@_guards(4, "Nothing irreversible is begun under a line lock, a freeze, a legal hold or an open port-out.")
def nothing_under_lock(life: Life) -> Iterator[str]:
    for case, first in _executed(life):
        about = life.events_of("line", case.line_id) + life.events_of("case", case.id)
        for lock in _in_force(event for event in about if event.id < first.id):
            yield f"case {case.id}: the execution was begun under a {lock}"


# 5: notice


@_guards(5, "A notice to a contact that was on file before is queued together with the acceptance.")
def notice_with_acceptance(life: Life) -> Iterator[str]:
    for case in life.cases:
        promised: set[str] = set()
        for event in life.events_of("case", case.id):
            if event.kind == "case.hold":
                until = event.data["hold_until"]
                # A hold that goes on after a review to the end already promised was told of when that was promised.
                if not _told(life, case, until, after=case.declared_at if until in promised else event.at, by=event.at):
                    yield f"case {case.id}: accepted without a notice to a contact that was on file long enough"
                promised.add(until)


def _told(life: Life, case: Case, until: str, *, after: datetime, by: datetime) -> bool:
    limit = case.declared_at - timedelta(days=case.policy["notice_contact_age_days"])
    old = {contact.id for contact in life.contacts if contact.on_file_since <= limit}
    return any(
        notice.case_id == case.id and notice.template == "accepted" and notice.about == until
        and after <= notice.queued_at <= by and notice.contact_id in old
        for notice in life.notices
    )  # fmt: skip


# 6: the declaration


@_guards(6, "Every case has its one declaration and every declaration its case, both of the same moment.")
def declaration_stays(life: Life) -> Iterator[str]:
    known = {case.id for case in life.cases}
    for declaration in life.declarations:
        if declaration.case_id not in known:
            yield f"a declaration received at {declaration.received_at:%Y-%m-%d %H:%M} has no case"
    for case in life.cases:
        yield from _declared(life, case, [row for row in life.declarations if row.case_id == case.id])


def _declared(life: Life, case: Case, declarations: list[Declaration]) -> Iterator[str]:
    if len(declarations) != 1:
        yield f"case {case.id} has {len(declarations)} declarations"
    events = [event for event in life.events_of("case", case.id) if event.kind == "case.declared"]
    if [event.at for event in events] != [case.declared_at]:
        yield f"case {case.id}: the event of the declaration is missing, repeated or of another moment"
    for row in declarations:
        if row.received_at != case.declared_at or row.receipt["received_at"] != case.declared_at.isoformat():
            yield f"case {case.id}: dated differently than its declaration was received"
        if row.receipt["legal_end"] != case.legal_end.isoformat():
            yield f"case {case.id}: the legal end is not the one in the receipt"


@_guards(6, "The legal end follows from the declaration alone.")
def legal_end_not_late(life: Life) -> Iterator[str]:
    for case in life.cases:
        latest = case.declared_at + timedelta(days=case.policy["termination_notice_days"])
        if not case.declared_at <= case.legal_end <= latest:
            yield f"case {case.id}: the legal end is not within {case.policy['termination_notice_days']} days"


# 7: closed


@_guards(7, "Closed means: the HLR refuses service and holds no number, the SIM is dead.")
def closed_on_network(life: Life) -> Iterator[str]:
    for case in _closed(life):
        line = life.line(case.line_id)
        sim = life.sim(line.sim_id) if line else None
        if sim is None or sim.state != "dead" or sim.dead_since is None:
            yield f"case {case.id}: closed, but the SIM is not dead"
            continue
        entry = life.hlr.get(sim.imsi)
        if entry is not None and entry.in_service:
            yield f"case {case.id}: closed, but the HLR grants service"
        if entry is not None and entry.msisdn is not None:
            yield f"case {case.id}: closed, but the HLR still holds a number"


@_guards(7, "Closed means: no charging, no charge with a service time after the cease, an account closed as billed.")
def closed_in_billing(life: Life) -> Iterator[str]:
    for case in _closed(life):
        account = life.accounts.get(case.line_id or 0)
        if account is None:
            continue
        if account.charging:
            yield f"case {case.id}: closed, but billing is still charging"
        if account.late_charges:
            yield f"case {case.id}: {account.late_charges} charges for services after the cease"
        confirmed = case.network_confirmed_at
        if account.stopped_at is not None and confirmed is not None and account.stopped_at > confirmed:
            yield f"case {case.id}: billing stopped charging only from a moment after the cease"
        if not -int(case.final_bill.get("owed", 0)) <= account.balance <= 0:
            yield f"case {case.id}: the account does not stand where the final bill left it"


@_guards(7, "A case is closed exactly when its tenure is ceased and its line ended, at one moment.")
def closed_as_a_whole(life: Life) -> Iterator[str]:
    closers = Counter(case.tenure_id for case in _closed(life))
    for tenure in life.tenures:
        if (tenure.ending == "ceased") != (closers[tenure.id] == 1):
            yield f"tenure {tenure.id}: ending '{tenure.ending}', closed by {closers[tenure.id]} cases"
    for line in life.lines:
        held = life.tenure(line.tenure_id)
        if held is None and life.msisdn == STRAYS:
            yield f"line {line.id} has no tenure"
        if held is not None and not _ended_together(line, held):
            yield f"line {line.id}: it did not end with its tenure"


def _ended_together(line: Line, tenure: Tenure) -> bool:
    if tenure.ending in {"ceased", "transferred"}:
        return line.closed_at == tenure.until
    return (line.closed_at is None) == (tenure.until is None)


@_guards(7, "A number is freed only after all steps of the cease are done.")
def freed_after_all_steps(life: Life) -> Iterator[str]:
    for tenure in life.tenures:
        for event in life.events_of("tenure", tenure.id):
            if event.target == "pending_release" != event.source:
                yield from _all_done(life, tenure, event)


def _all_done(life: Life, tenure: Tenure, freed: Event) -> Iterator[str]:
    case = next((case for case in life.cases if case.id == freed.case_id), None)
    if case is None or case.tenure_id != tenure.id:
        yield f"tenure {tenure.id}: the number was freed by no case of its own"
        return
    done = [event.data["done"] for event in _steps(life, case, "done") if event.id < freed.id]
    if missing := [step for step in STEPS if step not in done]:
        yield f"tenure {tenure.id}: the number was freed before {', '.join(missing)}"


# 8: effects, and somebody's hands


@_guards(8, "Every effect is done at most once for its case and step, under its own key.")
def effect_once(life: Life) -> Iterator[str]:
    for (case_id, step), times in Counter((effect.case_id, effect.step) for effect in life.effects).items():
        if times > 1:
            yield f"case {case_id}: {times} effects for the step {step}"
    for effect in life.effects:
        if effect.key != effect_key(effect.case_id, effect.step):
            yield f"case {effect.case_id}: the effect of {effect.step} has another key than its own"
    for case in life.cases:
        for step, times in Counter(event.data["done"] for event in _steps(life, case, "done")).items():
            if times > 1:
                yield f"case {case.id}: the step {step} was done {times} times"


@_guards(8, "The steps of a cease are done in their order, and each has its event.")
def steps_in_order(life: Life) -> Iterator[str]:
    for case in life.cases:
        effects = life.effects_of(case.id)
        if effects:
            yield from _in_order(life, case, effects)


def _in_order(life: Life, case: Case, effects: list[Effect]) -> Iterator[str]:
    done = {effect.step: effect.done_at for effect in effects if effect.state == "done" and effect.done_at is not None}
    first_open = next((place for place, step in enumerate(STEPS) if step not in done), len(STEPS))
    expected = set(STEPS[:first_open])
    if set(done) != expected or {effect.step for effect in effects} - expected - set(
        STEPS[first_open : first_open + 1]
    ):
        yield f"case {case.id}: a step was begun before the one before it was done"
    times = [done[step] for step in STEPS if step in done]
    if times != sorted(times):
        yield f"case {case.id}: the steps were done in another order"
    if {event.data["done"] for event in _steps(life, case, "done")} != set(done):
        yield f"case {case.id}: the steps done are not those that its events tell of"


@_guards(8, "A case that ended otherwise than closed has touched nothing outside.")
def no_way_back_after_effect(life: Life) -> Iterator[str]:
    for case in life.cases:
        if case.ended_at is not None and case.state != "closed":
            touched = case.effect_attempted_at is not None or bool(_steps(life, case, "intended"))
            if touched or life.effects_of(case.id):
                yield f"case {case.id}: {case.state} after an effect was attempted"


@_guards(8, "Every open case is in somebody's hands.")
def in_somebodys_hands(life: Life) -> Iterator[str]:
    for case in life.cases:
        if case.ended_at is None and not _is_held(case, [job for job in life.jobs if job.subject_id == case.id], life):
            yield f"case {case.id}: {case.state}, but no work is queued and no person is asked"


def _is_held(case: Case, jobs: list[Job], life: Life) -> bool:
    kinds = {job.kind for job in jobs}
    if case.state == "review":
        return case.review_due_at is not None and (life.now >= case.review_due_at or "review.overdue" in kinds)
    if case.state == "ceasing":
        return "case.cease" in kinds
    advancing = [job for job in jobs if job.kind == "case.advance"]
    if case.state == "waiting" or any(job.state == "dead" for job in advancing):
        return bool(advancing)
    if case.state == "on_hold":
        # A job due earlier finds the hold still running and does nothing; the lapse is no end of the hold.
        until = case.hold_until or life.now
        return any(job.about != "lapse" and job.due_at >= until for job in advancing)
    return any(job.about != "lapse" or job.due_at <= life.now for job in advancing)


# 9: money


@_guards(9, "Refund = max(0, what is left), as the final bill says; paid at most once, never when something is owed.")
def refund_is_right(life: Life) -> Iterator[str]:
    for case in life.cases:
        bill = case.final_bill
        if bill and not _adds_up(bill):
            yield f"case {case.id}: the final bill's refund is not what is left"
        refund = int(bill["refund"]) if bill else 0
        for effect in life.effects_of(case.id):
            if effect.step == "refund" and effect.state == "done" and effect.evidence.get("amount") != refund:
                yield f"case {case.id}: another refund was ordered than the final bill says"
    yield from _paid(life)


def _adds_up(bill: Json) -> bool:
    """refund - owed = the lines less what is no money; that is a part of the balance, and only one of the two stands."""
    total = sum(int(line["amount"]) for line in bill["lines"])
    balance = sum(int(line["amount"]) for line in bill["lines"] if line["code"] == "balance")
    refund, owed, no_money = int(bill["refund"]), int(bill["owed"]), int(bill.get("not_refundable", 0))
    left = total - no_money
    return (refund, owed) == (max(left, 0), max(-left, 0)) and 0 <= no_money <= max(balance, 0)


def _paid(life: Life) -> Iterator[str]:
    for line_id, account in life.accounts.items():
        cases = [case for case in life.cases if case.line_id == line_id and case.final_bill]
        owing = sum(int(case.final_bill["refund"]) for case in cases)
        if len(account.refunds) > 1:
            yield f"line {line_id}: {len(account.refunds)} refunds were paid"
        elif sum(account.refunds) not in ({owing} if any(case.state == "closed" for case in cases) else {0, owing}):
            yield f"line {line_id}: {sum(account.refunds)} were refunded, the final bill says {owing} (minor units)"


# 10: the ceased event


@_guards(10, "Exactly one ceased event per ceased tenure, with the confirmed moment, and none for any other.")
def one_ceased_event(life: Life) -> Iterator[str]:
    for tenure in life.tenures:
        ceased = [event for event in life.events_of("tenure", tenure.id) if event.kind == "tenure.ceased"]
        if len(ceased) != (tenure.ending == "ceased"):
            yield f"tenure {tenure.id}: {len(ceased)} ceased events, ending '{tenure.ending}'"
        elif ceased and tenure.until is not None and ceased[0].data.get("confirmed_at") != tenure.until.isoformat():
            yield f"tenure {tenure.id}: the ceased event tells of another moment"


@_guards(10, "A closing is corrected once, by two people, and only where the same subscriber has the number back.")
def corrected_by_two(life: Life) -> Iterator[str]:
    for tenure in life.tenures:
        corrected = [event for event in life.events_of("tenure", tenure.id) if event.kind == "number.corrected"]
        if len(corrected) > 1:
            yield f"tenure {tenure.id}: its closing was corrected {len(corrected)} times"
        for event in corrected:
            yield from (f"tenure {tenure.id}: {what}" for what in _corrected(life, tenure, event))


def _corrected(life: Life, tenure: Tenure, event: Event) -> Iterator[str]:
    following = next((each for each in life.tenures if each.follows_id == tenure.id), None)
    same = following is not None and following.subscriber_id == tenure.subscriber_id
    if tenure.ending != "ceased" or not same or event.data.get("follows") != (following.id if following else 0):
        yield "its closing was corrected although its holder has not had the number back"
    asked = [
        each for each in life.events_of("tenure", tenure.id)
        if each.kind == "number.correction_asked" and each.data.get("correction") == event.data.get("correction")
        and each.id < event.id
    ]  # fmt: skip
    if len(asked) != 1 or not asked[0].reason or event.at >= datetime.fromisoformat(asked[0].data["until"]):
        yield "its closing was corrected without a reasoned request that was still standing"
        return
    if _name(asked[0].actor) in {"", _name(event.actor)} or event.data["asked_by"] != _name(asked[0].actor):
        yield "its closing was corrected by one person alone"
    for case in _closed(life):
        if case.tenure_id == tenure.id and _name(event.actor) in took_part(case, life.events_of("case", case.id)):
            yield "its closing was corrected by somebody with a part in it"


# 11: codes


@_guards(11, "A code works once, in its minutes and tries, sent to a contact of the holder that was on file before.")
def codes_work_once(life: Life) -> Iterator[str]:
    for case in life.cases:
        codes = [code for code in life.codes if code.case_id == case.id]
        proofs = sum(event.data.get("proof") in {"code", "remote"} for event in life.events_of("case", case.id))
        used = [code for code in codes if code.used_at is not None]
        if proofs != len(used):
            yield f"case {case.id}: {proofs} codes were accepted, {len(used)} are marked as used"
        if codes:
            yield from _limits(life, case)


def _limits(life: Life, case: Case) -> Iterator[str]:
    longest = min(LONGEST_CODE, timedelta(minutes=case.policy["identity_code_minutes"]))
    most = min(MOST_TRIES, case.policy["identity_code_tries"])
    known = {contact.id for contact in life.contacts if contact.on_file_since <= case.declared_at}
    if case.policy["identity_code_digits"] < FEWEST_DIGITS:
        yield f"case {case.id}: its codes have fewer than {FEWEST_DIGITS} digits"
    for code in life.codes:
        if code.case_id != case.id:
            continue
        if code.expires_at - code.sent_at > longest:
            yield f"code {code.id}: it works longer than {longest}"
        if code.tries > most:
            yield f"code {code.id}: {code.tries} wrong answers were taken"
        if code.used_at is not None and not code.sent_at <= code.used_at < code.expires_at:
            yield f"code {code.id}: it was used outside its minutes"
        if code.contact_id is None and code.used_at is not None:
            yield f"code {code.id}: it went nowhere, but was used"
        if code.contact_id is not None and code.contact_id not in known:
            yield f"code {code.id}: sent to a contact that is not the holder's or came on file later"


@_guards(
    11, "Codes are asked for so many times in ten minutes and a day, and a contact gets so many a day, over all cases."
)
def codes_are_counted(life: Life) -> Iterator[str]:
    policies = {case.id: case.policy for case in life.cases}
    for code in (code for code in life.codes if code.case_id in policies):
        policy = policies[code.case_id]
        of_case = [other for other in life.codes if other.case_id == code.case_id]
        of_contact = [
            other for other in life.codes if code.contact_id is not None and other.contact_id == code.contact_id
        ]
        for what, others, span, most in (
            ("its case", of_case, timedelta(minutes=10), policy["identity_code_sends_per_10_minutes"]),
            ("its case", of_case, timedelta(days=1), policy["identity_code_sends_per_day"]),
            ("its contact", of_contact, timedelta(days=1), policy["identity_code_sends_per_day"]),
        ):
            count = sum(code.sent_at - span < other.sent_at <= code.sent_at for other in others)
            if count > most:
                yield f"code {code.id}: the {count}th for {what} within {span}"


@_guards(11, "A code is in no event and in no notice: nobody can read it there.")
def codes_stay_unread(life: Life) -> Iterator[str]:
    for case in life.cases:
        codes = [code for code in life.codes if code.case_id == case.id]
        if codes:
            policy, told = Policy.from_json(case.policy), _told_of(life, case)
            for code in codes:
                yield from _written_down(code, digits_of(code, policy), told)


def _told_of(life: Life, case: Case) -> list[tuple[str, str]]:
    told = [(f"the event {event.id}", f"{event.reason} {event.data}") for event in life.events_of("case", case.id)]
    return told + [(f"the notice {row.id}", str(row.facts)) for row in life.notices if row.case_id == case.id]


def _written_down(code: Code, secret: str, told: list[tuple[str, str]]) -> Iterator[str]:
    for what, text in told:
        # Not as a part of a longer number or of a moment's fraction, which would be chance.
        if secret in text and re.search(rf"(?<![\d.:]){secret}(?!\d)", text):
            yield f"code {code.id}: it stands in {what}"


# 12: photos


@_guards(
    12, "A photo goes after the decision, at its cap at the latest: picture and key are gone, and an event tells of it."
)
def photos_are_destroyed(life: Life) -> Iterator[str]:
    for case in life.cases:
        scans = [scan for scan in life.scans if scan.case_id == case.id]
        jobs = [
            job
            for job in life.jobs
            if job.kind == "photo.destroy" and job.subject_id == case.id and job.state != "dead"
        ]
        for scan in scans:
            yield from _kept(life, case, scan, jobs) if scan.destroyed_at is None else _erased(scan)
        destroyed = sum(scan.destroyed_at is not None for scan in scans)
        events = sum(event.kind == "photo.destroyed" for event in life.events_of("case", case.id))
        if destroyed != events:
            yield f"case {case.id}: {destroyed} photos were destroyed, {events} events tell of it"


def _kept(life: Life, case: Case, scan: Scan, jobs: list[Job]) -> Iterator[str]:
    longest = timedelta(days=case.policy.get("retention_scan_days_max", LONGEST_SCAN.days))
    if scan.keep_until - scan.given_at > min(longest, LONGEST_SCAN):
        yield f"photo {scan.id}: its cap lies more than {longest.days} days after it was given"
    until = max(destroy_at(scan, case), life.now) + BACK_OFF
    if not any(job.due_at <= until for job in jobs):
        yield f"photo {scan.id}: no work is queued that destroys it in time"


def _erased(scan: Scan) -> Iterator[str]:
    if scan.sealed_photo or scan.sealed_key:
        yield f"photo {scan.id}: destroyed, but picture or key are still there"


@_guards(12, "What a card was saved to goes when its hours are over: the file is gone, and an event tells of it.")
def backups_are_deleted(life: Life) -> Iterator[str]:
    for case in life.cases:
        backups = [backup for backup in life.backups if backup.case_id == case.id]
        for backup in backups:
            yield from (f"backup {backup.id}: {what}" for what in _outlived(life, case, backup))
        deleted = sum(backup.deleted_at is not None for backup in backups)
        events = sum(event.kind == "backup.deleted" for event in life.events_of("case", case.id))
        if deleted != events:
            yield f"case {case.id}: {deleted} backups were deleted, {events} events tell of it"


def _outlived(life: Life, case: Case, backup: Backup) -> Iterator[str]:
    longest = min(timedelta(hours=Policy.from_json(case.policy).sim_backup_hours), LONGEST_BACKUP)
    if backup.until - backup.made_at > longest:
        yield f"its end lies more than {longest} after it was made"
    if backup.deleted_at is None and life.now > backup.until + BACK_OFF:
        yield "its hours are over, but it was not deleted"
    if (backup.id in life.ciphertexts) != (backup.deleted_at is None):
        yield "its file is there although it was deleted, or gone although it was not"


# 13: events


@_guards(13, "A case stands where its events put it, and no change is without its event.")
def case_is_its_events(life: Life) -> Iterator[str]:
    for case in life.cases:
        state, changes = "", 0
        events = life.events_of("case", case.id)
        for event in events:
            if event.kind.startswith("case.") and event.target:
                if event.source != state:
                    yield f"case {case.id}: {event.kind} leaves from {event.source}, but it was {state}"
                state, changes = event.target, changes + 1
        if state != case.state:
            yield f"case {case.id}: it is {case.state}, its events say {state}"
        if changes != case.revision:
            yield f"case {case.id}: revision {case.revision}, but {changes} events"
        if ("freeze" in _in_force(events)) != (case.frozen_at is not None):
            yield f"case {case.id}: frozen otherwise than its events say"


@_guards(13, "A SIM stands where its events put it.")
def sim_is_its_events(life: Life) -> Iterator[str]:
    for sim in life.sims:
        state = ""
        for event in life.events_of("sim", sim.id):
            if event.target:
                if event.source != state:
                    yield f"SIM {sim.id}: {event.kind} leaves from {event.source}, but it was {state}"
                state = event.target
        if state != sim.state:
            yield f"SIM {sim.id}: it is {sim.state}, its events say {state}"


@_guards(13, "A number stands where the events of its tenures put it.")
def number_is_its_events(life: Life) -> Iterator[str]:
    if not life.tenures:
        return
    tenures = {tenure.id for tenure in life.tenures}
    moves = [event for event in life.events if event.subject == "tenure" and event.target]
    folded = moves[-1].target if moves else "available"
    if folded != life.state and (folded, life.state) != ("available", "reserved"):
        yield f"tenure {life.tenures[-1].id}: the number is {life.state}, its events say {folded}"
    begun = Counter(event.subject_id for event in moves if event.kind == "number.assigned")
    if any(begun[tenure] != 1 for tenure in tenures):
        yield f"tenure {life.tenures[-1].id}: a tenure of the number was not begun by one event"


_LINE_MARKS: Final = (("line lock", "locked_at"), ("legal hold", "legal_hold_at"), ("port-out", "port_out_at"))


@_guards(13, "A line stands where its events put it.")
def line_is_its_events(life: Life) -> Iterator[str]:
    for line in life.lines:
        events = life.events_of("line", line.id)
        kinds = Counter(event.kind for event in events)
        if kinds["line.opened"] != 1 or kinds["line.closed"] != (line.closed_at is not None):
            yield f"line {line.id}: opened {kinds['line.opened']} times, closed {kinds['line.closed']} times by events"
        on = _in_force(events)
        for lock, column in _LINE_MARKS:
            if (on[lock].at if lock in on else None) != getattr(line, column):
                yield f"line {line.id}: {column} is not what its events say"


@_guards(13, "Time never goes backward within one subject's events, nor within a row.")
def time_goes_forward(life: Life) -> Iterator[str]:
    for (subject, subject_id), events in life.by_subject.items():
        before = events[0].at
        for event in events:
            if event.at < before:
                yield f"{subject} {subject_id}: {event.kind} is dated before the event before it"
            before = event.at
    for what, first, then in _pairs(life):
        if first is not None and then is not None and then < first:
            yield f"{what} went backward"


def _pairs(life: Life) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    for tenure in life.tenures:
        yield f"tenure {tenure.id}: since and until", tenure.since, tenure.until
        yield f"tenure {tenure.id}: until and window", tenure.until, tenure.reclaim_until
        yield f"tenure {tenure.id}: window and quarantine", tenure.reclaim_until, tenure.quarantine_until
    for case in life.cases:
        yield f"case {case.id}: declared and confirmed", case.declared_at, case.network_confirmed_at
        yield f"case {case.id}: confirmed and ended", case.network_confirmed_at or case.declared_at, case.ended_at
    for effect in life.effects:
        yield f"case {effect.case_id}: {effect.step} intended and done", effect.intended_at, effect.done_at

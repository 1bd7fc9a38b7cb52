"""Giving cases to reviewers: taken, kept for a time, given back, handed over. Two who take at once: one has it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import ADMINISTRATOR, AGENT, CLERK, REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.facts import read_case
from lastcall.core.errors import BadInput, Conflict, NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.staff.opening import close_ground
from lastcall.core.store import Database, Store, transaction

HAND_OVER_REASONS: Final = ("second_opinion", "language", "knows_the_subscriber", "absence")

_TAKING_PART: Final = frozenset({"case.declared", "case.prove", "case.take_in", "papers.arrived"})
_AT_WORK_WITH_THE_SUBSCRIBER: Final = frozenset({CLERK, AGENT})


def wants_a_person(case: Case) -> bool:
    """Whether there is something for a reviewer: a decision is due, or the holder is to be asked about a freeze."""
    return case.state == "review" or (case.frozen_at is not None and case.ended_at is None)


def took_part(rows: Store, case: Case, login: str) -> bool:
    """Whether somebody had a hand in the case: opened or proved it, took papers in, or served its subscriber at the counter or
    on the phone. A reviewer's own looking and deciding is none."""
    events = rows.some(Event, {"case_id": case.id})
    return any(is_part(event) for event in events if event.actor.partition(":")[2] == login)


def is_part(event: Event) -> bool:
    """Whether what the event tells of is a hand in the case."""
    role = event.actor.partition(":")[0]
    served = role in _AT_WORK_WITH_THE_SUBSCRIBER and not event.kind.startswith("staff.")
    return served or event.kind in _TAKING_PART


def refuse_if_took_part(rows: Store, case: Case, login: str) -> None:
    """Raises ``Refused`` (``four_eyes``) for whoever had a hand in the case, where the pack asks for it (``review.four_eyes``)."""
    if Policy.from_json(case.policy).review_four_eyes and took_part(rows, case, login):
        raise Refused(
            "whoever had a hand in a case does not decide it", code="four_eyes", remedy="Another reviewer decides."
        )


def take(database: Database, *, case_id: int, actor: Actor) -> Assignment:
    """Take a case; one's own again keeps it for longer.

    Raises ``Refused`` (``not_a_reviewer``, ``four_eyes``, ``nothing_to_review``), ``Conflict`` (``case_taken``), ``NotFound``.
    """
    return try_again(lambda: database.transact(lambda rows: _take(rows, case_id, actor)))


def _take(rows: Store, case_id: int, actor: Actor) -> Assignment:
    case, now = read_case(rows, case_id), clock.now()
    _refuse_reviewer(rows, case, actor)
    standing = rows.one(Assignment, {"case_id": case.id, "ended_at": None})
    if standing is None:
        return _given(rows, case, actor, actor, now)
    if standing.is_live(now) and standing.login != actor.name:
        raise Conflict(
            "somebody else has this case", code="case_taken", remedy="Take another, or wait until they give it back."
        )
    if standing.is_live(now):
        return _kept_longer(rows, case, standing, now)
    rows.apply(_ended(rows, standing, "ran_out", actor, now))
    return _given(rows, case, actor, actor, now)


def _refuse_reviewer(rows: Store, case: Case, reviewer: Actor) -> None:
    if reviewer.role != REVIEWER:
        raise Refused("only reviewers take cases", code="not_a_reviewer", remedy="Leave it to a reviewer.")
    if not wants_a_person(case):
        raise Refused(
            "nothing is to be decided in this case",
            code="nothing_to_review",
            remedy="See the queue for those that wait.",
        )
    refuse_if_took_part(rows, case, reviewer.name)


def _until(case: Case, now: datetime) -> datetime:
    return now + timedelta(minutes=Policy.from_json(case.policy).review_assignment_minutes)


def _given(rows: Store, case: Case, to: Actor, by: Actor, now: datetime, *, reason: str = "") -> Assignment:
    made = Assignment(
        id=clock.new_id(), case_id=case.id, login=to.name, taken_at=now, until=_until(case, now),
        given_by="" if to == by else str(by),
    )  # fmt: skip
    told: Json = {"to": to.name} if made.given_by else {}
    rows.apply(Plan((Insert(made),), (_event("review.taken", made, by, now, reason, told),)))
    return made


def _kept_longer(rows: Store, case: Case, standing: Assignment, now: datetime) -> Assignment:
    until = _until(case, now)
    rows.apply(Plan((Change(Assignment, {"id": standing.id, "ended_at": None}, {"until": until}),)))
    changed = rows.one(Assignment, {"id": standing.id})
    assert changed is not None
    return changed


def _event(kind: str, about: Assignment, actor: Actor, now: datetime, reason: str, data: Json | None = None) -> Event:
    return Event(
        at=now, kind=kind, subject="case", subject_id=about.case_id, case_id=about.case_id, actor=str(actor),
        door=actor.door, reason=reason, data=data or {},
    )  # fmt: skip


def _ended(rows: Store, standing: Assignment, ending: str, actor: Actor, now: datetime) -> Plan:
    """With the assignment the file closes that was open on its ground."""
    change = Change(Assignment, {"id": standing.id, "ended_at": None}, {"ended_at": now, "ending": ending})
    event = _event("review.given_back", standing, actor, now, ending, {"from": standing.login})
    return Plan((change,), (event,)) + close_ground(rows, ground="review", ground_id=standing.id)


def decided(rows: Store, standing: Assignment, actor: Actor) -> None:
    """The assignment ends with the decision."""
    rows.apply(_ended(rows, standing, "decided", actor, clock.now()))


@transaction
def release(rows: Store, *, assignment_id: int, actor: Actor) -> None:
    """Give a case back to the queue: one's own, or as an administrator anybody's. Raises ``NotFound``, the same words for
    one that has ended and one of somebody else's."""
    rows.apply(_ended(rows, _standing(rows, assignment_id, actor), "released", actor, clock.now()))


def _standing(rows: Store, assignment_id: int, actor: Actor) -> Assignment:
    found = rows.one(Assignment, {"id": assignment_id, "ended_at": None})
    if found is None or (actor.role != ADMINISTRATOR and found.login != actor.name):
        raise NotFound("no such assignment, or it is over", remedy="See the queue for who has the case now.")
    return found


@transaction
def hand_over(rows: Store, *, assignment_id: int, to: Actor, reason: str, actor: Actor) -> Assignment:
    """Hand a case to another reviewer, who has it at once: one's own, or as an administrator anybody's.

    ``reason``: one of :data:`HAND_OVER_REASONS`. Raises ``BadInput`` (``bad_reason``), ``NotFound``, ``Refused``
    (``same_reviewer``, and for the other reviewer as :func:`take`).
    """
    if reason not in HAND_OVER_REASONS:
        raise BadInput("no such reason", code="bad_reason", remedy=f"One of: {', '.join(HAND_OVER_REASONS)}.")
    standing, now = _standing(rows, assignment_id, actor), clock.now()
    if standing.login == to.name:
        raise Refused("that reviewer has the case", code="same_reviewer", remedy="Choose another reviewer.")
    case = read_case(rows, standing.case_id)
    _refuse_reviewer(rows, case, to)
    rows.apply(_ended(rows, standing, "handed_over", actor, now))
    return _given(rows, case, to, actor, now, reason=reason)


def live(rows: Store, *, case_id: int) -> Assignment | None:
    """Who has the case now, or None."""
    found, now = rows.one(Assignment, {"case_id": case_id, "ended_at": None}), clock.now()
    return found if found is not None and found.is_live(now) else None


def mine(rows: Store, *, case_id: int, actor: Actor) -> Assignment:
    """The reviewer's own live assignment of a case. Raises ``Refused`` (``not_assigned``)."""
    found = live(rows, case_id=case_id)
    if found is None or found.login != actor.name:
        raise Refused(
            "this case is not yours to decide now", code="not_assigned", remedy="Take it from the queue first."
        )
    return found


def of_reviewer(rows: Store, login: str) -> tuple[Assignment, ...]:
    """The live assignments of a reviewer, the oldest first."""
    now = clock.now()
    found = rows.some(Assignment, {"login": login, "ended_at": None}, order="taken_at")
    return tuple(row for row in found if row.is_live(now))


def all_live(rows: Store) -> tuple[Assignment, ...]:
    """Every live assignment, the oldest first."""
    now = clock.now()
    return tuple(row for row in rows.some(Assignment, {"ended_at": None}, order="taken_at") if row.is_live(now))

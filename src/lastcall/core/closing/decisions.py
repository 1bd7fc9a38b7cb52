"""What a reviewer decides about a case they have, as they saw it: each decision ends the assignment and closes the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing import assignments
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.case import REQUESTS, Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.freeze import unfreeze_case
from lastcall.core.closing.notices import old_contacts_of_line, queue
from lastcall.core.closing.review import (
    NOTHING_ASKED,
    again,
    approve_case,
    four_eyes,
    known_rejection,
    photo_goes,
    reject_case,
)
from lastcall.core.closing.scan import Scan
from lastcall.core.errors import Conflict, Refused
from lastcall.core.plan import Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import one_of
from lastcall.core.subscribers.line import Line

WAYS_OF_ASKING: Final = ("called_back", "in_person", "by_mail")
"""How the holder was asked about a freeze."""
PHOTO_JUDGEMENTS: Final = ("agrees", "differs", "unreadable")
NOTES: Final = ("", "called_back", "compared_signature", "asked_colleague", "papers_seen")
"""What an approval rests on besides what the page showed."""


def _begin(rows: Store, case_id: int, revision: int, actor: Actor) -> tuple[Case, Assignment]:
    """The case as it was shown, and the reviewer's assignment. Raises ``Refused`` (``not_assigned``, ``four_eyes``),
    ``Conflict`` (``stale_page``)."""
    case = read_case(rows, case_id)
    held = assignments.mine(rows, case_id=case.id, actor=actor)
    assignments.refuse_if_took_part(rows, case, actor.name)
    if case.revision != revision:
        raise Conflict(
            "the case has changed since this page was shown",
            code="stale_page",
            remedy="Look at it once more, then decide.",
        )
    return case, held


@transaction
def approve(rows: Store, *, case_id: int, revision: int, actor: Actor, note: str = "") -> Case:
    """Approve for the reasons that revision shows; the checks then run again. ``note``: one of :data:`NOTES`.

    Raises ``BadInput`` (``bad_note``), ``Refused`` (``not_assigned``, ``four_eyes``, ``frozen``, ``judge_photo_first``),
    ``Conflict`` (``stale_page``), ``NotAllowed`` when there is nothing to approve.
    """
    one_of("note", note, NOTES)
    case, held = _begin(rows, case_id, revision, actor)
    if photo_waits(case):
        raise Refused("the photo was not judged yet", code="judge_photo_first", remedy="Say what the photo shows.")
    changed = approve_case(rows, case, actor, note)
    assignments.decided(rows, held, actor)
    return changed


@transaction
def reject(rows: Store, *, case_id: int, revision: int, reason: str, actor: Actor) -> Case:
    """Reject with a coded reason; the contacts that were on file before are told. Raises ``BadInput`` (``bad_reason``), else as
    :func:`approve`."""
    known_rejection(reason)
    case, held = _begin(rows, case_id, revision, actor)
    changed = reject_case(rows, case, actor, reason)
    rows.apply(_tell(rows, case, "rejected", rejected=reason))
    assignments.decided(rows, held, actor)
    return changed


@transaction
def unfreeze(rows: Store, *, case_id: int, revision: int, how: str, actor: Actor) -> Case:
    """Lift the freeze after the holder was asked; ``how``: one of :data:`WAYS_OF_ASKING`. A case in review stays the reviewer's.

    Raises ``BadInput`` (``bad_way``), ``Refused`` (``not_frozen``), else as :func:`approve`.
    """
    one_of("way", how, WAYS_OF_ASKING)
    case, held = _begin(rows, case_id, revision, actor)
    changed = unfreeze_case(rows, case, actor, how)
    if changed.state != "review":
        assignments.decided(rows, held, actor)
    return changed


@transaction
def ask(rows: Store, *, case_id: int, revision: int, request: str, actor: Actor) -> Case:
    """Ask the subscriber for something: the case waits for it, and comes back to review when it is there.

    ``request``: one of :func:`requests_open_to`. There are at least policy ``review.answer_days`` to answer. Raises ``BadInput``
    (``bad_request``), ``Refused`` (``not_to_be_asked``, ``frozen``), else as :func:`approve`.
    """
    one_of("request", request, REQUESTS[1:])
    case, held = _begin(rows, case_id, revision, actor)
    changed = _asked(rows, case, request, actor, photo_is_settled=request == "photo")
    assignments.decided(rows, held, actor)
    return changed


@transaction
def judge_photo(rows: Store, *, case_id: int, revision: int, judgement: str, actor: Actor) -> Case:
    """Say what the photo shows, one of :data:`PHOTO_JUDGEMENTS`. One that cannot be read: another is asked for, or, when there
    were enough (policy ``identity.photo_tries``), a visit to a shop.

    Raises ``BadInput`` (``bad_judgement``), ``Refused`` (``no_photo_to_judge``, ``frozen``), else as :func:`approve`.
    """
    one_of("judgement", judgement, PHOTO_JUDGEMENTS)
    case, held = _begin(rows, case_id, revision, actor)
    if not photo_waits(case):
        raise Refused("no photo waits for a person", code="no_photo_to_judge", remedy="Decide about the case instead.")
    if judgement == "unreadable":
        request = "photo" if "photo" in requests_open_to(rows, case) else "in_person"
        changed = _asked(rows, case, request, actor, photo_is_settled=True)
    else:
        changed = _judged(rows, case, judgement, actor)
    assignments.decided(rows, held, actor)
    return changed


def photo_waits(case: Case) -> bool:
    """Whether the photo is one that a person has still to judge."""
    return (
        case.state == "review"
        and case.photo == "unclear"
        and case.photo_decided_at is None
        and "photo_unclear" not in case.approved_reasons.split()
    )


def _judged(rows: Store, case: Case, judgement: str, actor: Actor) -> Case:
    four_eyes(case, actor)
    _refuse_frozen(case)
    now = clock.now()
    matched = judgement == "agrees"
    values: dict[str, Any] = {"photo": "matched" if matched else "differs", "photo_ok_at": now if matched else None}
    values |= {"photo_decided_at": now, "review_due_at": None} | NOTHING_ASKED
    given = {"given": f"photo {values['photo']}"}
    plan = move(case, "judge_photo", actor=actor, now=now, reason=judgement, data=given, **values)
    rows.apply(plan + photo_goes(case, now) + Plan((again(case, now),)))
    return after(case, plan)


def requests_open_to(rows: Store, case: Case) -> tuple[str, ...]:
    """What may be asked of the subscriber of this case, in the order of :data:`~lastcall.core.closing.case.REQUESTS`."""
    policy = Policy.from_json(case.policy)
    left = policy.identity_photo_tries - rows.count(Scan, {"case_id": case.id})
    photo = policy.identity_photo != "off" and case.in_person_at is None and case.photo in {"", "unclear"} and left > 0
    possible = {
        "photo": photo and "photo_unclear" not in case.approved_reasons.split(),
        "in_person": True,
        "papers": case.declared_by == "representative",
        "signature": case.signed_at is None,
    }
    return tuple(request for request in REQUESTS if possible.get(request))


def _asked(rows: Store, case: Case, request: str, actor: Actor, *, photo_is_settled: bool) -> Case:
    """``photo_is_settled``: nobody looks at the photo any more, so the time to its destruction runs."""
    four_eyes(case, actor)
    _refuse_frozen(case)
    if request not in requests_open_to(rows, case):
        raise Refused("this cannot be asked here", code="not_to_be_asked", remedy="Choose one of those offered.")
    now = clock.now()
    until = max(case.lapse_at, now + timedelta(days=Policy.from_json(case.policy).review_answer_days))
    values: dict[str, Any] = {"asked": request, "asked_at": now, "review_due_at": None, "lapse_at": until}
    if photo_is_settled:
        values["photo_decided_at"] = now if case.photo else None
    plan = move(case, "ask", actor=actor, now=now, reason=request, **values)
    work = Plan((again(case, now), job("case.advance", case.id, due_at=until, about=f"lapse {case.revision}")))
    photo = photo_goes(case, now) if photo_is_settled else Plan()
    rows.apply(plan + work + photo + _tell(rows, case, "asked", asked=request, answer_until=until.isoformat()))
    return after(case, plan)


def _refuse_frozen(case: Case) -> None:
    if case.frozen_at is not None:
        raise Refused("the case is frozen", code="frozen", remedy="Ask the holder, then unfreeze or reject.")


def _tell(rows: Store, case: Case, template: str, **facts: Any) -> Plan:
    line = rows.one(Line, {"id": case.line_id}) if case.line_id else None
    if line is None:
        return Plan()
    contacts, now = old_contacts_of_line(rows, line, case, Policy.from_json(case.policy)), clock.now()
    return queue(case, contacts, template, now=now, about=f"revision {case.revision}", **facts)

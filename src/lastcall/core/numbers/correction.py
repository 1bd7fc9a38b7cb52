"""Putting right a closing that was reported wrongly: one asks with a reason and a paper, another approves. What was said stays.

The look-ups then read the two tenures of the holder as one, unbroken.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import NUMBER_MANAGER, REVIEWER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.errors import NotAllowed, NotFound, Refused
from lastcall.core.numbers.correction_row import REASONS, Correction
from lastcall.core.numbers.early_release import took_part
from lastcall.core.numbers.lifecycle import CORRECTION
from lastcall.core.numbers.references import order_reference
from lastcall.core.numbers.rules import number_event
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import one_of

MAY_ASK: Final = frozenset({REVIEWER, NUMBER_MANAGER})


@transaction
def ask(rows: Store, *, tenure_id: int, reason: str, reference: str, policy: Policy, actor: Actor) -> Correction:
    """Ask that the closing of ``tenure_id`` be read as never having been; another decides within policy
    ``numbers.early_release_hours``.

    ``reason``: one of :data:`~lastcall.core.numbers.correction_row.REASONS`; ``reference``: of the paper, 3 to 40 signs with a
    digit, no name and no number. Raises ``BadInput`` (``bad_reason``, ``bad_reference``), ``NotAllowed`` for another role,
    ``NotFound``, ``Refused``: ``not_ceased``, ``not_given_back`` (nobody or somebody else has it now), ``corrected_already``,
    ``asked_already``.
    """
    one_of("reason", reason, REASONS)
    words = order_reference(reference)
    if actor.role not in MAY_ASK:
        raise NotAllowed(f"correction: asking is not for this role ({actor.role})")
    now = clock.now()
    tenure, following = _wrongly_closed(rows, tenure_id)
    _not_standing(rows, tenure_id, now)
    correction = Correction(
        id=clock.new_id(), tenure_id=tenure.id, follows_tenure_id=following.id, reason=reason, reference=words,
        asked_by=actor.name, asked_at=now, until=now + timedelta(hours=policy.numbers_early_release_hours),
    )  # fmt: skip
    rows.apply(Plan((Insert(correction),), (_event("correction_asked", correction, actor, now),)))
    return correction


def _wrongly_closed(rows: Store, tenure_id: int) -> tuple[Tenure, Tenure]:
    """The tenure whose closing is to be corrected, and the one in which the same subscriber has the number back."""
    tenure = rows.one(Tenure, {"id": tenure_id})
    if tenure is None:
        raise NotFound("no such tenure", remedy="Open the number again.")
    if tenure.ending != "ceased":
        raise Refused("this tenure was not closed", code="not_ceased", remedy="Only a closing can be corrected.")
    following = rows.one(Tenure, {"msisdn": tenure.msisdn, "ordinal": tenure.ordinal + 1})
    if following is None or following.follows_id != tenure.id or following.subscriber_id != tenure.subscriber_id:
        raise Refused(
            "its holder has not been given the number back", code="not_given_back",
            remedy="Give the number back first, while its holder may still have it.",
        )  # fmt: skip
    return tenure, following


def _not_standing(rows: Store, tenure_id: int, now: datetime) -> None:
    for correction in rows.some(Correction, {"tenure_id": tenure_id}):
        if correction.at is not None:
            raise Refused("it was corrected already", code="corrected_already", remedy="There is nothing left to do.")
        if now < correction.until:
            raise Refused("it was asked for already", code="asked_already", remedy="A colleague decides it.")


@transaction
def approve(rows: Store, *, correction_id: int, actor: Actor) -> Correction:
    """Approve what a colleague asked for: from now on the closing counts as none.

    Raises ``NotFound``, ``NotAllowed`` for another role or a second time, ``Refused``: ``own_request``, ``took_part`` (in the
    closing), ``request_lapsed``, ``not_given_back``; ``Conflict`` when a colleague was quicker.
    """
    correction, now = rows.one(Correction, {"id": correction_id}), clock.now()
    if correction is None:
        raise NotFound("no such request", remedy="Look at the list of requests again.")
    CORRECTION.move(correction.state, "approve", role=actor.role)
    if now >= correction.until:
        raise Refused("the request has lapsed", code="request_lapsed", remedy="Ask anew, if it is still needed.")
    _may_decide(rows, correction, actor)
    _wrongly_closed(rows, correction.tenure_id)
    approved = Change(Correction, {"id": correction.id, "at": None}, {"approved_by": actor.name, "at": now})
    rows.apply(Plan((approved,), (_event("corrected", correction, actor, now),)))
    found = rows.one(Correction, {"id": correction.id})
    assert found is not None
    return found


def _may_decide(rows: Store, correction: Correction, actor: Actor) -> None:
    """Another than who asked, and without a part in the closing."""
    if actor.name == correction.asked_by:
        raise Refused("whoever asked does not decide", code="own_request", remedy="A colleague decides.")
    if actor.name in _involved(rows, correction.tenure_id):
        raise Refused(
            "whoever had a part in the closing does not correct it", code="took_part", remedy="Ask a colleague."
        )


def _involved(rows: Store, tenure_id: int) -> frozenset[str]:
    case = rows.one(Case, {"tenure_id": tenure_id, "state": "closed"})
    return took_part(case, rows.some(Event, {"case_id": case.id})) if case is not None else frozenset()


def _event(kind: str, correction: Correction, actor: Actor, now: datetime) -> Event:
    told = {
        "correction": correction.id, "asked_by": correction.asked_by, "until": correction.until.isoformat(),
        "tenure": correction.tenure_id, "follows": correction.follows_tenure_id,
    }  # fmt: skip
    return number_event(
        kind, correction.tenure_id, actor, now, source="", target="", reason=correction.reason, data=told
    )


@transaction
def open_corrections(rows: Store) -> tuple[Correction, ...]:
    """What waits for a second person, the oldest first."""
    return tuple(rows.some(Correction, {"at": None, "until__gt": clock.now()}, order="asked_at"))

"""A person decides what the rules leave to a person; four eyes where the pack asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.checks import PERSON
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.texts import REJECTIONS
from lastcall.core.errors import BadInput, Refused
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction

_DECISIONS: Final = ("case.approve", "case.unfreeze", "case.judge_photo")


def four_eyes(case: Case, actor: Actor) -> None:
    """The decider is neither who opened nor who verified (policy ``review.four_eyes``). Raises ``Refused``."""
    involved = {_name(case.opener), _name(case.verifier)}
    # Whoever is no staff has no name of their own; the lifecycle turns them away.
    if actor.is_staff and actor.name in involved and Policy.from_json(case.policy).review_four_eyes:
        raise Refused(
            "whoever opened or verified a case does not decide it", code="four_eyes", remedy="Another reviewer decides."
        )


def not_the_decider(rows: Store, case: Case, actor: Actor) -> None:
    """Whoever approved or unfroze a case does not verify it afterwards (policy ``review.four_eyes``). Raises ``Refused``."""
    if not actor.is_staff or not Policy.from_json(case.policy).review_four_eyes:
        return
    decisions = rows.some(Event, {"case_id": case.id, "kind__in": _DECISIONS})
    if actor.name in {_name(decision.actor) for decision in decisions}:
        raise Refused(
            "whoever decided a case does not verify it", code="four_eyes", remedy="Somebody else looks at the document."
        )


def _name(actor: str) -> str:
    return actor.partition(":")[2]


@transaction
def approve(rows: Store, *, case_id: int, actor: Actor, note: str = "") -> Case:
    """Approve what was referred, for the reasons that were shown; the checks then run again.

    Raises ``NotAllowed``, ``Refused`` (``four_eyes``, ``frozen``).
    """
    return approve_case(rows, read_case(rows, case_id), actor, note)


def approve_case(rows: Store, case: Case, actor: Actor, note: str = "") -> Case:
    """As :func:`approve`, inside a transaction of the caller's."""
    four_eyes(case, actor)
    if case.frozen_at is not None:
        raise Refused("the case is frozen", code="frozen", remedy="Ask the holder, then unfreeze or reject.")
    now = clock.now()
    shown = {result["reason"] for result in case.results.values() if result["outcome"] == PERSON}
    approved = " ".join(sorted(shown | set(case.approved_reasons.split())))
    plan = move(
        case,
        "approve",
        actor=actor,
        now=now,
        reason=note,
        approver=str(actor),
        approved_reasons=approved,
        review_due_at=None,
        photo_decided_at=case.photo_decided_at or (now if case.photo == "unclear" else None),
        **NOTHING_ASKED,
    )
    plan += photo_goes(case, now)
    rows.apply(plan + Plan((again(case, now),)))
    return after(case, plan)


NOTHING_ASKED: dict[str, Any] = {"asked": "", "asked_at": None}
"""What every decision sets back."""


def again(case: Case, now: datetime) -> Insert:
    """The work that runs the checks once more after a decision."""
    return job("case.advance", case.id, due_at=now, about=f"revision {case.revision + 1}")


def photo_goes(case: Case, now: datetime) -> Plan:
    """A photo that a person has decided about is destroyed once the time to appeal is over."""
    if case.photo != "unclear":
        return Plan()
    appeal = timedelta(hours=Policy.from_json(case.policy).retention_photo_appeal_hours)
    return Plan((job("photo.destroy", case.id, due_at=now + appeal, about=f"approved {case.revision}"),))


def known_rejection(reason: str) -> None:
    """Raises ``BadInput`` (``bad_reason``) for what is no key of :data:`lastcall.core.closing.texts.REJECTIONS`."""
    if reason not in REJECTIONS:
        raise BadInput(
            f"no such reason: {reason}", code="bad_reason", remedy=f"One of: {', '.join(sorted(REJECTIONS))}."
        )


@transaction
def reject(rows: Store, *, case_id: int, actor: Actor, reason: str) -> Case:
    """Reject with a coded reason (a key of :data:`lastcall.core.closing.texts.REJECTIONS`). The receipt stays what it is."""
    known_rejection(reason)
    return reject_case(rows, read_case(rows, case_id), actor, reason)


def reject_case(rows: Store, case: Case, actor: Actor, reason: str) -> Case:
    """As :func:`reject`, inside a transaction of the caller's, with a reason that is known."""
    four_eyes(case, actor)
    plan = move(case, "reject", actor=actor, now=clock.now(), reason=reason)
    rows.apply(plan)
    return after(case, plan)

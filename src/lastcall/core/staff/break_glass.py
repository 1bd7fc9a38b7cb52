"""Asking for a file in an emergency, deciding about it, and looking at it afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import shape
from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.find import find_by_reference
from lastcall.core.closing.notices import old_contacts_of_line, queue
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.job import Alert
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.glass import GLASS, REASONS, VERDICTS, Glass
from lastcall.core.staff.opening import plan_opening, watch
from lastcall.core.staff.rights import RIGHTS
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import one_of
from lastcall.core.subscribers.line import Line

ALERT: Final = "staff.glass"
FEWEST_LETTERS: Final = 10
MOST_LETTERS: Final = 300


@transaction
def ask(rows: Store, *, reference: str, reason: str, words: str, actor: Actor, policy: Policy) -> Glass:
    """Ask for the file of a case, with a coded reason and a few words without personal data.

    Raises ``NotFound`` for an unknown reference, ``BadInput`` (``bad_reason``, ``words_missing``, ``words_too_long``,
    ``personal_words``), ``Refused``: ``no_right``, ``glass_pause`` while policy ``staff.glass_pause_hours`` since the last time is
    not over.
    """
    _may(actor, "glass.ask")
    one_of("reason", reason, REASONS)
    said, case, now = _impersonal(words), find_by_reference(rows, reference=reference), clock.now()
    _refuse_in_pause(rows, case, actor, policy, now)
    glass = Glass(
        id=clock.new_id(), case_id=case.id, asked_by=actor.name, asked_role=actor.role, asked_door=actor.door,
        reason=reason, words=said, asked_at=now, state=GLASS.start,
    )  # fmt: skip
    rows.apply(Plan((Insert(glass),), (_noted(glass, "asked", "", actor, now),)))
    return glass


def _may(actor: Actor, right: str) -> None:
    if actor.role not in RIGHTS[right].roles:
        raise Refused(f"the right {right} is not yours", code="no_right", remedy="Ask somebody whose work it is.")


def _impersonal(words: str) -> str:
    said = " ".join(words.split())
    if len(said) < FEWEST_LETTERS:
        raise BadInput("say what it is about", code="words_missing", remedy=f"At least {FEWEST_LETTERS} letters.")
    if len(said) > MOST_LETTERS:
        raise BadInput("the words are too long", code="words_too_long", remedy=f"At most {MOST_LETTERS} letters.")
    if shape(said):
        raise BadInput(
            "the words hold what looks like a number or a document", code="personal_words",
            remedy="Leave numbers, documents and codes out; the case is known by its reference.",
        )  # fmt: skip
    return said


def _refuse_in_pause(rows: Store, case: Case, actor: Actor, policy: Policy, now: datetime) -> None:
    pause = timedelta(hours=policy.staff_glass_pause_hours)
    if rows.some(Glass, {"case_id": case.id, "asked_by": actor.name, "asked_at__gt": now - pause}, limit=1):
        raise Refused(
            "the same file was asked for by the same person lately", code="glass_pause",
            remedy="An emergency is not extended: let a colleague take over.",
        )  # fmt: skip


@transaction
def approve(rows: Store, *, glass_id: int, actor: Actor, policy: Policy) -> Glass:
    """Open the file to who asked, for policy ``staff.glass_minutes`` from now and no longer; subscriber and auditor are told.

    Raises ``NotFound``, ``NotAllowed`` when it was decided, ``Refused``: ``no_right``, ``own_glass``, ``glass_too_old``.
    """
    _may(actor, "glass.approve")
    glass, now = _another_persons(rows, glass_id, actor), clock.now()
    target = GLASS.move(glass.state, "approve", role=actor.role)
    if now - glass.asked_at >= timedelta(hours=policy.staff_glass_pause_hours):
        raise Refused("this was asked for too long ago", code="glass_too_old", remedy="Let them ask again.")
    asker = Actor(glass.asked_role, glass.asked_by, glass.asked_door)
    opening, opened = plan_opening(
        case_id=glass.case_id, actor=asker, ground="break_glass", ground_id=glass.id, reason=glass.reason,
        policy=policy, minutes=policy.staff_glass_minutes,
    )  # fmt: skip
    done: dict[str, Any] = {
        "decided_by": actor.name,
        "decided_at": now,
        "opening_id": opening.id,
        "until": opening.until,
    }
    rows.apply(opened + _told(rows, glass, now) + _moved(glass, target, "approved", actor, now, **done))
    watch(rows, actor=asker, policy=policy)
    return replace(glass, state=target, **done)


def _told(rows: Store, glass: Glass, now: datetime) -> Plan:
    """The contacts on file and the auditor hear of it."""
    case = read_case(rows, glass.case_id)
    alert = Alert(id=clock.new_id(), at=now, code=ALERT, subject_id=glass.id, job_id=0, detail="")
    line = rows.one(Line, {"id": case.line_id}) if case.line_id is not None else None
    if line is None:
        return Plan((Insert(alert),))
    contacts = old_contacts_of_line(rows, line, case, Policy.from_json(case.policy))
    notices = queue(case, contacts, "file_opened", now=now, about=str(glass.id), opened_at=now.isoformat())
    return notices + Plan((Insert(alert),))


@transaction
def refuse(rows: Store, *, glass_id: int, actor: Actor) -> Glass:
    """Do not open the file. Raises ``NotFound``, ``NotAllowed``, ``Refused`` (``no_right``, ``own_glass``)."""
    _may(actor, "glass.approve")
    glass, now = _another_persons(rows, glass_id, actor), clock.now()
    target = GLASS.move(glass.state, "refuse", role=actor.role)
    done: dict[str, Any] = {"decided_by": actor.name, "decided_at": now}
    rows.apply(_moved(glass, target, "refused", actor, now, **done))
    return replace(glass, state=target, **done)


@transaction
def review(rows: Store, *, glass_id: int, verdict: str, actor: Actor) -> Glass:
    """An auditor looked at it afterwards: one of :data:`~lastcall.core.staff.glass.VERDICTS`; its alert is then settled.

    Raises ``NotFound``, ``BadInput`` (``bad_verdict``), ``NotAllowed``, ``Refused`` (``own_glass``).
    """
    glass, now = _another_persons(rows, glass_id, actor), clock.now()
    one_of("verdict", verdict, VERDICTS)
    target = GLASS.move(glass.state, "review", role=actor.role)
    if glass.decided_by == actor.name:
        raise Refused("you approved this yourself", code="own_glass", remedy="Another auditor looks at it.")
    done: dict[str, Any] = {"reviewed_by": actor.name, "reviewed_at": now, "verdict": verdict}
    settled = tuple(
        Change(Alert, {"id": alert.id, "resolved_at": None}, {"resolved_at": now, "resolved_by": str(actor)})
        for alert in rows.some(Alert, {"code": ALERT, "subject_id": glass.id, "resolved_at": None})
    )
    rows.apply(_moved(glass, target, "reviewed", actor, now, **done) + Plan(settled))
    return replace(glass, state=target, **done)


def read_glass(rows: Store, glass_id: int) -> Glass:
    """Raises ``NotFound``."""
    glass = rows.one(Glass, {"id": glass_id})
    if glass is None:
        raise NotFound("no such request", remedy="See the list.")
    return glass


def _another_persons(rows: Store, glass_id: int, actor: Actor) -> Glass:
    glass = read_glass(rows, glass_id)
    if glass.asked_by == actor.name:
        raise Refused("you asked for this yourself", code="own_glass", remedy="Another person decides.")
    return glass


def _moved(glass: Glass, target: str, kind: str, actor: Actor, now: datetime, **values: Any) -> Plan:
    change = Change(Glass, {"id": glass.id, "state": glass.state}, {"state": target} | values)
    return Plan((change,), (_noted(glass, kind, target, actor, now, **values),))


def _noted(glass: Glass, kind: str, target: str, actor: Actor, now: datetime, **values: Any) -> Event:
    data = {"asked_by": glass.asked_by} | ({"verdict": values["verdict"]} if "verdict" in values else {})
    return Event(
        at=now, kind=f"glass.{kind}", subject="glass", subject_id=glass.id, case_id=glass.case_id, actor=str(actor),
        door=actor.door, reason=glass.reason, source=glass.state if target else "", target=target or glass.state, data=data,
    )  # fmt: skip

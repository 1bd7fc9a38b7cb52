"""Looking at a number's life: one whole number, a reason, an event before anything is shown. No number is ever listed."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.reading import note_number_reading
from lastcall.core.closing.case import Case
from lastcall.core.errors import NotFound, Refused
from lastcall.core.job import Job
from lastcall.core.numbers.look import Look
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.opening import watch
from lastcall.core.store import Store, transaction
from lastcall.core.stuck_work import subject_of
from lastcall.core.subscribers.line import Line


@transaction
def look_at_number(rows: Store, *, msisdn: int, reason: str, policy: Policy, actor: Actor) -> Look:
    """Open one number's life to one member of the staff for policy ``staff.opening_minutes``; its holders are told.

    Raises ``BadInput`` (``bad_reason``), ``Refused`` (``not_staff``).
    """
    return _open(rows, msisdn, reason, policy, actor)


@transaction
def look_at_stuck_order(rows: Store, *, job_id: int, policy: Policy, actor: Actor) -> Look:
    """Open the life of the number that a dead job is about. Raises ``NotFound``, ``Refused`` (``not_staff``, ``no_number``)."""
    job = rows.one(Job, {"id": job_id, "state": "dead"})
    if job is None:
        raise NotFound("no such order that is stuck", remedy="Look at the list again.")
    msisdn = _number_behind(rows, *subject_of(rows, job.kind, job.subject_id))
    if msisdn is None:
        raise Refused("this order is about no number", code="no_number", remedy="Retry it, or resolve its alert.")
    return _open(rows, msisdn, "stuck", policy, actor)


def _number_behind(rows: Store, subject: str, subject_id: int) -> int | None:
    if subject == "case":
        case = rows.one(Case, {"id": subject_id})
        return case.claimed_msisdn if case is not None else None
    line = rows.one(Line, {"sim_id" if subject == "sim" else "id": subject_id}) if subject in {"line", "sim"} else None
    tenure = rows.one(Tenure, {"id": line.tenure_id}) if line is not None else None
    return tenure.msisdn if tenure is not None else None


@transaction
def look_at_request(rows: Store, *, request_id: int, policy: Policy, actor: Actor) -> Look:
    """Open the life of the number whose early release was asked for, to decide it. Raises ``NotFound``, ``Refused``."""
    request = rows.one(ReleaseRequest, {"id": request_id, "state": "asked"})
    tenure = rows.one(Tenure, {"id": request.tenure_id}) if request is not None else None
    if tenure is None:
        raise NotFound("no such request", remedy="Look at the list of requests again.")
    return _open(rows, tenure.msisdn, "planning", policy, actor)


def _open(rows: Store, msisdn: int, reason: str, policy: Policy, actor: Actor) -> Look:
    if not actor.is_staff:
        raise Refused("only staff look at a number's life", code="not_staff", remedy="The number page is the public's.")
    now = clock.now()
    look = Look(
        id=clock.new_id(), login=actor.name, msisdn=msisdn, reason=reason, at=now,
        until=now + timedelta(minutes=policy.staff_opening_minutes),
    )  # fmt: skip
    tenures = rows.some(Tenure, {"msisdn": msisdn}, order="ordinal")
    noted = note_number_reading([tenure.id for tenure in tenures], actor=actor, reason=reason, data={"look": look.id})
    rows.apply(Plan((Insert(look),)) + noted)
    watch(rows, actor=actor, policy=policy)
    return look


def live_look(rows: Store, *, look_id: int, login: str) -> Look:
    """The look, while it lives and is this member's. Raises ``NotFound`` in the same words whatever it lacks."""
    found = rows.one(Look, {"id": look_id, "login": login})
    if found is None or clock.now() >= found.until:
        raise NotFound("this number is not open to you", code="not_open", remedy="Search for it again, with a reason.")
    return found


get_live_look = transaction(live_look)

"""Ending a number's quarantine before its date: one number manager asks with a reason, another approves. Nobody does it alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lastcall.core import clock
from lastcall.core.actor import WORKER, Actor
from lastcall.core.audit import reading
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.errors import NotFound, Refused
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.lifecycle import EARLY_RELEASE, NUMBER
from lastcall.core.numbers.notice import look_again
from lastcall.core.numbers.number import Quarantine
from lastcall.core.numbers.references import order_reference
from lastcall.core.numbers.release_request import REASONS, ReleaseRequest
from lastcall.core.numbers.rules import number_event
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import one_of
from lastcall.core.subscribers.line import Line


@dataclass(frozen=True, slots=True)
class Resting:
    """What an early release is decided on: the number's rest, its last tenure, the line and the case that ended it.

    ``floor``: not before then (policy ``quarantine.floor_days``, the stricter of the one frozen at the closing and today's,
    counted from the network-confirmed cease, or from the return of a ported number). ``involved``: logins with a part in the
    closing.
    """

    state: str
    tenure: Tenure | None
    membership: Quarantine | None
    line: Line | None
    floor: datetime | None
    involved: frozenset[str]


@transaction
def ask(rows: Store, *, msisdn: int, reason: str, reference: str, policy: Policy, actor: Actor) -> ReleaseRequest:
    """Ask for the number's quarantine to end at once; another decides within policy ``numbers.early_release_hours``.

    ``reason``: one of :data:`~lastcall.core.numbers.release_request.REASONS`; ``reference``: of the order, 3 to 40 signs with
    a digit, no name and no number. Raises ``BadInput`` (``bad_reason``, ``bad_reference``), ``NotAllowed`` for another role or
    a number that is not in quarantine, ``Refused``: ``below_floor``, ``legal_hold``, ``quarantine_over``, ``took_part``,
    ``asked_already``.
    """
    one_of("reason", reason, REASONS)
    words = order_reference(reference)
    now = clock.now()
    rest = resting(rows, msisdn, policy)
    tenure, _ = _may_be_shortened(rest, actor, now)
    lapsed = _standing(rows, tenure.id, now)
    request = ReleaseRequest(
        id=clock.new_id(), tenure_id=tenure.id, reason=reason, reference=words, asked_by=actor.name, asked_at=now,
        until=now + timedelta(hours=policy.numbers_early_release_hours),
    )  # fmt: skip
    told: Json = {"request": request.id, "until": request.until.isoformat()}
    asked = _event("early_release_asked", request, actor, now, told)
    rows.apply(lapsed + Plan((Insert(request),), (asked,)))
    return request


def _standing(rows: Store, tenure_id: int, now: datetime) -> Plan:
    """The plan that notes that the last request lapsed; nothing when there is none. Raises ``Refused`` (``asked_already``)."""
    standing = rows.one(ReleaseRequest, {"tenure_id": tenure_id, "state": "asked"})
    if standing is None:
        return Plan()
    if now < standing.until:
        raise Refused("it was asked for already", code="asked_already", remedy="Another number manager decides it.")
    return _decided(standing, "lapse", "early_release_lapsed", WORKER, now)


def resting(rows: Store, msisdn: int, policy: Policy) -> Resting:
    """What is held about the number's rest. ``policy``: in force today."""
    life = read_life(rows, msisdn)
    tenure = life.latest
    line = rows.one(Line, {"tenure_id": tenure.id}) if tenure is not None else None
    case = rows.one(Case, {"tenure_id": tenure.id, "state": "closed"}) if tenure is not None else None
    days = policy.quarantine_floor_days
    if case is not None:
        days = max(days, Policy.from_json(case.policy).quarantine_floor_days)
    since = _rests_since(tenure) if tenure is not None else None
    return Resting(
        life.state, tenure, life.quarantine, line, since + timedelta(days=days) if since is not None else None,
        took_part(case, rows.some(Event, {"case_id": case.id})) if case is not None else frozenset(),
    )  # fmt: skip


def _rests_since(tenure: Tenure) -> datetime | None:
    """A ceased number rests from the network-confirmed cease, one that was ported out from its return."""
    return tenure.until if tenure.ending == "ceased" else tenure.reclaim_until


def took_part(case: Case, events: list[Event]) -> frozenset[str]:
    """The logins of all staff who opened, verified, decided or otherwise moved the case; those who only read it are none."""
    actors = {case.opener, case.verifier, case.approver}
    actors |= {event.actor for event in events if event.kind != reading.KIND and not event.actor.startswith("system:")}
    return frozenset(actor.partition(":")[2] for actor in actors) - {"", "-"}


def _may_be_shortened(rest: Resting, actor: Actor, now: datetime) -> tuple[Tenure, Quarantine]:
    NUMBER.move(rest.state, "shorten", role=actor.role)
    assert rest.tenure is not None and rest.membership is not None and rest.floor is not None
    if now < rest.floor:
        raise Refused(
            "the number has not rested long enough",
            code="below_floor",
            remedy=f"Not before {rest.floor:%Y-%m-%d %H:%M} UTC.",
        )
    if now >= rest.membership.quarantine_until:
        raise Refused("its quarantine is over", code="quarantine_over", remedy="The next sweep releases it.")
    if rest.line is not None and rest.line.legal_hold_at is not None:
        raise Refused("the line is under a legal hold", code="legal_hold", remedy="The hold is lifted first.")
    if actor.name in rest.involved:
        raise Refused(
            "whoever had a part in the closing does not free its number", code="took_part", remedy="Ask a colleague."
        )
    return rest.tenure, rest.membership


@transaction
def approve(rows: Store, *, request_id: int, policy: Policy, actor: Actor) -> ReleaseRequest:
    """Approve what a colleague asked for: the quarantine ends now, and the next sweep releases the number, once whoever relies on
    it was told in time.

    Raises ``NotFound``, ``NotAllowed``, ``Refused``: ``own_request``, ``request_lapsed`` and as :func:`ask`; ``Conflict``.
    """
    request, now = _open_request(rows, request_id, "approve", actor), clock.now()
    held = rows.one(Tenure, {"id": request.tenure_id})
    assert held is not None
    rest = resting(rows, held.msisdn, policy)
    tenure, membership = _may_be_shortened(rest, actor, now)
    if tenure.id != request.tenure_id:
        raise Refused("the number has a later holder", code="quarantine_over", remedy="Ask again, if need be.")
    told: Json = {
        "asked_by": request.asked_by,
        "was": membership.quarantine_until.isoformat(),
        "until": now.isoformat(),
    }
    plan = _decided(
        request,
        "approve",
        "released_early",
        actor,
        now,
        told,
        state=NUMBER.move("quarantined", "shorten", role=actor.role),
    )
    rows.apply(plan + _shortened(tenure, membership, now) + _still_free(rest.line))
    look_again(rows)
    return _now(rows, request.id)


def _shortened(tenure: Tenure, membership: Quarantine, now: datetime) -> Plan:
    """The number's place among the resting and its tenure's date, both moved to ``now``."""
    was = membership.quarantine_until
    place = {"quarantine_until": was, "msisdn": membership.msisdn, "tenure_id": tenure.id}
    return Plan(
        (
            Remove(Quarantine, place),
            Change(Tenure, {"id": tenure.id, "quarantine_until": was}, {"quarantine_until": now}),
            Insert(Quarantine(quarantine_until=now, msisdn=membership.msisdn, tenure_id=tenure.id)),
        )
    )


def _still_free(line: Line | None) -> Plan:
    """A guard against a legal hold that is put on in this very moment."""
    if line is None:
        return Plan()
    free = {"legal_hold_at": None}
    return Plan((Change(Line, {"id": line.id} | free, free),))


@transaction
def refuse(rows: Store, *, request_id: int, actor: Actor) -> ReleaseRequest:
    """Say no to what a colleague asked for.

    Raises ``NotFound``, ``NotAllowed``, ``Refused``: ``own_request``, ``request_lapsed``.
    """
    request = _open_request(rows, request_id, "refuse", actor)
    rows.apply(_decided(request, "refuse", "early_release_refused", actor, clock.now()))
    return _now(rows, request.id)


@transaction
def take_back(rows: Store, *, request_id: int, actor: Actor) -> ReleaseRequest:
    """Take back what one asked for oneself.

    Raises ``NotFound``, ``NotAllowed``, ``Refused``: ``anothers_request``, ``request_lapsed``.
    """
    request = _open_request(rows, request_id, "take_back", actor)
    rows.apply(_decided(request, "take_back", "early_release_withdrawn", actor, clock.now()))
    return _now(rows, request.id)


def _open_request(rows: Store, request_id: int, action: str, actor: Actor) -> ReleaseRequest:
    request = rows.one(ReleaseRequest, {"id": request_id})
    if request is None:
        raise NotFound("no such request", remedy="Look at the list of requests again.")
    EARLY_RELEASE.move(request.state, action, role=actor.role)
    if clock.now() >= request.until:
        raise Refused("the request has lapsed", code="request_lapsed", remedy="Ask anew, if it is still needed.")
    own = actor.name == request.asked_by
    if own and action != "take_back":
        raise Refused("whoever asked does not decide", code="own_request", remedy="Another number manager decides.")
    if not own and action == "take_back":
        raise Refused("a colleague asked for it", code="anothers_request", remedy="Refuse it, if it should not be.")
    return request


def _decided(
    request: ReleaseRequest,
    action: str,
    kind: str,
    actor: Actor,
    now: datetime,
    data: Json | None = None,
    *,
    state: str = "",
) -> Plan:
    target = EARLY_RELEASE.move(request.state, action, role=actor.role)
    values = {"state": target, "decided_by": actor.name, "decided_at": now}
    told: Json = {"request": request.id} | (data or {})
    return Plan(
        (Change(ReleaseRequest, {"id": request.id, "state": request.state}, values),),
        (_event(kind, request, actor, now, told, state=state),),
    )


def _event(kind: str, request: ReleaseRequest, actor: Actor, now: datetime, data: Json, *, state: str = "") -> Event:
    return number_event(
        kind, request.tenure_id, actor, now, source=state, target=state, reason=request.reason, data=data
    )


def _now(rows: Store, request_id: int) -> ReleaseRequest:
    request = rows.one(ReleaseRequest, {"id": request_id})
    assert request is not None
    return request


@transaction
def open_requests(rows: Store) -> tuple[ReleaseRequest, ...]:
    """What waits for a second person, the oldest first."""
    return tuple(rows.some(ReleaseRequest, {"state": "asked", "until__gt": clock.now()}, order="asked_at"))


@transaction
def belongs(rows: Store, *, request_id: int, tenure_id: int) -> None:
    """The request is about this tenure. Raises ``NotFound`` when it is about another, or there is none."""
    if rows.one(ReleaseRequest, {"id": request_id, "tenure_id": tenure_id}) is None:
        raise NotFound("no such request", remedy="Look at the list of requests again.")

"""A longer rest for one's former number, on the leaver's own request, where the policy frozen into their case offers it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import HOLDER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.errors import BadInput, NotAllowed, Refused
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.notice import look_again, taken_back
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.rules import extend
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction

KIND: Final = "number.rest_extended"
ASKED: Final = "asked_by_leaver"


@dataclass(frozen=True, slots=True)
class Choice:
    """``days`` more, so that the number is nobody's before ``until``."""

    days: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """``choices``: what may be asked for now, empty when nothing; ``asked_at``: when it was asked for, None when it was not."""

    choices: tuple[Choice, ...]
    asked_at: datetime | None


def offered_days(policy: Policy) -> tuple[int, ...]:
    """What a leaver may choose from: policy ``quarantine.longer_days``, as far as ``quarantine.longer_days_max`` allows."""
    return tuple(
        sorted({days for days in policy.quarantine_longer_days if 0 < days <= policy.quarantine_longer_days_max})
    )


@transaction
def offer(rows: Store, *, case: Case) -> Offer:
    """What the leaver of a closed case may ask for now."""
    asked = _asked(rows, case)
    member = _resting(rows, case)
    if asked is not None or member is None or clock.now() >= member.quarantine_until:
        return Offer((), asked.at if asked is not None else None)
    days = offered_days(Policy.from_json(case.policy))
    return Offer(tuple(Choice(each, member.quarantine_until + timedelta(days=each)) for each in days), None)


@transaction
def ask(rows: Store, *, case: Case, days: int, actor: Actor) -> datetime:
    """Let the number rest ``days`` longer; returns the new end. Once a case, while the number rests.

    To be asked by the holder whose case this is: the caller has made sure of that. Raises ``NotAllowed`` for another role,
    ``BadInput`` (``bad_days``), ``Refused``: ``not_offered``, ``not_closed``, ``asked_already``, ``not_resting``,
    ``quarantine_over``; ``Conflict`` when the rest changed in this moment.
    """
    if actor.role != HOLDER:
        raise NotAllowed(f"a longer rest is the leaver's own wish, not for this role ({actor.role})")
    if case.state != "closed":
        raise Refused("this case has not closed a line", code="not_closed", remedy="Wait until the line is closed.")
    _choice(days, Policy.from_json(case.policy))
    # In this order: a rest that somebody has just made longer is then either seen here with its event, or lost to the guard.
    member, now = _still_resting(rows, case), clock.now()
    if _asked(rows, case) is not None:
        raise Refused("it was asked for already", code="asked_already", remedy="A rest is made longer once only.")
    until = member.quarantine_until + timedelta(days=days)
    plan = extend(member, until=until, reason=ASKED, actor=actor, now=now, data={"days": days}, case_id=case.id)
    announced = taken_back(rows, member.tenure_id)
    rows.apply(plan + announced)
    if announced.writes:
        look_again(rows)
    return until


def _choice(days: int, policy: Policy) -> None:
    choices = offered_days(policy)
    if not choices:
        raise Refused("this operator makes no rest longer", code="not_offered", remedy="The number rests as announced.")
    if days not in choices:
        listed = ", ".join(str(each) for each in choices)
        raise BadInput("the rest is not made longer by so many days", code="bad_days", remedy=f"One of: {listed}.")


def _asked(rows: Store, case: Case) -> Event | None:
    found = rows.some(Event, {"subject": "tenure", "subject_id": case.tenure_id or 0, "kind": KIND, "reason": ASKED})
    return found[0] if found else None


def _resting(rows: Store, case: Case) -> PendingRelease | Quarantine | None:
    """The number's place among the resting, as long as it is this case's tenure that it rests from."""
    tenure = rows.one(Tenure, {"id": case.tenure_id}) if case.tenure_id is not None else None
    if tenure is None or case.state != "closed":
        return None
    life = read_life(rows, tenure.msisdn)
    member = life.pending or life.quarantine
    return member if member is not None and member.tenure_id == tenure.id else None


def _still_resting(rows: Store, case: Case) -> PendingRelease | Quarantine:
    member = _resting(rows, case)
    if member is None:
        raise Refused("the number does not rest any more", code="not_resting", remedy="It may be somebody's again.")
    if clock.now() >= member.quarantine_until:
        raise Refused("its rest is over", code="quarantine_over", remedy="The next sweep releases it.")
    return member

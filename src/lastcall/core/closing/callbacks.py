"""Booking a call-back, moving it and calling it off. Never two people at one place."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing.callback import Callback, Slot, all_slots, booked
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import move, try_again
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.story import is_proved
from lastcall.core.errors import Conflict, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import LANGUAGES, aware, one_of

__all__ = ["Callback", "Slot", "book", "booked", "cancel", "slots"]


def _zone() -> tzinfo:
    return timezone.get_default_timezone()


@transaction
def slots(rows: Store, *, case_id: int) -> tuple[Slot, ...]:
    """The times that are still free, in the operator's time zone (setting ``LASTCALL_TIME_ZONE``); none while not offered."""
    policy = Policy.from_json(read_case(rows, case_id).policy)
    found = all_slots(policy, now=clock.now(), zone=_zone())
    return tuple(slot for slot in found if _free_place(rows, slot.start, policy))


def _free_place(rows: Store, start: datetime, policy: Policy) -> int:
    """The first free place at that time, 0 when all are taken (policy ``callback.per_slot``)."""
    taken = {row.place for row in rows.some(Callback, {"start": start, "cancelled_at": None})}
    return next((place for place in range(1, policy.callback_per_slot + 1) if place not in taken), 0)


def book(database: Database, *, case_id: int, start: datetime, language: str, actor: Actor) -> Callback:
    """Book the call-back that begins at ``start``; one that was booked before is moved. The same again changes nothing.

    Raises ``BadInput`` (``naive_moment``, ``bad_language``), ``Refused``: ``no_callbacks``, ``identity_missing`` (who is called
    follows from the proof), ``not_a_slot``, ``slot_taken``; ``NotAllowed`` when the case has ended.
    """
    aware(start), one_of("language", language, LANGUAGES)
    try:
        return try_again(lambda: database.transact(lambda rows: _book(rows, case_id, start, language, actor)))
    except Conflict:
        raise _taken() from None


def _book(rows: Store, case_id: int, start: datetime, language: str, actor: Actor) -> Callback:
    case, now = read_case(rows, case_id), clock.now()
    policy = Policy.from_json(case.policy)
    _refuse_unless_proved(case, policy)
    before = booked(rows, case.id)
    if before is not None and (before.start, before.language) == (start, language):
        return before
    slot = next((slot for slot in all_slots(policy, now=now, zone=_zone()) if slot.start == start), None)
    if slot is None:
        raise Refused("there is no call-back at that time", code="not_a_slot", remedy="Choose one of the times shown.")
    off = _off(before, now) if before else Plan()
    rows.apply(off)
    place = _free_place(rows, start, policy)
    if not place:
        raise _taken()
    made = Callback(
        id=clock.new_id(),
        case_id=case.id,
        start=slot.start,
        end=slot.end,
        place=place,
        language=language,
        booked_at=now,
    )
    told: dict[str, Any] = {"given": "callback", "start": start.isoformat(), "language": language}
    rows.apply(Plan((Insert(made),)) + move(case, "prove", actor=actor, now=now, data=told))
    return made


def _refuse_unless_proved(case: Case, policy: Policy) -> None:
    if not policy.callback_offered:
        raise Refused("no call-backs are offered", code="no_callbacks", remedy="Come to a shop, or call us.")
    if not is_proved(case) or (case.photo == "differs" and case.in_person_at is None):
        raise Refused(
            "identity was not proved yet", code="identity_missing", remedy="Show who you are first; then choose a time."
        )


def _taken() -> Refused:
    return Refused("somebody else has that time", code="slot_taken", remedy="Choose another of the times shown.")


def _off(standing: Callback, now: datetime) -> Plan:
    return Plan((Change(Callback, {"id": standing.id, "cancelled_at": None}, {"cancelled_at": now}),))


@transaction
def cancel(rows: Store, *, case_id: int, actor: Actor) -> None:
    """Call the call-back off; without one nothing is done. Raises ``NotAllowed`` when the case has ended."""
    case, now = read_case(rows, case_id), clock.now()
    standing = booked(rows, case.id)
    if standing is not None:
        rows.apply(_off(standing, now) + move(case, "prove", actor=actor, now=now, data={"given": "no callback"}))

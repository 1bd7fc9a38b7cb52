"""A call-back: one time at which our staff call the holder about a case; and the times that there are, as a pure rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from django.db import models

from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Row, holds, table, unique
from lastcall.core.store import Store

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STANDING: Final = models.Q(cancelled_at__isnull=True)


@table(
    "closing",
    references={"case_id": "closing.Case"},
    constraints=(
        unique("callback_place_once", "start", "place", where=_STANDING),
        unique("callback_one_per_case", "case_id", where=_STANDING),
        holds("callback_place", models.Q(place__gte=1)),
    ),
    indexes=(models.Index(fields=["case_id"], name="callback_case"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Row):
    """``start`` and ``end``: when we call; ``place``: which of the calls at that time (policy ``callback.per_slot``);
    ``language``: to be spoken."""

    id: int
    case_id: int
    start: datetime
    end: datetime
    place: int
    language: str
    booked_at: datetime
    cancelled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a call-back can be booked, aware."""

    start: datetime
    end: datetime


def all_slots(policy: Policy, *, now: datetime, zone: tzinfo) -> tuple[Slot, ...]:
    """Every time that begins after ``now``, in order, on clocks in ``zone`` (policies ``callback.weekdays``, ``callback.hours``,
    ``callback.days_ahead``). None while policy ``callback.offered`` is off."""
    if not policy.callback_offered:
        return ()
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(policy.callback_days_ahead + 1))
    found = [
        slot for day in days if WEEKDAYS[day.weekday()] in policy.callback_weekdays for slot in _of(day, policy, zone)
    ]
    return tuple(sorted((slot for slot in found if slot.start > now), key=lambda slot: slot.start))


def _of(day: date, policy: Policy, zone: tzinfo) -> Iterator[Slot]:
    for hours in policy.callback_hours:
        first, _, last = hours.partition("-")
        start, end = (datetime.combine(day, time.fromisoformat(clock), tzinfo=zone) for clock in (first, last))
        yield Slot(start, end)


def booked(rows: Store, case_id: int) -> Callback | None:
    """The call-back that stands for the case, past or to come; None when there is none."""
    return rows.one(Callback, {"case_id": case_id, "cancelled_at": None})

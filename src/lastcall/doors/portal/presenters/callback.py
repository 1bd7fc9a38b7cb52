"""Times for a call, by day, in the reader's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import formats, timezone
from django.utils.translation import get_language

from lastcall.core.closing.callbacks import Callback, Slot
from lastcall.core.closing.texts import moment


@dataclass(frozen=True, slots=True)
class Time:
    """One time: ``value`` for the form, ``text`` for people."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day with its times."""

    title: str
    times: tuple[Time, ...]


def days(slots: Iterable[Slot]) -> tuple[Day, ...]:
    """The slots by calendar day at the operator's place."""
    groups = groupby(slots, key=lambda slot: timezone.localtime(slot.start).date())
    return tuple(Day(_day(day), tuple(map(_time, group))) for day, group in groups)


def _time(slot: Slot) -> Time:
    return Time(slot.start.isoformat(), span(slot.start, slot.end))


def booked_in_words(call: Callback) -> str:
    """Day and time of the call."""
    return f"{_day(timezone.localtime(call.start).date())}, {span(call.start, call.end)}"


def span(start: datetime, end: datetime) -> str:
    """From when to when, with the zone."""
    zone = moment(start).rpartition(" ")[2]
    return f"{timezone.localtime(start):%H:%M}–{timezone.localtime(end):%H:%M} {zone}"


def _day(day: date) -> str:
    weekday = formats.date_format(day, "l")
    # Django has Russian days with a capital, as headings; inside a line they are written small.
    name = weekday.lower() if get_language() == "ru" else weekday
    return f"{formats.date_format(day, 'DATE_FORMAT')} ({name})"

"""The kit's days as a calendar file (RFC 5545) that any calendar takes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from icalendar import Alarm, Calendar, Event

from lastcall.core.closing.letters.letter import Text, Unsure, say
from lastcall.core.kit.kit import Deadline, Kit
from lastcall.core.kit.sources import source_of
from lastcall.core.kit.words import source_day

PRODUCT: Final = "-//Lastcall//kit//EN"
METHOD: Final = "PUBLISH"
"""The days are made known, nobody is invited to them (RFC 5546, 1.4)."""
ALARMS: Final = (7, 1)
"""Days before: to get something done, and not to forget it."""
_AT: Final = timedelta(hours=9)
"""Of an alarm's day, wherever the calendar is: a day-long event begins at midnight by the reader's own clock."""
_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Revisions count from here, so that they fit into 31 bits until 2088."""


def ics(kit: Kit) -> bytes:
    """The deadlines of ``kit`` as day-long events with alarms, in the kit's language, in the order of time.

    What is not confirmed says so in its title; each says its source. The same kit gives the same bytes. An event keeps its UID in
    every language and on every day: a calendar that takes in a kit that was made later moves the events of the former one
    (RFC 5546, 2.1.5: the same UID, a higher SEQUENCE). There is no ORGANIZER, which RFC 5546 asks of what is published: calendars
    would ask them, and there is nobody. An alarm that would lie before the day of the kit is left out.
    """
    with translation.override(kit.language):
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", METHOD)
        calendar.add("x-wr-calname", _name(kit))
        for deadline in sorted(kit.deadlines, key=lambda each: (each.on, each.key)):
            calendar.add_component(_event(kit, deadline))
        content: bytes = calendar.to_ical()
        return content


def _name(kit: Kit) -> str:
    """Whose kit it is; nothing else on a calendar would say which line is meant."""
    return kit.letters[0].brand.shown()


def _event(kit: Kit, deadline: Deadline) -> Event:
    event = Event()
    title = _title(kit, deadline)
    event.add("uid", _uid(kit, deadline.key))
    event.add("sequence", int((_made_at(kit) - _EPOCH).total_seconds()))
    event.add("dtstamp", _made_at(kit))
    event.add("last-modified", _made_at(kit))
    event.add("dtstart", deadline.on)
    event.add("dtend", deadline.on + timedelta(days=1))
    event.add("summary", title)
    event.add("description", _description(deadline))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for days in ALARMS:
        if deadline.on - timedelta(days=days) >= kit.on:
            event.add_component(_alarm(title, days))
    return event


def _uid(kit: Kit, key: str) -> str:
    """What is dated, and for which line; no day, so that another day moves it."""
    return str(
        uuid5(NAMESPACE_URL, ":".join(("urn:lastcall:kit", kit.operator, kit.reason, kit.situation, kit.line, key)))
    )


def _made_at(kit: Kit) -> datetime:
    return kit.letters[0].made_at


def _title(kit: Kit, deadline: Deadline) -> str:
    told = deadline.title if deadline.sure else Unsure(deadline.title)
    return f"{told.shown()} · {_name(kit)}"


def _description(deadline: Deadline) -> str:
    told = source_of(deadline.source) or Text(deadline.source)
    source = say(_("Source: %(source)s (%(on)s)"), source=told, on=source_day(deadline.source_date))
    return f"{deadline.text.shown()}\n{source.shown()}"


def _alarm(title: str, days: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", _AT - timedelta(days=days))
    return alarm

"""What happened to numbers, read from the event log: the news that announcements are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.lookup.days import day_of
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store
from lastcall.core.telling.kinds import OF_EVENTS


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened to a number, before it is known whom it interests. Fields as of
    :class:`~lastcall.core.telling.announcement.Announcement`."""

    tenure_id: int
    msisdn: int
    kind: str
    at: datetime
    day: date
    place: int = 0
    due_at: datetime | None = None


def news_of(rows: Store, links: Sequence[Link]) -> list[News]:
    """What the events at these places of the log tell of numbers, in the order of the places."""
    places = {link.event_id: link.place for link in links}
    found = [event for event in rows.some(Event, {"id__in": list(places)}) if event.kind in OF_EVENTS]
    found.sort(key=lambda event: places[event.id])
    tenures = _tenures(rows, found)
    return [news for event in found for news in _news(event, places[event.id], tenures)]


def _tenures(rows: Store, events: Sequence[Event]) -> dict[int, Tenure]:
    """The tenures that the events are about, and those that these followed."""
    ids = {event.subject_id for event in events}
    named = {tenure.id: tenure for tenure in rows.some(Tenure, {"id__in": sorted(ids)})} if ids else {}
    again = {event.subject_id for event in events if event.kind == "number.assigned"}
    for tenure in [named[each] for each in again if each in named and named[each].ordinal > 1]:
        former = rows.one(Tenure, {"msisdn": tenure.msisdn, "ordinal": tenure.ordinal - 1})
        if former is not None:
            named[-tenure.id] = former
    return named


def _news(event: Event, place: int, tenures: dict[int, Tenure]) -> Iterator[News]:
    tenure = tenures.get(event.subject_id)
    if tenure is None:
        return
    kind = OF_EVENTS[event.kind]
    if kind == "reissued":
        kind = _assigned(event, tenure, tenures.get(-tenure.id))
    if not kind:
        return
    yield News(
        tenure_id=tenure.id, msisdn=tenure.msisdn, kind=kind, at=event.at, day=_day(event, kind, tenure), place=place,
        due_at=datetime.fromisoformat(event.data["until"]) if kind == "rest_extended" else None,
    )  # fmt: skip


def _assigned(event: Event, tenure: Tenure, former: Tenure | None) -> str:
    """A first tenure is no news; one that gives a closed number back, or follows a transfer, is told by that event."""
    if former is None or event.reason == "reactivation" or former.ending == "transferred":
        return ""
    return "returned" if former.subscriber_id == tenure.subscriber_id else "reissued"


def _day(event: Event, kind: str, tenure: Tenure) -> date:
    """A closing counts from the moment that the network confirmed, as look-ups do; all else from its event."""
    if kind == "ceased" and tenure.until is not None:
        return day_of(tenure.until)
    return day_of(event.at)

"""Announcing: what the event log tells, once for each event; and the releases that come, once for each tenure and its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.closing.changes import try_again
from lastcall.core.lookup.days import day_of
from lastcall.core.numbers import notice
from lastcall.core.numbers.notice import Due
from lastcall.core.plan import Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store
from lastcall.core.telling.announcement import Announcement
from lastcall.core.telling.daily import closed_of
from lastcall.core.telling.delivery import Delivery
from lastcall.core.telling.interest import Interest
from lastcall.core.telling.mark import moved, read_mark
from lastcall.core.telling.matching import interests_in
from lastcall.core.telling.news import News, news_of
from lastcall.core.telling.spread import recipients_of, spread

BATCH: Final = 500
TRIES: Final = 20
_OUT_OF_ORDER: Final = timedelta(days=1)
"""More than the moments of events can stand out of the order of their places."""


def follow(database: Database, policy: Policy, *, batch: int = BATCH) -> int:
    """Announce what the log tells since the last time; returns how many events were read.

    The announcements, their deliveries and the place up to which the log was read are one transaction, so each event is
    announced exactly once, however often whoever follows is killed, and whoever else follows at the same time.
    """
    total = 0
    while read := try_again(lambda: database.transact(partial(_follow_batch, policy=policy, batch=batch)), times=TRIES):
        total += read
    return total


def _follow_batch(rows: Store, *, policy: Policy, batch: int) -> int:
    mark = read_mark(rows)
    if mark.revision == 0:
        mark = replace(mark, place=_where_it_begins(rows))
    links = rows.some(Link, {"place__gt": mark.place}, order="place", limit=batch)
    if not links:
        return 0
    news = news_of(rows, links)
    plan, _ = spread(rows, news, policy=policy)
    rows.apply(Plan((moved(mark, place=links[-1].place, day=mark.day), *closed_of(news, mark))) + plan)
    return len(links)


def _where_it_begins(rows: Store) -> int:
    """The last place of the log that need not be read the first time: before any interest, and before the first daily file."""
    interests = rows.some(Interest, {}, order="id", limit=1)
    needed = min([clock.now() - timedelta(days=2), *(one.since for one in interests)]) - _OUT_OF_ORDER
    end = rows.some(Link, {}, order="-place", limit=1)
    below, above = 0, end[0].place if end else 0
    while below < above:
        middle = (below + above + 1) // 2
        link = rows.one(Link, {"place": middle})
        event = rows.one(Event, {"id": link.event_id}) if link is not None else None
        if event is not None and event.at < needed:
            below = middle
        else:
            above = middle - 1
    return below


def release_soon(database: Database, policy: Policy) -> int:
    """Tell of the releases that come within the notice period (policy ``notice.before_release_days``); returns of how many.

    A number whose release date was moved is told of again. Whoever registers an interest late hears of it too, without moving
    the date. Raises ``Conflict`` when an interest came meanwhile; the next time looks again.
    """
    until, total = notice.horizon(policy, clock.now()), 0
    seen = database.transact(notice.watch)
    after: datetime | None = seen.looked_until
    while after is not None:
        page = partial(_tell_page, after=after, until=until, policy=policy)
        told, after = try_again(lambda page=page: database.transact(page), times=TRIES)  # type: ignore[misc]
        total += told
    wanted = database.transact(_anybody)
    if wanted or seen.wanted:
        database.transact(lambda rows: notice.note_looked(rows, seen, until=until, wanted=wanted))
    return total


def _anybody(rows: Store) -> bool:
    """Whether anybody has an interest in any number."""
    return bool(rows.some(Interest, {"ended_at": None}, limit=1))


def _tell_page(rows: Store, *, after: datetime, until: datetime, policy: Policy) -> tuple[int, datetime | None]:
    """How many releases were told of, and after which date to go on; None when there are no more."""
    due = notice.due_until(rows, until=until, after=after, limit=BATCH) if _anybody(rows) else []
    if not due:
        return 0, None
    return _tell_of(rows, due=due, policy=policy), due[-1].quarantine_until


def _tell_of(rows: Store, *, due: Sequence[Due], policy: Policy) -> int:
    interests = interests_in(rows, (one.msisdn for one in due))
    wanted = [one for one in due if one.msisdn in interests]
    if not wanted:
        return 0
    mark, now, known = read_mark(rows), clock.now(), _told_before(rows, wanted)
    news = [
        News(one.tenure_id, one.msisdn, "release_soon", now, day_of(now), due_at=one.quarantine_until)
        for one in wanted
        if (one.tenure_id, one.quarantine_until) not in known
    ]
    late = [(one, _not_yet(rows, one, interests[one.msisdn])) for one in known.values()]
    plan, made = spread(rows, news, policy=policy, late=late)
    if not plan.writes:
        return 0
    rows.apply(Plan((moved(mark, place=mark.place, day=mark.day),)) + plan)
    for announcement in made:
        notice.note_announced(rows, announcement.tenure_id, now)
    return len(made)


def _told_before(rows: Store, due: Sequence[Due]) -> dict[tuple[int, object], Announcement]:
    where = {"tenure_id__in": [one.tenure_id for one in due], "kind": "release_soon"}
    dates = {(one.tenure_id, one.quarantine_until) for one in due}
    found = {(one.tenure_id, one.due_at): one for one in rows.some(Announcement, where)}
    return {key: one for key, one in found.items() if key in dates}


def _not_yet(rows: Store, announcement: Announcement, interests: Sequence[Interest]) -> list[Interest]:
    has = {one.consumer_id for one in rows.some(Delivery, {"announcement_id": announcement.id})}
    return [one for one in recipients_of(interests) if one.consumer_id not in has]


def notice_given(rows: Store, tenure_id: int) -> bool:
    """Whether the release of this tenure's number was announced."""
    return notice.notice_given(rows, tenure_id) is not None

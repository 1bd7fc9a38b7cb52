"""Who was told about a number, for its holder: the day and the kind of organisation, never which one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from lastcall.core.lookup.days import day_of, zone
from lastcall.core.relying.asked import TOLD, Asking
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Store
from lastcall.core.telling.closed import Closed, Fetched
from lastcall.core.telling.delivery import Delivery


def of_number(rows: Store, *, msisdn: int, since: date, until: date | None) -> tuple[Asking, ...]:
    """What was told from day ``since`` to day ``until`` (both included; None: to now): pushed, read from the feed, or fetched in a
    daily file; the oldest first. It is known for policy ``told.retention_days`` and ``told.daily_days``."""
    told = [*_announced(rows, msisdn, since), *_in_files(rows, msisdn)]
    ids = sorted({consumer_id for consumer_id, _ in told})
    categories = {one.id: one.category for one in rows.some(Consumer, {"id__in": ids})} if ids else {}
    times = Counter(
        (day, categories[consumer_id]) for consumer_id, day in told if since <= day and (until is None or day <= until)
    )
    return tuple(Asking(category, day, count, TOLD) for (day, category), count in sorted(times.items()))


def _announced(rows: Store, msisdn: int, since: date) -> Iterator[tuple[int, date]]:
    beginning = datetime.combine(since, time(), tzinfo=zone()) - timedelta(microseconds=1)
    for delivery in rows.some(Delivery, {"msisdn": msisdn, "told_at__gt": beginning}):
        assert delivery.told_at is not None
        yield delivery.consumer_id, day_of(delivery.told_at)


def _in_files(rows: Store, msisdn: int) -> Iterator[tuple[int, date]]:
    days = sorted({closed.file_day for closed in rows.some(Closed, {"msisdn": msisdn})})
    for fetched in rows.some(Fetched, {"day__in": days}) if days else ():
        yield fetched.consumer_id, day_of(fetched.at)

"""How telling stands: how far the log was read, what waits, and which endpoints take nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from lastcall.core.audit.link import Link
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Store, transaction
from lastcall.core.telling.delivery import DEAD, QUEUED, WAITING, Delivery, Reader
from lastcall.core.telling.mark import read_mark
from lastcall.core.telling.webhook import Webhook


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One consumer's webhook; of its address only the ``host``, for the rest may be a secret of the consumer's."""

    consumer: str
    host: str
    state: str
    failures: int
    failing_since: datetime | None
    paused_until: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class Status:
    """``behind``: events of the log that were not read yet; ``last_file``: the last day with a daily file; ``queued``,
    ``waiting`` and ``dead``: deliveries."""

    behind: int
    last_file: date | None
    interests: int
    queued: int
    waiting: int
    dead: int
    endpoints: tuple[Endpoint, ...]


@transaction
def status(rows: Store) -> Status:
    """As it is now."""
    mark, end = read_mark(rows), rows.some(Link, {}, order="-place", limit=1)
    counts = {state: rows.count(Delivery, {"state": state}) for state in (QUEUED, WAITING, DEAD)}
    return Status(
        behind=(end[0].place if end else 0) - mark.place, last_file=mark.day,
        interests=sum(reader.interests for reader in rows.some(Reader, {})), queued=counts[QUEUED],
        waiting=counts[WAITING], dead=counts[DEAD], endpoints=_endpoints(rows),
    )  # fmt: skip


def _endpoints(rows: Store) -> tuple[Endpoint, ...]:
    names = {one.id: one.name for one in rows.some(Consumer, {})}
    return tuple(
        Endpoint(
            consumer=names[one.consumer_id], host=urlsplit(one.url).hostname or "", state=one.state,
            failures=one.failures, failing_since=one.failing_since, paused_until=one.paused_until,
            last_error=one.last_error,
        )
        for one in sorted(rows.some(Webhook, {}), key=lambda each: names[each.consumer_id])
    )  # fmt: skip

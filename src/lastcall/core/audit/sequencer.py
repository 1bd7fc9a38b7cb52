"""The sequencer: gives every event its place in the hash chain, after the commit, so that writers never queue for it.

Events commit in another order than their ids were given out, so the place tells when an event was linked, not when it began;
what counts is that each has one place, that no place is empty, and that nothing linked can be altered unnoticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Final, cast

from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import Conflict
from lastcall.core.store import Database, Store

LOOK_BACK: Final = 10_000
"""How far below the highest linked id an event is still looked for that committed late."""
TRIES: Final = 20
START: Final = "0" * 64
_TURN: Final = 0x4C617374  # the advisory lock of sequencers: any number that nothing else here uses
"""The digest before the first place."""


def digest(previous: str, event: Event) -> str:
    """SHA-256 over the previous digest and the event as canonical JSON (sorted keys, UTC), in hexadecimal."""
    return hashlib.sha256((previous + canonical(event)).encode()).hexdigest()


def canonical(event: Event) -> str:
    """The event as one JSON text that is the same on every database."""
    fields = {name: getattr(event, name) for name in Event.columns}
    fields["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sequence(database: Database, *, batch: int = 1000, thorough: bool = False) -> int:
    """Link every event that has no place yet, ``batch`` to a transaction; returns how many.

    Two at once are safe: a place is given once, and whoever comes second reads again. ``thorough``: look through the whole
    log, for events whose transaction stayed open while :data:`LOOK_BACK` others were written.
    """
    total = 0
    while linked := _retried(database, partial(_link_batch, batch=batch, look_back=None if thorough else LOOK_BACK)):
        total += linked
    return total


def _retried(database: Database, work: Callable[[Store], int]) -> int:
    for _ in range(TRIES - 1):
        try:
            return database.transact(work)
        except Conflict:
            continue  # another sequencer took the place: read the new end of the chain
    return database.transact(work)


def _link_batch(rows: Store, *, batch: int, look_back: int | None) -> int:
    store = cast(DatabaseStore, rows)
    if not store.sqlite:
        # In turn rather than in conflict, so that no sequencer starves; SQLite has one writer anyway.
        store.run("SELECT pg_advisory_xact_lock(%s)", [_TURN])
    end = store.some(Link, {}, order="-place", limit=1)
    place, previous = (end[0].place, end[0].digest) if end else (0, START)
    links: list[Link] = []
    if not (unlinked := _unlinked(store, batch, look_back)):
        return 0
    for event in store.some(Event, {"id__in": unlinked}, order="id"):
        place, previous = place + 1, digest(previous, event)
        links.append(Link(place=place, event_id=event.id, digest=previous))
    store.insert_all(links, Link)
    return len(links)


def _unlinked(store: DatabaseStore, batch: int, look_back: int | None) -> list[int]:
    highest = store.run("SELECT MAX(event_id) FROM audit_link").fetchone()[0] or 0
    above = 0 if look_back is None else max(highest - look_back, 0)
    found = store.run(
        "SELECT e.id FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id "
        "WHERE e.id > %s AND l.event_id IS NULL ORDER BY e.id LIMIT %s",
        [above, batch],
    )
    return [int(row[0]) for row in found.fetchall()]

"""Walking the hash chain from its start, and what else the event log must hold as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.audit.privacy import personal
from lastcall.core.audit.reader import as_of_one_moment
from lastcall.core.audit.sequencer import START, digest
from lastcall.core.database import DatabaseStore
from lastcall.core.store import Database, Store

Breach = tuple[str, int, str, str]
"""Invariant, item of the design's section 6, subject, detail."""

BATCH: Final = 2_000
SETTLING: Final = timedelta(minutes=1)
"""A younger event may still be on its way to its place."""

_SHOWN: Final = 100
_TRIGGERS: Final = (
    *(f"{table}_no_{verb}" for table in ("audit_event", "audit_link", "closing_declaration") for verb in ("update", "delete")),
    "closing_case_declared", "numbers_sim_stays_dead", "numbers_tenure_rests",
    "numbers_quarantine_stays", "numbers_correction_stays", "numbers_correction_no_delete",
)  # fmt: skip


@dataclass
class Walk:
    """One walk along the chain. ``place`` and ``digest``: where it ended; ``seen``: how many events it read."""

    database: Database
    place: int = 0
    digest: str = START
    seen: int = 0

    def breaches(self) -> Iterator[Breach]:
        """Each gap, each altered or missing event, each event that tells something personal."""
        while links := self._next():
            for link, event in links:
                yield from self._check(link, event)
                # From what is stored: one altered event is one breach, not all that come after it.
                self.place, self.digest, self.seen = link.place, link.digest, self.seen + 1

    def _next(self) -> list[tuple[Link, Event | None]]:
        def read(rows: Store) -> list[tuple[Link, Event | None]]:
            links = rows.some(Link, {"place__gt": self.place}, order="place", limit=BATCH)
            ids = [link.event_id for link in links]
            events = {event.id: event for event in rows.some(Event, {"id__in": ids})} if ids else {}
            return [(link, events.get(link.event_id)) for link in links]

        return as_of_one_moment(self.database, read)

    def _check(self, link: Link, event: Event | None) -> Iterator[Breach]:
        subject = f"event {link.event_id}"
        if link.place != self.place + 1:
            yield "chain_holds", 13, subject, f"places {self.place + 1} to {link.place - 1} are empty"
        if event is None:
            yield "chain_holds", 13, subject, f"the event at place {link.place} is gone"
        elif link.digest != digest(self.digest, event):
            yield "chain_holds", 13, subject, f"at place {link.place}: the event, or its place, was altered"
        if event is not None and (shape := personal(event)):
            yield "events_tell_nothing_personal", 12, subject, f"{event.kind} holds what looks like a {shape}"


def _first_column(rows: Store, sql: str, values: Sequence[object] = ()) -> list[str]:
    return [str(row[0]) for row in cast(DatabaseStore, rows).run(sql, values).fetchall()]


def unlinked(database: Database) -> Iterator[Breach]:
    """Events that have settled and still have no place."""
    sql = (
        "SELECT e.id FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id "
        "WHERE l.event_id IS NULL AND e.at <= %s ORDER BY e.id LIMIT %s"
    )
    settled = clock.now() - SETTLING
    for event_id in database.transact(lambda rows: _first_column(rows, sql, [settled, _SHOWN])):
        yield "every_event_linked", 13, f"event {event_id}", "it has no place in the chain"


def append_only(database: Database) -> Iterator[Breach]:
    """Triggers that keep the event log and other facts as they are, missing or switched off."""

    def read(rows: Store) -> list[str]:
        if cast(DatabaseStore, rows).sqlite:
            return _first_column(rows, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return _first_column(rows, "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')")

    present = set(database.transact(read))
    for trigger in _TRIGGERS:
        if trigger not in present:
            yield "append_only", 13, trigger, "the trigger is missing or switched off"

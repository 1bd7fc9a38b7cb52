"""The sweep: what is due leaves pending release for quarantine, and quarantine for anybody.

Set-based, in batches of a transaction each: stop it anywhere, start it again, run two at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from lastcall.core import clock
from lastcall.core.numbers.number import PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.sweep_record import SweepRecord
from lastcall.core.plan import Insert, Plan, Remove
from lastcall.core.store import Database, Drain, Store

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Swept:
    """How many numbers went into quarantine, were released, and how many reservations ran out."""

    quarantined: int
    released: int
    reservations_ended: int


def sweep(database: Database, *, batch: int = BATCH, progress: Callable[[str, int], None] | None = None) -> Swept:
    """Move everything due by now; a sweep that moved something leaves its record.

    ``progress``: called with the step's name and how many so far.
    """
    began = clock.now()
    to_quarantine = Drain(
        PendingRelease, "reclaim_until", "number.quarantined", "pending_release", "quarantined", batch, into=Quarantine
    )
    to_anybody = Drain(Quarantine, "quarantine_until", "number.released", "quarantined", "available", batch)
    swept = Swept(
        quarantined=_drain(database, to_quarantine, progress),
        released=_drain(database, to_anybody, progress),
        reservations_ended=database.transact(_end_reservations),
    )
    if swept != Swept(0, 0, 0):
        database.transact(partial(_record, swept=swept, began=began))
    return swept


def _record(rows: Store, *, swept: Swept, began: datetime) -> None:
    lasted = (clock.now() - began) // timedelta(milliseconds=1)
    record = SweepRecord(
        id=clock.new_id(), at=began, quarantined=swept.quarantined, released=swept.released,
        reservations_ended=swept.reservations_ended, lasted_ms=lasted,
    )  # fmt: skip
    rows.apply(Plan((Insert(record),)))


def _drain(database: Database, drain: Drain, progress: Callable[[str, int], None] | None) -> int:
    total = 0
    while moved := database.transact(partial(_drain_once, drain=drain)):
        total += moved
        if progress is not None:
            progress(drain.target, total)
    return total


def _drain_once(rows: Store, *, drain: Drain) -> int:
    return rows.drain(drain, now=clock.now())


def _end_reservations(rows: Store) -> int:
    due = rows.some(Reservation, {"until__lte": clock.now()})
    rows.apply(Plan(tuple(Remove(Reservation, {"msisdn": row.msisdn, "purpose": row.purpose}) for row in due)))
    return len(due)

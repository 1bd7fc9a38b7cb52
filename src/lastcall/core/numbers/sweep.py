"""The sweep: what is due leaves pending release for quarantine, and quarantine for anybody.

Set-based, in batches of a transaction each: stop it anywhere, start it again, run two at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from lastcall.core import clock
from lastcall.core.closing.changes import try_again
from lastcall.core.numbers import notice
from lastcall.core.numbers.number import PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.put_off import put_off
from lastcall.core.numbers.sweep_record import SweepRecord
from lastcall.core.plan import Insert, Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Drain, Store

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Swept:
    """How many numbers went into quarantine, were released, and how many reservations ran out; how many releases were put off."""

    quarantined: int
    released: int
    reservations_ended: int
    put_off: int = 0


def sweep(
    database: Database,
    *,
    policy: Policy | None = None,
    batch: int = BATCH,
    progress: Callable[[str, int], None] | None = None,
) -> Swept:
    """Move everything due by now; a sweep that moved something leaves its record.

    ``policy``: the operator's, by which a release waits for quiet and for its notice; without one, for neither.
    ``progress``: called with the step's name and how many so far.
    """
    began = clock.now()
    to_quarantine = Drain(
        PendingRelease, "reclaim_until", "number.quarantined", "pending_release", "quarantined", batch, into=Quarantine
    )
    to_anybody = partial(Drain, Quarantine, "quarantine_until", "number.released", "quarantined", "available", batch)
    quarantined = _drain(database, to_quarantine, progress)
    looked = clock.now()
    put_off_now = put_off(database, until=looked, policy=policy) if policy is not None else 0
    swept = Swept(
        quarantined=quarantined,
        released=_drain(database, to_anybody(until=looked if policy is not None else None), progress, policy),
        reservations_ended=database.transact(_end_reservations),
        put_off=put_off_now,
    )
    if swept.quarantined or swept.released or swept.reservations_ended:
        database.transact(partial(_record, swept=swept, began=began))
    return swept


def _record(rows: Store, *, swept: Swept, began: datetime) -> None:
    lasted = (clock.now() - began) // timedelta(milliseconds=1)
    record = SweepRecord(
        id=clock.new_id(), at=began, quarantined=swept.quarantined, released=swept.released,
        reservations_ended=swept.reservations_ended, lasted_ms=lasted,
    )  # fmt: skip
    rows.apply(Plan((Insert(record),)))


def _drain(
    database: Database, drain: Drain, progress: Callable[[str, int], None] | None, policy: Policy | None = None
) -> int:
    total = 0
    while moved := try_again(lambda: database.transact(partial(_drain_once, drain=drain, policy=policy))):
        total += moved
        if progress is not None:
            progress(drain.target, total)
    return total


def _drain_once(rows: Store, *, drain: Drain, policy: Policy | None) -> int:
    now = clock.now()
    if policy is not None:
        # What fell due since releases were put off waits for the next sweep, as does what nobody has looked at yet.
        drain = replace(drain, until=notice.held_until(rows, policy, drain.until or now))
    return rows.drain(drain, now=now)


def _end_reservations(rows: Store) -> int:
    due = rows.some(Reservation, {"until__lte": clock.now()})
    rows.apply(Plan(tuple(Remove(Reservation, {"msisdn": row.msisdn, "purpose": row.purpose}) for row in due)))
    return len(due)

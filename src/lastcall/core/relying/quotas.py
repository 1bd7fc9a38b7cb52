"""How much a consumer may ask: so many requests a second, and so many requests and rows a day.

The second is a token bucket in the serving process. The day is one guarded row in the database, from which each process takes
leases: a part of what is left, so that hardly any request asks the database, and never more is spent than the day has.
A lease that is not used is given back.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import Conflict, Refused
from lastcall.core.plan import Change, InsertMissing, Plan, Remove
from lastcall.core.relying.access import Access
from lastcall.core.relying.allowance import Allowance
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.roll import PerDatabase, roll_of
from lastcall.core.relying.today import midnight_after, today
from lastcall.core.store import Database, Store, transaction

REQUESTS, ROWS = "requests", "rows"
_PARTS: Final = 32
"""A lease is this part of what the day has left: the less is left, the less lies unused elsewhere."""
_MOST_LEASED: Final = 10_000
_IDLE_SECONDS: Final = 2.0


class TooMany(Refused):
    """``too_many_requests`` (this second) or ``quota_exceeded`` (this day). ``retry_after``: seconds until it makes sense again."""

    def __init__(self, message: str, *, code: str, retry_after: int) -> None:
        super().__init__(message, code=code, remedy=f"Try again in {retry_after} s.")
        self.retry_after = retry_after


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(slots=True)
class _Lease:
    day: date
    left: int
    used_at: float


class _Ledger:
    """What this process has leased of each consumer's day, and the buckets of the present second."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.buckets: dict[int, _Bucket] = {}
        self.leases: dict[tuple[int, str], _Lease] = {}
        self.leasing: dict[tuple[int, str], threading.Lock] = {}

    def take_second(self, consumer: Consumer, n: int) -> bool:
        """Called with the lock held."""
        now, rate = clock.ticks(), consumer.requests_per_second
        bucket = self.buckets.get(consumer.id)
        if bucket is None:
            bucket = self.buckets[consumer.id] = _Bucket(float(rate), now)
        left = min(float(rate), bucket.left + (now - bucket.at) * rate)
        bucket.at, bucket.left = now, left - n if left >= n else left
        return left >= n

    def take_day(self, key: tuple[int, str], day: date, n: int) -> bool:
        """Called with the lock held."""
        lease = self.leases.get(key)
        if lease is None or lease.day != day or lease.left < n:
            return False
        lease.left -= n
        lease.used_at = clock.ticks()
        return True


_ledgers = PerDatabase(_Ledger)


class Purse:
    """One consumer's requests, at hand without asking the database while there is a lease."""

    __slots__ = ("_consumer", "_key", "_ledger")

    def __init__(self, ledger: _Ledger, consumer: Consumer) -> None:
        self._ledger, self._consumer, self._key = ledger, consumer, (consumer.id, REQUESTS)

    def take(self) -> bool:
        """One request; False: :func:`spend` must say. Raises :class:`TooMany` (``too_many_requests``)."""
        ledger, day = self._ledger, today()
        with ledger.lock:
            lease = ledger.leases.get(self._key)
            if lease is None or lease.left < 1 or lease.day != day:
                return False
            if not ledger.take_second(self._consumer, 1):
                raise TooMany("too many requests in this second", code="too_many_requests", retry_after=1)
            lease.left -= 1
            lease.used_at = ledger.buckets[self._consumer.id].at
            return True

    def put_back(self) -> None:
        """What was taken was not used."""
        with self._ledger.lock:
            lease, bucket = self._ledger.leases.get(self._key), self._ledger.buckets.get(self._consumer.id)
            if lease is not None:
                lease.left += 1
            if bucket is not None:
                bucket.left += 1


def purse(database: Database, consumer: Consumer) -> Purse:
    """This consumer's, as it was agreed with it now."""
    return Purse(_ledgers.of(database), consumer)


def spend(database: Database, access: Access, n: int = 1) -> None:
    """``n`` requests of this second and of this day. Raises :class:`TooMany` (``too_many_requests``, ``quota_exceeded``)."""
    consumer = _consumer(database, access)
    ledger: _Ledger = _ledgers.of(database)
    with ledger.lock:
        if not ledger.take_second(consumer, n):
            raise TooMany("too many requests in this second", code="too_many_requests", retry_after=1)
    _spend_day(database, ledger, consumer, REQUESTS, n)


def spend_at_once(database: Database, access: Access) -> bool:
    """One request, where that can be said without asking the database; False: :func:`spend` must say. Raises :class:`TooMany`."""
    consumer = roll_of(database).known(access.consumer_id)
    return consumer is not None and purse(database, consumer).take()


def spend_more(database: Database, access: Access, n: int) -> None:
    """``n`` more requests of this day, whatever the pace: questions that came together in one request. All or none.

    Raises :class:`TooMany` (``quota_exceeded``).
    """
    if n > 0:
        _spend_day(database, _ledgers.of(database), _consumer(database, access), REQUESTS, n)


def spend_rows(database: Database, access: Access, n: int) -> None:
    """``n`` rows of this day, all or none. Raises :class:`TooMany` (``quota_exceeded``)."""
    _spend_day(database, _ledgers.of(database), _consumer(database, access), ROWS, n)


def _consumer(database: Database, access: Access) -> Consumer:
    consumer = roll_of(database).consumer(database, access.consumer_id)
    if consumer is None:
        raise Refused("this consumer has ended", code="unauthenticated", remedy="Ask the operator.")
    return consumer


def _spend_day(database: Database, ledger: _Ledger, consumer: Consumer, kind: str, n: int) -> None:
    key, day = (consumer.id, kind), today()
    with ledger.lock:
        if ledger.take_day(key, day, n):
            return
        leasing = ledger.leasing.setdefault(key, threading.Lock())
    with leasing:
        with ledger.lock:
            if ledger.take_day(key, day, n):
                return
            had = ledger.leases.get(key)
            held = had.left if had is not None and had.day == day else 0
        got = _lease(database, consumer, kind, day, n - held)
        with ledger.lock:
            _put(ledger, key, day, got)
            if ledger.take_day(key, day, n):
                return
    raise TooMany("the day's quota is used up", code="quota_exceeded", retry_after=_until_tomorrow())


def _put(ledger: _Ledger, key: tuple[int, str], day: date, got: int) -> None:
    """Add ``got`` to what is left of this day's lease. Called with the lock held."""
    lease = ledger.leases.get(key)
    if lease is None or lease.day != day:
        ledger.leases[key] = _Lease(day, got, clock.ticks())
    else:
        lease.left += got


def _lease(database: Database, consumer: Consumer, kind: str, day: date, least: int) -> int:
    """Take a part of what is left of the day, ``least`` or more; 0 when that is not there."""
    limit = consumer.requests_per_day if kind == REQUESTS else consumer.rows_per_day
    while True:
        try:
            return _take(database, consumer_id=consumer.id, kind=kind, day=day, least=least, limit=limit)
        except Conflict:
            continue  # another process took its part at this very moment


def _where(consumer_id: int, kind: str, day: date) -> dict[str, object]:
    return {"consumer_id": consumer_id, "day": day, "kind": kind}


@transaction
def _take(rows: Store, *, consumer_id: int, kind: str, day: date, least: int, limit: int) -> int:
    where = _where(consumer_id, kind, day)
    row = rows.one(Allowance, where)
    if row is None:
        rows.apply(Plan((InsertMissing(Allowance(consumer_id=consumer_id, day=day, kind=kind, taken=0)),)))
    taken = row.taken if row is not None else 0
    left = limit - taken
    if left < least:
        return 0
    part = max(least, min(left // _PARTS, _MOST_LEASED)) if kind == REQUESTS else least
    rows.apply(Plan((Change(Allowance, {**where, "taken": taken}, {"taken": taken + part}),)))
    return part


@transaction
def _give_back(rows: Store, *, consumer_id: int, kind: str, day: date, n: int) -> None:
    where = _where(consumer_id, kind, day)
    row = rows.one(Allowance, where)
    if row is not None:
        rows.apply(Plan((Change(Allowance, {**where, "taken": row.taken}, {"taken": max(row.taken - n, 0)}),)))


def give_back(database: Database, *, idle_seconds: float = _IDLE_SECONDS) -> None:
    """Give back what is leased and was not touched for so long, so that other processes have it; 0: everything, at the end."""
    ledger: _Ledger = _ledgers.of(database)
    now = clock.ticks()
    with ledger.lock:
        idle = [key for key, lease in ledger.leases.items() if now - lease.used_at >= idle_seconds]
        given = [(key, ledger.leases.pop(key)) for key in idle]
    for (consumer_id, kind), lease in given:
        if lease.left and lease.day == today():
            _give_back_once(database, consumer_id, kind, lease)


def _give_back_once(database: Database, consumer_id: int, kind: str, lease: _Lease) -> None:
    try:
        _give_back(database, consumer_id=consumer_id, kind=kind, day=lease.day, n=lease.left)
    except Conflict:
        with (ledger := _ledgers.of(database)).lock:
            _put(ledger, (consumer_id, kind), lease.day, lease.left)


def _until_tomorrow() -> int:
    now = clock.now()
    return max(1, math.ceil((midnight_after(now) - now).total_seconds()))


@transaction
def taken(rows: Store, *, consumer_id: int) -> dict[str, int]:
    """How much of the present day is taken, by kind."""
    found = rows.some(Allowance, {"consumer_id": consumer_id, "day": today()})
    return {row.kind: row.taken for row in found}


@transaction
def forget(rows: Store, *, keep_days: int = 90, most: int = 500) -> int:
    """Delete what was taken longer ago than ``keep_days``; returns how many rows. To be called again and again."""
    until = today() - timedelta(days=keep_days)
    found = rows.some(Allowance, {"day__lt": until}, order="day", limit=most)
    rows.apply(Plan(tuple(Remove(Allowance, _where(one.consumer_id, one.kind, one.day)) for one in found)))
    return len(found)

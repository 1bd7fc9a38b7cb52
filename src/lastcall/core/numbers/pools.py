"""Counting our ranges: how many of their numbers are in which state. Counted in the background, kept, shown with their age.

Piece by piece, each a short transaction, so that nobody waits for it: the count of a range is exact for its own moment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Final, cast

from lastcall.core import clock
from lastcall.core.database import DatabaseStore
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.pool import OUTSIDE, Pool
from lastcall.core.numbers.range import Range
from lastcall.core.plan import Insert, Plan
from lastcall.core.statements import aware
from lastcall.core.store import Database, Store, transaction

FRESH: Final = timedelta(minutes=15)
BATCH: Final = 20_000
_TOP: Final = 10**15
_WITHIN: Final = (
    ("in_service", "SELECT COUNT(*) FROM numbers_tenure WHERE until IS NULL AND msisdn >= %s AND msisdn <= %s"),
    ("reserved", "SELECT COUNT(*) FROM numbers_reservation WHERE msisdn >= %s AND msisdn <= %s"),
    ("ported_out", "SELECT COUNT(*) FROM numbers_absent WHERE state = 'ported_out' AND msisdn >= %s AND msisdn <= %s"),
    ("withdrawn", "SELECT COUNT(*) FROM numbers_absent WHERE state = 'withdrawn' AND msisdn >= %s AND msisdn <= %s"),
)


@dataclass(frozen=True, slots=True)
class _Span:
    """A piece of the number line; ``of``: the first number of our range that it is, or :data:`OUTSIDE`."""

    first: int
    last: int
    of: int


def count_pools(database: Database, *, operator_inn: str, batch: int = BATCH) -> tuple[Pool, ...]:
    """Count all ranges of the operator anew, and what is held outside of them, and keep the counts.

    A withdrawn number that was ported in before counts outside. Numbers that move while it counts may be counted twice or not.
    """
    ranges = database.transact(lambda rows: rows.some(Range, {"operator_id": operator_inn}, order="first"))
    counts: Counter[tuple[int, str]] = Counter()
    for span in _spans(ranges):
        counts.update(database.transact(partial(_count_span, span=span)))
    starts, lasts = [row.first for row in ranges], [row.last for row in ranges]
    for kind, due, name in (
        (PendingRelease, "reclaim_until", "pending_release"),
        (Quarantine, "quarantine_until", "quarantined"),
    ):
        for msisdn in _members(database, kind.table, due, batch):
            place = bisect_right(starts, msisdn) - 1
            counts[starts[place] if place >= 0 and msisdn <= lasts[place] else OUTSIDE, name] += 1
    return _keep(database, ranges=ranges, counts=counts)


def _spans(ranges: list[Range]) -> Iterator[_Span]:
    """Our ranges and the gaps between them, from end to end of the number line."""
    at = 0
    for row in ranges:
        if at < row.first:
            yield _Span(at, row.first - 1, OUTSIDE)
        yield _Span(row.first, row.last, row.first)
        at = row.last + 1
    yield _Span(at, _TOP, OUTSIDE)


def _count_span(rows: Store, *, span: _Span) -> dict[tuple[int, str], int]:
    store = cast(DatabaseStore, rows)
    return {(span.of, name): int(store.run(sql, [span.first, span.last]).fetchone()[0]) for name, sql in _WITHIN}


def _members(database: Database, table: str, due: str, batch: int) -> Iterator[int]:
    """The resting numbers in the order of their dates, a batch a transaction."""
    after: tuple[Any, int] | None = None
    while True:
        found = database.transact(partial(_next_members, table=table, due=due, after=after, batch=batch))
        yield from (msisdn for _, msisdn in found)
        if len(found) < batch:
            return
        after = found[-1]


def _next_members(
    rows: Store, *, table: str, due: str, after: tuple[Any, int] | None, batch: int
) -> list[tuple[Any, int]]:
    condition = f"WHERE ({due}, msisdn) > (%s, %s)" if after else ""
    sql = f"SELECT {due}, msisdn FROM {table} {condition} ORDER BY {due}, msisdn LIMIT %s"
    values = [*((aware(after[0]), after[1]) if after else ()), batch]
    return [(moment, int(msisdn)) for moment, msisdn in cast(DatabaseStore, rows).run(sql, values).fetchall()]


@transaction
def _keep(rows: Store, *, ranges: list[Range], counts: Counter[tuple[int, str]]) -> tuple[Pool, ...]:
    """The counts in place of the last ones."""
    now = clock.now()
    known = [(row.first, row.last, row.region) for row in ranges] + [(OUTSIDE, OUTSIDE, "")]
    made = tuple(
        Pool(first=first, last=last, region=region, at=now, **{name: many for (of, name), many in counts.items() if of == first})
        for first, last, region in known
    )  # fmt: skip
    cast(DatabaseStore, rows).run(f"DELETE FROM {Pool.table}")
    rows.apply(Plan(tuple(Insert(pool) for pool in made)))
    return made


def count_if_stale(database: Database, *, operator_inn: str) -> None:
    """Count when the last count is older than :data:`FRESH`, or there is none."""
    last = database.transact(lambda rows: rows.one(Pool, {"first": OUTSIDE}))
    if last is None or clock.now() - last.at >= FRESH:
        count_pools(database, operator_inn=operator_inn)


@transaction
def pools(rows: Store) -> tuple[Pool, ...]:
    """The last counts, our ranges in order and then what lies outside; empty when nothing was ever counted."""
    found = rows.some(Pool, {}, order="first")
    return tuple(sorted(found, key=lambda pool: (pool.first == OUTSIDE, pool.first)))

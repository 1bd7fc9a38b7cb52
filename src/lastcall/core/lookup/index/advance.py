"""Bringing a file up to date: the numbers that the log tells of since are computed anew and written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.conf import settings

from lastcall.core import clock
from lastcall.core.audit.sequencer import sequence
from lastcall.core.lookup.coverage import stated_or_oldest
from lastcall.core.lookup.index import reading, recompute
from lastcall.core.lookup.index.moments import Ints, calendar
from lastcall.core.lookup.index.reading import Columns
from lastcall.core.lookup.index.tenures import Pairs
from lastcall.core.lookup.index.writer import Outdated, Writer
from lastcall.core.lookup.pair import ORIGIN
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store

BATCH: Final = 250_000
"""Events that are applied together."""


@dataclass(frozen=True, slots=True)
class _Changes:
    """What the events up to the place ``upto`` change; ``last``: the log's end; ``oldest``: as ``date.toordinal``, or 0."""

    upto: int
    last: int
    head: int
    msisdns: Ints
    pairs: Pairs
    oldest: int


def advance(database: Database, writer: Writer, *, policy: Policy) -> int:
    """Link what is new in the log and apply it; returns how many events.

    Raises :class:`~lastcall.core.lookup.index.writer.Outdated` when the file must be built anew: our ranges, the time zone or
    the database are others than it was made from.
    """
    began, oldest = writer.applied, writer.oldest
    while True:
        as_of = clock.now()
        sequence(database)
        found = reading.at_one_moment(database, lambda rows, columns: _read(rows, columns, writer))
        oldest = min(oldest or found.oldest, found.oldest or oldest)
        if found.upto > writer.applied:
            writer.apply(found.msisdns, found.pairs)
        if found.upto > writer.applied or writer.dirty:
            writer.mark(found.upto, found.head, oldest)
        if found.upto >= found.last:
            break
    writer.tell(as_of=as_of, known_since=known_since(policy, oldest))
    return writer.applied - began


def _read(rows: Store, columns: Columns, writer: Writer) -> _Changes:
    after, last = writer.applied, reading.last_place(rows)
    upto = min(after + BATCH, last)
    _must_fit(rows, writer, after, upto)
    if upto == after:
        return _Changes(upto, last, writer.head, np.empty(0, np.int64), np.empty(0, np.uint32), 0)
    msisdns = reading.touched(rows, columns, after, upto)
    pairs, oldest = recompute.pairs(rows, columns, msisdns, calendar(settings.TIME_ZONE))
    return _Changes(
        upto=upto, last=last, head=reading.head(rows, upto), msisdns=msisdns, pairs=pairs,
        oldest=0 if oldest is None else max((ORIGIN + timedelta(days=oldest)).toordinal(), 1),
    )  # fmt: skip


def _must_fit(rows: Store, writer: Writer, after: int, upto: int) -> None:
    if writer.header.zone != settings.TIME_ZONE:
        raise Outdated("the index counts the days of another time zone")
    if reading.head(rows, after) != writer.head:
        raise Outdated("the index was made from another database, or from a later state of this one")
    if reading.register_read(rows, after, upto) and writer.header.ranges != reading.digest(reading.our_ranges(rows)):
        raise Outdated("the ranges of numbers have changed")


def known_since(policy: Policy, oldest: int) -> date:
    """As :func:`lastcall.core.lookup.coverage.known_since`; ``oldest``: the day of the oldest tenure, 0 without one."""
    return stated_or_oldest(policy, date.fromordinal(oldest) if oldest else None)

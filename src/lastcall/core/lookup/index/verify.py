"""Comparing the index with the tenures, number by number, by the rule that answers are taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, cast

import numpy as np

from lastcall.core import clock
from lastcall.core.database import DatabaseStore
from lastcall.core.lookup.coverage import known_since
from lastcall.core.lookup.evidence import evidences
from lastcall.core.lookup.index import layout, reading
from lastcall.core.lookup.index.advance import advance
from lastcall.core.lookup.index.moments import Ints
from lastcall.core.lookup.index.reading import Columns
from lastcall.core.lookup.index.tenures import Pairs
from lastcall.core.lookup.index.turns import updating
from lastcall.core.lookup.index.writer import Outdated, Writer, opened
from lastcall.core.lookup.pair import NEVER, NOT_COVERED, pair_of
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store

Progress = Callable[[int, int], None]

_STARTS: Final = 100
_TOUCHED: Final = (
    "FROM numbers_tenure WHERE msisdn BETWEEN %s AND %s",
    "FROM numbers_absent WHERE msisdn BETWEEN %s AND %s",
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """``subject``: a masked number, or what else of the index; what ``index`` and ``database`` say of it."""

    subject: str
    index: str
    database: str


def disagreements(
    database: Database, path: Path, policy: Policy, *, sample: int | None = None, progress: Progress | None = None
) -> Iterator[Disagreement]:
    """Bring the index up to date, then name what in it is not as the tenures say.

    ``sample``: how many numbers are looked at, chosen at random, half of them among those that were held; None: all.
    ``progress``: called with numbers done and in all. Raises ``BadInput`` (``no_index``, ``bad_index``).
    """
    with opened(path) as writer:
        yield from _current(database, writer, path, policy)
        tell, done = progress or _silent, 0
        chosen = _all(database, writer) if sample is None else _sample(database, writer, sample)
        total = sample or writer.used * layout.BLOCK
        for msisdns in chosen:
            yield from _compare(database, writer, path, policy, msisdns)
            done += len(msisdns)
            tell(min(done, total), total)


def _silent(done: int, total: int) -> None:
    return None


def _current(database: Database, writer: Writer, path: Path, policy: Policy) -> Iterator[Disagreement]:
    try:
        with updating(path):
            advance(database, writer, policy=policy)
    except Outdated as why:
        yield Disagreement("the index as a whole", "cannot be brought up to date", why.message)
    yield from (
        Disagreement(f"block {block}", "its checksum is another", "") for block in writer.damaged(range(writer.used))
    )
    since = database.transact(lambda rows: known_since(rows, policy))
    if writer.known_since != since:
        yield Disagreement("the first day known", writer.known_since.isoformat(), since.isoformat())


def _compare(
    database: Database, writer: Writer, path: Path, policy: Policy, msisdns: Ints
) -> Iterator[Disagreement]:  # fmt: skip
    """A number that moved between two readings agrees once the index has caught up: look twice before saying so."""
    expected = _expected(database, msisdns)
    wrong = msisdns[_held(writer, msisdns) != expected]
    if not len(wrong):
        return
    with updating(path):
        with suppress(Outdated):  # said already; the comparison stands
            advance(database, writer, policy=policy)
        expected, shown = _expected(database, wrong), _held(writer, wrong)
    for msisdn, ours, theirs in zip(wrong.tolist(), shown.tolist(), expected.tolist(), strict=True):
        if ours != theirs:
            yield Disagreement(mask_msisdn(msisdn), _told(ours), _told(theirs))


def _told(pair: int) -> str:
    return f"{pair & 0xFFFF}, {pair >> 16}"


def _held(writer: Writer, msisdns: Ints) -> Pairs:
    """What the index says, without making room for what it lacks."""
    begins, within = np.divmod(msisdns - layout.BASE, layout.BLOCK)
    blocks = writer.directory[begins].astype(np.int64)
    return np.where(blocks < 0, np.uint32(NOT_COVERED), writer.pairs[np.maximum(blocks, 0) * layout.BLOCK + within])


def _expected(database: Database, msisdns: Ints) -> Pairs:
    return reading.at_one_moment(database, partial(_by_the_rule, msisdns=msisdns))


def _by_the_rule(rows: Store, columns: Columns, *, msisdns: Ints) -> Pairs:
    """The rule asked for each number that anything is held about; all others are free numbers of ours, or not ours."""
    found = np.where(reading.within(reading.our_ranges(rows), msisdns), np.uint32(NEVER), np.uint32(NOT_COVERED))
    ends = [int(msisdns.min()), int(msisdns.max())]
    known = np.intersect1d(np.concatenate([columns.numbers(what, ends) for what in _TOUCHED]), msisdns)
    for msisdn, evidence in evidences(rows, msisdns=known.tolist(), known_since=date.min).items():
        disconnect, activation = pair_of(evidence)
        found[np.searchsorted(msisdns, msisdn)] = disconnect | activation << 16
    return found


def _all(database: Database, writer: Writer) -> Iterator[Ints]:
    """All numbers of the index's blocks, and of those that it lacks, a block at a time."""
    begins = np.flatnonzero(writer.directory >= 0)
    missing = reading.at_one_moment(database, lambda rows, _: _begins(rows))
    for begin in np.union1d(begins, missing).tolist():
        yield layout.BASE + begin * layout.BLOCK + np.arange(layout.BLOCK)


def _begins(rows: Store) -> Ints:
    """The blocks in which any number was ever held."""
    first, last = layout.BASE, layout.BASE + 10**layout.DIGITS - 1
    sql = (
        f"SELECT DISTINCT (msisdn - {layout.BASE}) / {layout.BLOCK} FROM numbers_tenure "
        f"WHERE msisdn BETWEEN {first} AND {last}"
    )
    return np.array([int(row[0]) for row in cast(DatabaseStore, rows).run(sql).fetchall()], np.int64)


def _sample(database: Database, writer: Writer, count: int) -> Iterator[Ints]:
    """Half of them numbers in a row that were held, from random beginnings; half any numbers of the index's blocks."""
    random = np.random.default_rng(clock.current().random_bits(64))
    begins = np.flatnonzero(writer.directory >= 0)
    if not len(begins):
        return
    each = max(count // 2 // _STARTS, 1)
    for _ in range(min(_STARTS, max(count // 2, 1))):
        start = layout.BASE + int(random.choice(begins)) * layout.BLOCK + int(random.integers(layout.BLOCK))
        held = reading.at_one_moment(database, partial(_held_from, start=start, count=each))
        any_ = layout.BASE + random.choice(begins) * layout.BLOCK + random.integers(0, layout.BLOCK, each)
        yield np.union1d(held, any_)


def _held_from(rows: Store, columns: Columns, *, start: int, count: int) -> Ints:
    what = "FROM (SELECT DISTINCT msisdn FROM numbers_tenure WHERE msisdn >= %s ORDER BY msisdn LIMIT %s) AS held"
    return columns.numbers(what, [start, count])

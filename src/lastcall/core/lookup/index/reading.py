"""What the index is made from, read in columns rather than rows: some of it, or all in pieces, as of one moment."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar, cast

import numpy as np
import psycopg
from django.db import connections
from numpy.typing import NDArray

from lastcall.core.audit.link import Link
from lastcall.core.audit.reader import as_of_one_moment
from lastcall.core.audit.sequencer import LOOK_BACK
from lastcall.core.database import DatabaseStore
from lastcall.core.lookup.coverage import our_inn
from lastcall.core.lookup.index.moments import LATER, Calendar, Ints
from lastcall.core.lookup.index.tenures import CEASED, Tenures
from lastcall.core.numbers.range import Range
from lastcall.core.store import Database, Store

T = TypeVar("T")

PAGES: Final = 256
"""Pages of PostgreSQL's table read by one statement: few enough for their answer to lie in a processor's cache."""
WORTH_A_SECOND: Final = 64
"""So many statements are shared between two connections."""
ROWS: Final = 50_000
"""Rows of SQLite's table taken at once."""

_FIRST_AND_OPEN: Final = "until IS NULL AND ordinal = 1"
_CODE: Final = f"ordinal + CASE ending WHEN 'ceased' THEN {CEASED} ELSE 0 END"
_SINCE_2000: Final = 946_684_800
_CORRECTED: Final = "FROM numbers_tenure WHERE id IN (SELECT tenure_id FROM numbers_correction WHERE at IS NOT NULL)"
_EVENTS: Final = "FROM audit_link l JOIN audit_event e ON e.id = l.event_id WHERE l.place > %s AND l.place <= %s"
_NO_MATTER: Final = "('number.quarantined', 'number.released', 'number.rest_extended', 'number.read')"
"""Events of a number's rest, which change nothing about who held it when."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of all tenures: of those that are their number's first and last still, ``number`` and ``since``; ``others`` whole.

    ``share``: how much has been read, 0 to 1. Days, not moments.
    """

    number: Ints
    since: Ints
    others: Tenures
    share: float


class Columns(Protocol):
    """What the two databases do each in its way."""

    def whole(self, calendar: Calendar) -> Iterator[Piece]:
        """All tenures, in no order."""

    def some(self, msisdns: Ints, calendar: Calendar) -> Tenures:
        """All tenures of these numbers."""

    def numbers(self, what: str, values: Sequence[object] = ()) -> Ints:
        """``msisdn`` of what follows FROM."""

    def among(self, what: str, msisdns: Ints) -> Ints:
        """The same, of these numbers alone; ``what`` ends with a condition."""


def at_one_moment(database: Database, work: Callable[[Store, Columns], T]) -> T:
    """Run a read-only ``work`` so that all it reads is as of one moment, while others go on writing."""
    if connections["default"].vendor != "sqlite":
        return as_of_one_moment(database, lambda rows: work(rows, Postgresql(cast(DatabaseStore, rows))))
    # A transaction of the shared connection would keep every writer waiting; a reader of its own keeps nobody.
    own = connections.create_connection("default")
    try:
        own.ensure_connection()
        own.connection.execute("BEGIN")
        rows = DatabaseStore(own)
        return work(rows, Sqlite(rows))
    finally:
        own.close()


class Sqlite:
    """Plain statements; the moments as seconds, which SQLite makes of its texts."""

    def __init__(self, rows: DatabaseStore) -> None:
        self._rows = rows

    def whole(self, calendar: Calendar) -> Iterator[Piece]:
        total = max(int(self._rows.run("SELECT COUNT(*) FROM numbers_tenure").fetchone()[0]), 1)
        cursor, done = self._rows.run(self._tenures()), 0
        while found := cursor.fetchmany(ROWS):
            done += len(found)
            held = _tenures(_transposed(found, 5), calendar)
            simple = (held.until == calendar.days(np.array([LATER]))[0]) & (held.code == 1)
            yield Piece(held.number[simple], held.since[simple], _taken(held, ~simple), done / total)

    def some(self, msisdns: Ints, calendar: Calendar) -> Tenures:
        sql = f"{self._tenures()} WHERE msisdn IN (SELECT value FROM json_each(%s))"
        found = self._rows.run(sql, [json.dumps(msisdns.tolist())]).fetchall()
        return _tenures(_transposed(found, 5), calendar)

    def numbers(self, what: str, values: Sequence[object] = ()) -> Ints:
        found: Ints = _transposed(self._rows.run(f"SELECT msisdn {what}", values).fetchall(), 1)[0]
        return found

    def among(self, what: str, msisdns: Ints) -> Ints:
        return self.numbers(f"{what} AND msisdn IN (SELECT value FROM json_each(%s))", [json.dumps(msisdns.tolist())])

    @staticmethod
    def _tenures() -> str:
        # In two parts, or it would be taken for the mark of a value.
        since, until = (f"CAST(strftime('%' || 's', {column}) AS INTEGER)" for column in ("since", "until"))
        return f"SELECT msisdn, subscriber_id, {since}, COALESCE({until}, {LATER}), {_CODE} FROM numbers_tenure"


_BITS: Final = 13
"""Of an ordinal and whether the tenure was ceased, beside a number of up to fifteen digits in 63 bits."""


class Postgresql:
    """Many rows packed into one value by the server: a driver that is handed row after row needs longer than the server."""

    def __init__(self, rows: DatabaseStore) -> None:
        self._rows = rows
        self._raw = connections["default"].connection  # here: another thread would be given another

    def whole(self, calendar: Calendar) -> Iterator[Piece]:
        size = "SELECT pg_relation_size('numbers_tenure') / current_setting('block_size')::int"
        pages = int(self._rows.run(size).fetchone()[0])
        sql = (
            f"SELECT string_agg(int8send(msisdn) || timestamptz_send(since), '') FILTER (WHERE {_FIRST_AND_OPEN}), "
            f"string_agg({_PACKED}, '') FILTER (WHERE until IS NOT NULL OR ordinal <> 1) "
            "FROM numbers_tenure WHERE ctid >= '({},0)' AND ctid < '({},0)'"
        )
        statements = [sql.format(at, at + PAGES) for at in range(0, pages, PAGES)]
        for place, (simple, others) in enumerate(self._ahead(statements), 1):
            number, since = _unpacked(simple, 2)
            held = _tenures(_apart(_unpacked(others, 4)), calendar)
            yield Piece(number, calendar.days(_to_seconds(since)), held, place / len(statements))

    def some(self, msisdns: Ints, calendar: Calendar) -> Tenures:
        sql = f"SELECT string_agg({_PACKED}, '') FROM numbers_tenure WHERE msisdn = ANY(%s)"
        return _tenures(_apart(_unpacked(self._one(sql, [msisdns.tolist()]), 4)), calendar)

    def numbers(self, what: str, values: Sequence[object] = ()) -> Ints:
        found: Ints = _unpacked(self._one(f"SELECT string_agg(int8send(msisdn), '') {what}", values), 1)[0]
        return found

    def among(self, what: str, msisdns: Ints) -> Ints:
        return self.numbers(f"{what} AND msisdn = ANY(%s)", [msisdns.tolist()])

    def _ahead(self, statements: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """The answers one after the other; on each connection the next one is asked for while this one is used."""
        with self._connections(len(statements)) as raws, ThreadPoolExecutor(len(raws)) as asking:
            waiting: deque[Future[tuple[Any, ...]]] = deque()
            for place, sql in enumerate(statements):
                waiting.append(asking.submit(_binary, raws[place % len(raws)], sql))
                if len(waiting) > len(raws):
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    @contextmanager
    def _connections(self, statements: int) -> Iterator[tuple[psycopg.Connection[Any], ...]]:
        """This transaction's own, and for much work a second that sees the very same moment."""
        if statements < WORTH_A_SECOND:
            yield (self._raw,)
            return
        snapshot = self._rows.run("SELECT pg_export_snapshot()").fetchone()[0]
        second = connections.create_connection("default")
        try:
            second.ensure_connection()
            second.connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            second.connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
            yield self._raw, second.connection
        finally:
            second.close()

    def _one(self, sql: str, values: Sequence[object]) -> bytes | None:
        packed: bytes | None = _binary(self._raw, sql, values)[0]
        return packed


def _binary(raw: psycopg.Connection[Any], sql: str, values: Sequence[object] = ()) -> tuple[Any, ...]:
    with closing(psycopg.Cursor(raw)) as cursor:
        found: tuple[Any, ...] | None = cursor.execute(sql.encode(), values or None, binary=True).fetchone()
    assert found is not None
    return found


_PACKED: Final = (
    f"int8send((msisdn << {_BITS}) + (ordinal << 1) + (ending = 'ceased')::int) || int8send(subscriber_id) || "
    "timestamptz_send(since) || timestamptz_send(COALESCE(until, 'infinity'))"
)


def _unpacked(packed: bytes | None, columns: int) -> NDArray[np.int64]:
    """Columns of the rows that PostgreSQL packed: integers of 64 bits, the highest byte first."""
    return np.frombuffer(packed or b"", ">i8").reshape(-1, columns).T.astype(np.int64)


def _to_seconds(since_2000: Ints) -> Ints:
    # PostgreSQL counts microseconds since 2000; "infinity" is the highest number.
    infinite = since_2000 == np.iinfo(np.int64).max
    return np.where(infinite, LATER, since_2000 // 1_000_000 + _SINCE_2000)


def _apart(packed: NDArray[np.int64]) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Number, holder, since and until in seconds, and code."""
    first, holder, since, until = packed
    code = (first >> 1 & (1 << _BITS - 1) - 1) + (first & 1) * CEASED
    return first >> _BITS, holder, _to_seconds(since), _to_seconds(until), code


def _transposed(found: Sequence[Sequence[int]], columns: int) -> NDArray[np.int64]:
    return np.array(found, np.int64).reshape(-1, columns).T


def _tenures(columns: Iterable[Ints], calendar: Calendar) -> Tenures:
    number, holder, since, until, code = columns
    return Tenures(number, code, holder, calendar.days(since), calendar.days(until))


def _taken(held: Tenures, which: NDArray[np.bool_]) -> Tenures:
    return Tenures(*(getattr(held, name)[which] for name in ("number", "code", "holder", "since", "until")))


def absent(columns: Columns, msisdns: Ints | None = None) -> Ints:
    """The numbers that are with another operator or were given back."""
    what = "FROM numbers_absent WHERE state IN ('ported_out', 'withdrawn')"
    return columns.numbers(what) if msisdns is None else columns.among(what, msisdns)


def corrected(columns: Columns, msisdns: Ints | None = None) -> Ints:
    """The numbers of which a closing was put right."""
    return np.unique(columns.numbers(_CORRECTED) if msisdns is None else columns.among(_CORRECTED, msisdns))


def our_ranges(rows: Store) -> list[tuple[int, int]]:
    """First and last number of each range that the register gives to this operator."""
    return [(row.first, row.last) for row in rows.some(Range, {"operator_id": our_inn()}, order="first")]


def digest(ranges: Sequence[tuple[int, int]]) -> bytes:
    """32 bytes by which to see that the ranges are others."""
    return hashlib.sha256(json.dumps(ranges).encode()).digest()


def within(ranges: Sequence[tuple[int, int]], msisdns: Ints) -> NDArray[np.bool_]:
    """Which of these numbers lie in a range."""
    if not ranges:
        return np.zeros(len(msisdns), np.bool_)
    first, last = np.array(ranges, np.int64).T
    place = np.searchsorted(first, msisdns, side="right") - 1
    inside: NDArray[np.bool_] = (place >= 0) & (msisdns <= last[place])
    return inside


def last_place(rows: Store) -> int:
    """The place of the last event that is linked."""
    return int(cast(DatabaseStore, rows).run("SELECT COALESCE(MAX(place), 0) FROM audit_link").fetchone()[0])


def head(rows: Store, place: int) -> int:
    """The beginning of the digest at this place, as an integer; 0 where there is none."""
    link = rows.one(Link, {"place": place})
    return int(link.digest[:15], 16) if link is not None else 0


def unlinked(rows: Store) -> int:
    """How many events have no place yet."""
    found = cast(DatabaseStore, rows).run(
        "SELECT COUNT(*) FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id WHERE l.event_id IS NULL "
        "AND e.id > (SELECT COALESCE(MAX(event_id), 0) FROM audit_link) - %s",
        [LOOK_BACK],
    )
    return int(found.fetchone()[0])


def touched(rows: Store, columns: Columns, after: int, upto: int) -> Ints:
    """The numbers whose pair the events in these places may have changed, sorted."""
    where = f"{_EVENTS} AND e.subject = 'tenure' AND e.kind LIKE 'number.%%' AND e.kind NOT IN {_NO_MATTER}"
    with_tenure = columns.numbers(f"FROM numbers_tenure WHERE id IN (SELECT e.subject_id {where})", [after, upto])
    store = cast(DatabaseStore, rows)
    # The only such event that may be of a number without a tenure: it names none, so all such numbers are read.
    sql = f"SELECT 1 {_EVENTS} AND e.kind = 'number.withdrawn' AND e.subject_id = 0 LIMIT 1"
    if store.run(sql, [after, upto]).fetchone() is None:
        return np.unique(with_tenure)
    never_held = columns.numbers("FROM numbers_absent WHERE tenure_id IS NULL AND state = 'withdrawn'")
    return np.unique(np.concatenate((with_tenure, never_held)))


def register_read(rows: Store, after: int, upto: int) -> bool:
    """Whether a numbering register was read in these places."""
    sql = f"SELECT 1 {_EVENTS} AND e.kind = 'register.imported' LIMIT 1"
    return cast(DatabaseStore, rows).run(sql, [after, upto]).fetchone() is not None

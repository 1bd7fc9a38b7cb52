"""What ``bench.index`` measures, each in a process of its own: histories of numbers, changes to the index, its rebuild."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import psycopg
from django.core.management import call_command
from django.db import connections

from bench.population import policy
from bench.stopwatch import Stopwatch
from lastcall.core.audit.event import Event
from lastcall.core.audit.sequencer import sequence
from lastcall.core.database import DatabaseStore, DjangoDatabase
from lastcall.core.lookup.coverage import our_inn
from lastcall.core.lookup.index import layout
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.update import update
from lastcall.core.lookup.index.writer import Writer, opened
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.store import Store

FIRST: Final = 79_000_000_000
STRIDE: Final = 7_919
"""Numbers are taken in steps of this prime, so that tenures do not lie in order of their numbers."""
START: Final = datetime(2015, 1, 1, 9, tzinfo=UTC)
_ORIGIN: Final = datetime(1999, 12, 30, 9, tzinfo=UTC)
_ID: Final = 100_000_000_000
SEED: Final = 20_261_123

_SERIES: Final = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series WHERE n < {last}) ",
    "postgresql": "WITH series AS (SELECT generate_series(0, {last}::bigint) AS n) ",
}
_MOMENT: Final = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', '{start}', '+' || ({days}) || ' days')",
    "postgresql": "timestamptz '{start}+00' + ({days}) * interval '1 day'",
}
_BARRIERS: Final = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON"),
    "postgresql": ("SET session_replication_role = replica", "SET session_replication_role = origin"),
}


def fill(*, numbers: int) -> dict[str, int]:
    """``numbers`` of our range: 60 % never closed, 37 % closed once (half of them held again), 3 % closed twice and held again."""
    call_command("migrate", verbosity=0)
    connection, base = connections["default"], DjangoDatabase()
    base.transact(lambda rows: _range(rows, numbers))
    with connection.cursor() as cursor:
        cursor.execute(_BARRIERS[connection.vendor][0])
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS numbers_tenure_rests")
        for statement in _histories(connection.vendor, numbers):
            cursor.execute(statement)
        cursor.execute(_BARRIERS[connection.vendor][1])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM numbers_tenure")
        tenures = int(cursor.fetchone()[0])
    base.close()
    return {"tenures": tenures}


def _range(rows: Store, numbers: int) -> None:
    store = cast(DatabaseStore, rows)
    store.insert_all([Operator(inn=our_inn(), name="Ours")], Operator)
    held = Range(id=1, first=FIRST, last=FIRST + numbers - 1, operator_id=our_inn(), region="", territory="")
    store.insert_all([held], Range)


def _histories(vendor: str, numbers: int) -> Iterator[str]:
    """First, second and third tenures; see :func:`expected` for the same told by number."""
    for ordinal, condition, since, until in (
        (1, "n >= 0", "n % 1500", "CASE WHEN n % 100 >= 60 THEN n % 1500 + 400 END"),
        (2, "n % 100 >= 97 OR (n % 100 >= 60 AND n % 2 = 1)", "n % 1500 + 600",
         "CASE WHEN n % 100 >= 97 THEN n % 1500 + 700 END"),
        (3, "n % 100 >= 97", "n % 1500 + 900", "NULL"),
    ):  # fmt: skip
        start = START.strftime("%Y-%m-%d %H:%M:%S")
        began = _MOMENT[vendor].format(start=start, days=since)
        ended = "NULL" if until == "NULL" else _MOMENT[vendor].format(start=start, days=until)
        if vendor == "postgresql" and until == "NULL":
            ended = "NULL::timestamptz"
        yield (
            "INSERT INTO numbers_tenure (id, msisdn, ordinal, subscriber_id, since, until, ending, reclaim_until, "
            f"quarantine_until) {_SERIES[vendor].format(last=numbers - 1)}"
            f"SELECT {ordinal * _ID} + n, {FIRST} + (n * {STRIDE}) % {numbers}, {ordinal}, n * 3 + {ordinal}, {began}, "
            f"{ended}, CASE WHEN ({until}) IS NULL THEN '' ELSE 'ceased' END, {ended}, {ended} FROM series "
            f"WHERE {condition}"
        )


def expected(numbers: int) -> tuple[Any, Any, Any]:
    """MSISDN, disconnect and activation day of every number, told from its place in the series and from nothing else."""
    n = np.arange(numbers, dtype=np.int64)
    base = (START - _ORIGIN).days + n % 1500
    kind = n % 100
    closed, often = kind >= 60, kind >= 97
    disconnect = np.where(often, base + 700, np.where(closed, base + 400, 1))
    activation = np.where(often, base + 900, np.where(closed, np.where(n % 2 == 1, base + 600, 0), base))
    return FIRST + (n * STRIDE) % numbers, disconnect, activation


def _read(path: Path, msisdns: Any) -> Any:
    """The pairs of these numbers from the file's bytes, without Lastcall's reader."""
    raw = np.memmap(path, np.uint8, "r")
    directory = raw[layout.DIRECTORY_AT :][:4_000_000].view("<i4")
    national = msisdns - 70_000_000_000
    place = directory[national // 10_000].astype(np.int64) * 10_000 + national % 10_000
    return np.asarray(raw[layout.BLOCKS_AT :].view("<u2").reshape(-1, 2)[place]).astype(np.int64)


def measure_copy(*, numbers: int) -> Any:
    """The floor of a rebuild: all tenures out of the database, in its own binary form, to nowhere."""
    connection = connections["default"]
    _warm()
    url = os.environ["LASTCALL_DATABASE_URL"]
    statement = "COPY numbers_tenure TO STDOUT (FORMAT binary)"
    watch = Stopwatch()
    if connection.vendor == "sqlite":
        for _ in connection.connection.execute("SELECT * FROM numbers_tenure"):
            pass
    elif psql := shutil.which("psql"):
        subprocess.run([psql, "-qX", url, "-c", statement], stdout=subprocess.DEVNULL, check=True)
    else:
        with psycopg.connect(url) as own, own.cursor().copy(statement) as out:
            for _ in out:
                pass
    return {**watch.read(), "done": numbers}


def _warm() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*), max(subscriber_id) FROM numbers_tenure")
        cursor.fetchone()


def measure_build(*, numbers: int, folder: str) -> Any:
    """``lastcall.core.lookup.index.build.build``."""
    base, path = DjangoDatabase(), Path(folder) / "index"
    path.unlink(missing_ok=True)
    _warm()
    watch = Stopwatch()
    build(base, path=path, policy=policy())
    answer = {**watch.read(), "done": numbers}
    base.close()
    msisdns, disconnect, activation = expected(numbers)
    found = _read(path, msisdns)
    wrong = int(((found[:, 0] != disconnect) | (found[:, 1] != activation)).sum())
    return answer | {"left": {"wrong": wrong}, "proved": wrong == 0}


def make_file(*, numbers: int, path: str) -> dict[str, int]:
    """An index of as many numbers, all known, without a database."""
    blocks = -(-numbers // layout.BLOCK)
    header = layout.Header("Europe/Moscow", bytes(32), datetime.now(UTC))
    writer = Writer.create(Path(path), header, blocks=blocks)
    base = (FIRST - layout.BASE) // layout.BLOCK
    writer.directory[base : base + blocks] = np.arange(blocks)
    random = np.random.default_rng(SEED)
    for at in range(0, blocks * layout.BLOCK, 10_000_000):
        some = writer.pairs[at : at + 10_000_000]
        some[:] = random.integers(1, 9_000, len(some)) | random.integers(0, 9_000, len(some)) << 16
    writer.seal(range(blocks))
    writer.settle()
    writer.mark(1, 0, 0)
    writer.close()
    return {"bytes": Path(path).stat().st_size}


def _changes(numbers: int, changes: int, spread: bool) -> tuple[Any, Any]:
    """Distinct numbers, sorted, and their new pairs: anywhere, or in a tenth of the blocks."""
    random = np.random.default_rng(SEED + 1)
    top = numbers if spread else max(numbers // 10, changes)
    chosen = random.permutation(top)[:changes] if top < 4 * changes else np.unique(random.integers(0, top, changes * 2))
    picked = np.sort(random.permutation(chosen)[:changes]).astype(np.int64)
    pairs = random.integers(1, 9_000, len(picked)) | random.integers(0, 9_000, len(picked)) << 16
    return FIRST + picked, pairs.astype(np.uint32)


def measure_apply(*, source: str, numbers: int, changes: int, spread: bool) -> Any:
    """Changes given as arrays, in the file and on the disk: pairs, checksums, watermark."""
    path = _copied(source)
    msisdns, pairs = _changes(numbers, changes, spread)
    with opened(path) as writer:
        os.sync()
        watch = Stopwatch()
        writer.apply(msisdns, pairs)
        writer.mark(2, 0, 0)
        answer = {**watch.read(), "done": len(msisdns)}
    wrong = sum(
        _wrong(path, Path(source), msisdns, pairs, at, min(at + 5_000_000, numbers))
        for at in range(0, numbers, 5_000_000)
    )
    whole = Index.open(path).applied == 2 and not _damaged(path)
    path.unlink()
    return answer | {"left": {"wrong": wrong, "whole": whole}, "proved": wrong == 0 and whole}


def _wrong(path: Path, source: Path, msisdns: Any, pairs: Any, first: int, last: int) -> int:
    """How many of these numbers are neither changed as they should be nor left as they were."""
    some = FIRST + np.arange(first, last)
    before, after = (_read(one, some) for one in (source, path))
    mine = (msisdns >= some[0]) & (msisdns <= some[-1])
    before[msisdns[mine] - some[0]] = np.stack((pairs[mine] & 0xFFFF, pairs[mine] >> 16), axis=1)
    return int((before != after).any(axis=1).sum())


def _damaged(path: Path) -> bool:
    with opened(path) as writer:
        return any(True for _ in writer.damaged(range(writer.used)))


def _copied(source: str) -> Path:
    path = Path(source).with_name("changed")
    shutil.copyfile(source, path)
    os.sync()
    return path


def measure_write(*, source: str, numbers: int, changes: int, spread: bool) -> Any:
    """The floor: the bytes of the pages that the changes lie in, written to a file and on the disk."""
    msisdns, _ = _changes(numbers, changes, spread)
    pages = len(np.unique((msisdns - FIRST) // 1024))
    content = os.urandom(1 << 20)
    path = Path(source).with_name("floor")
    os.sync()
    watch = Stopwatch()
    with path.open("wb") as file:
        for _ in range(pages * 4096 // len(content) + 1):
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
    answer = {**watch.read(), "done": len(msisdns)}
    path.unlink()
    return answer


def measure_table(*, source: str, numbers: int, changes: int, spread: bool) -> Any:
    """What a user would pick: a table in SQLite keyed by number, changed in one durable transaction. Of those numbers alone."""
    msisdns, pairs = _changes(numbers, changes, spread)
    path = Path(source).with_name("table.sqlite3")
    table = sqlite3.connect(path, isolation_level=None)
    table.execute("PRAGMA journal_mode=WAL")
    table.execute("PRAGMA synchronous=FULL")
    table.execute("CREATE TABLE pair (msisdn INTEGER PRIMARY KEY, disconnect INTEGER, activation INTEGER)")
    rows = list(zip((pairs & 0xFFFF).tolist(), (pairs >> 16).tolist(), msisdns.tolist(), strict=True))
    table.execute("BEGIN")
    table.executemany("INSERT INTO pair (disconnect, activation, msisdn) VALUES (1, 0, ?)", ((row[2],) for row in rows))
    table.execute("COMMIT")
    os.sync()
    watch = Stopwatch()
    table.execute("BEGIN IMMEDIATE")
    table.executemany("UPDATE pair SET disconnect = ?, activation = ? WHERE msisdn = ?", rows)
    table.execute("COMMIT")
    answer = {**watch.read(), "done": len(msisdns)}
    table.close()
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    return answer


def measure_link(*, numbers: int, events: int, folder: str) -> Any:
    """The floor of an update: giving the new events their places in the chain, which is done with or without an index."""
    base = DjangoDatabase()
    _cease(base, numbers, events)
    watch = Stopwatch()
    sequence(base)
    answer = {**watch.read(), "done": events}
    base.close()
    return answer


def measure_update(*, numbers: int, events: int, folder: str) -> Any:
    """The whole way: link the events, find their numbers, read all their tenures, write, publish."""
    base, path = DjangoDatabase(), Path(folder) / "index"
    path.unlink(missing_ok=True)
    build(base, path=path, policy=policy())
    changed = _cease(base, numbers, events)
    watch = Stopwatch()
    done = update(base, path=path, policy=policy())
    answer = {**watch.read(), "done": done}
    base.close()
    msisdns, disconnect, activation = expected(numbers)
    disconnect[changed], activation[changed] = (START - _ORIGIN).days + 3_000, 0
    found = _read(path, msisdns)
    wrong = int(((found[:, 0] != disconnect) | (found[:, 1] != activation)).sum())
    return answer | {"left": {"wrong": wrong, "done": done}, "proved": wrong == 0 and done == events}


def _cease(base: DjangoDatabase, numbers: int, events: int) -> Any:
    """Close so many of the numbers that were never closed, all at one moment, each with its event."""
    chosen = [n for n in range(numbers) if n % 100 < 60][:events]
    assert len(chosen) == events
    ended = START + timedelta(days=3_000)
    ids = {"first": _ID + chosen[0], "last": _ID + chosen[-1], "ended": ended}

    def write(rows: Store) -> None:
        store = cast(DatabaseStore, rows)
        store.run(
            "UPDATE numbers_tenure SET until = %s, ending = 'ceased', reclaim_until = %s, quarantine_until = %s "
            "WHERE id >= %s AND id <= %s AND until IS NULL AND ordinal = 1",
            [ended, ended, ended, ids["first"], ids["last"]],
        )
        store.insert_all(
            (
                Event(at=ended, kind="number.pending_release", subject="tenure", subject_id=_ID + n, actor="system:worker",
                      door="system", source="in_service", target="pending_release")
                for n in chosen
            ),
            Event,
        )  # fmt: skip

    base.transact(write)
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)" if connections["default"].vendor == "sqlite" else "VACUUM ANALYZE"
        )
    return np.array(chosen)

"""What ``bench.check`` measures, each in a process of its own: files of answers made by Lastcall and by what else there is."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bench.stopwatch import Stopwatch
from lastcall.core.lookup.index import layout
from lastcall.core.lookup.pair import NEVER, ORIGIN, day_number

FIRST: Final = 79_000_000_000
KNOWN_SINCE: Final = date(2008, 1, 1)
TODAY: Final = date(2026, 1, 1)
_TOGETHER: Final = 100
"""Blocks that are made at a time."""
_LOWEST: Final = 2_900
WORDS: Final = ("true", "false", "out_of_range", "not_found")


def lives(block: int, count: int) -> NDArray[np.uint16]:
    """The pairs of ``count`` blocks from number ``block`` on: 60 % never closed, 37 % once and 3 % more often; of those that were
    closed two thirds are held again, of the others one in twelve was never held."""
    chance = np.random.default_rng(block)
    size = count * layout.BLOCK
    kind = chance.random(size, dtype=np.float32)
    made = np.empty((size, 2), np.uint16)
    latest = day_number(TODAY) - 1
    closed = kind >= 0.6
    made[:, 0] = np.where(closed, chance.integers(_LOWEST + 300, latest - 200, size), NEVER)
    again = chance.random(size, dtype=np.float32) < 0.667
    later = made[:, 0] + chance.integers(60, 200, size).astype(np.uint16)
    first = chance.integers(_LOWEST, latest, size).astype(np.uint16)
    first[kind < 0.05] = 0
    made[:, 1] = np.where(closed, np.where(again, later, 0), first)
    return made


def prepare(folder: str, numbers: int, rows: int, others: bool) -> dict[str, Any]:
    """Make the index, the questions, and the registry as DuckDB and Polars take it."""
    place, blocks = Path(folder), numbers // layout.BLOCK
    _write_index(place / "index", blocks)
    _write_questions(place / "questions.csv", numbers, rows)
    _write_expected(place / "expected.npy", numbers, rows)
    if others:
        _write_registry(place, blocks)
    return {"numbers": numbers, "rows": rows}


def _write_index(path: Path, blocks: int) -> None:
    now = datetime.now(UTC)
    header = layout.Header("Europe/Moscow", bytes(32), now).packed()
    live = np.zeros(layout.LIVE, "<i8")
    live[[layout.APPLIED, layout.AS_OF, layout.KNOWN_SINCE]] = (1, layout.micros(now), KNOWN_SINCE.toordinal())
    directory = np.full(layout.MOST_BLOCKS, -1, "<i4")
    first = (FIRST - layout.BASE) // layout.BLOCK
    directory[first : first + blocks] = range(blocks)
    with path.open("wb") as file:
        file.write(header)
        file.seek(layout.LIVE_AT)
        file.write(live.tobytes())
        file.seek(layout.DIRECTORY_AT)
        file.write(directory.tobytes())
        file.seek(layout.BLOCKS_AT)
        for block in range(0, blocks, _TOGETHER):
            file.write(lives(block, min(_TOGETHER, blocks - block)).tobytes())


def _write_questions(path: Path, numbers: int, rows: int) -> None:
    import pyarrow as pa  # type: ignore[import-untyped]
    from pyarrow import csv

    chance = np.random.default_rng(7)
    asked = FIRST + chance.integers(0, numbers, rows)
    days = np.datetime64("2009-01-01") + chance.integers(0, 6_200, rows)
    table = pa.table({"number": asked, "date": days})
    with path.open("wb") as file:
        file.write(b"number,date\n")
        csv.write_csv(table, file, csv.WriteOptions(include_header=False, quoting_style="none"))


def _write_registry(place: Path, blocks: int) -> None:
    import duckdb
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    day = pa.date32()
    schema = pa.schema([("number", pa.int64()), ("disconnected", day), ("activated", day)])
    with pq.ParquetWriter(place / "registry.parquet", schema) as writer:
        for block in range(0, blocks, _TOGETHER):
            pairs = lives(block, min(_TOGETHER, blocks - block)).astype(np.int32)
            numbers = FIRST + block * layout.BLOCK + np.arange(len(pairs))
            origin = (ORIGIN - date(1970, 1, 1)).days
            columns = [
                pa.array(pairs[:, place] + origin, pa.int32(), mask=pairs[:, place] <= NEVER).cast(day)
                for place in (0, 1)
            ]
            writer.write_table(pa.table([pa.array(numbers), *columns], schema=schema))
    with duckdb.connect(str(place / "registry.duckdb")) as connection:
        connection.execute(f"CREATE TABLE registry AS SELECT * FROM '{place / 'registry.parquet'}'")


def _warm(folder: Path, *names: str) -> None:
    """What is read lies in memory, for everybody alike."""
    for name in names:
        with (folder / name).open("rb") as file:
            while file.read(1 << 24):
                pass


def _measured(folder: Path, watch: Stopwatch, output: Path) -> dict[str, Any]:
    read = watch.read()
    return {"wall": read["wall"], "cpu": read["cpu"], "bytes": output.stat().st_size}


def measure_copy(folder: str) -> dict[str, Any]:
    """Reading the questions and writing as much again, 1 MiB at a time."""
    place, output = Path(folder), Path(folder) / "out.csv"
    _warm(place, "questions.csv")
    watch = Stopwatch()
    with (place / "questions.csv").open("rb", buffering=0) as source, output.open("wb", buffering=0) as target:
        while block := source.read(1 << 20):
            target.write(block)
    return _measured(place, watch, output)


def build_c(folder: str) -> None:
    """Compile the C pass."""
    gcc = shutil.which("gcc")
    assert gcc is not None
    source = Path(__file__).with_name("check_pass.c")
    subprocess.run([gcc, "-O3", "-march=native", "-o", f"{folder}/check_pass", str(source)], check=True)


def measure_c(folder: str) -> dict[str, Any]:
    """One thread of C."""
    place, output = Path(folder), Path(folder) / "out.csv"
    _warm(place, "questions.csv", "index")
    words = [
        str(place / "check_pass"), str(place / "index"), str(layout.DIRECTORY_AT), str(layout.BLOCKS_AT),
        str(place / "questions.csv"), str(output), str(day_number(TODAY)), str(day_number(KNOWN_SINCE)),
    ]  # fmt: skip
    watch = Stopwatch()
    subprocess.run(words, check=True)
    return _measured(place, watch, output)


def measure_lastcall(folder: str, processes: int) -> dict[str, Any]:
    """``lastcall check`` without the command line around it."""
    from lastcall.core import clock
    from lastcall.core.database import database
    from lastcall.core.lookup.bulk.check import Manner, check
    from lastcall.core.lookup.index.file import Index
    from lastcall.core.policies.load import load

    place, output = Path(folder), Path(folder) / "out.csv"
    policy = load("demo", on=TODAY).policy()
    _warm(place, "questions.csv", "index")
    with clock.use(clock.ManualClock(datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC))):
        watch = Stopwatch()
        done = check(
            place / "questions.csv", output, semantics="camara", format="csv", index=Index.open(place / "index"),
            database=database(), policy=policy, resume=False, manner=Manner(processes=processes),
        )  # fmt: skip
        answer = _measured(place, watch, output)
    return answer | {"rows": done.rows}


_CASE: Final = f"""CASE
    WHEN q.date > DATE '{TODAY}' OR q.date < DATE '{KNOWN_SINCE}' THEN 'out_of_range'
    WHEN r.activated IS NULL THEN CASE WHEN r.disconnected IS NULL THEN 'not_found' ELSE 'true' END
    WHEN q.date >= r.activated THEN 'false' ELSE 'true' END"""


def measure_duckdb(folder: str) -> dict[str, Any]:
    """A join in DuckDB, its table ready in its own file, on all cores."""
    import duckdb

    place, output = Path(folder), Path(folder) / "out.csv"
    _warm(place, "questions.csv", "registry.duckdb")
    watch = Stopwatch()
    with duckdb.connect(str(place / "registry.duckdb"), read_only=True) as connection:
        connection.execute(
            f"COPY (SELECT q.number, q.date, {_CASE} AS answer, NULL AS reason FROM "
            f"read_csv('{place / 'questions.csv'}', header = true, columns = {{'number': 'BIGINT', 'date': 'DATE'}}) q "
            f"LEFT JOIN registry r USING (number)) TO '{output}' (HEADER, DELIMITER ',')"
        )
    return _measured(place, watch, output)


def measure_polars(folder: str) -> dict[str, Any]:
    """A join in Polars, its table ready as Parquet, on all cores."""
    import polars as pl

    place, output = Path(folder), Path(folder) / "out.csv"
    _warm(place, "questions.csv", "registry.parquet")
    watch = Stopwatch()
    asked = pl.scan_csv(place / "questions.csv", schema={"number": pl.Int64, "date": pl.Date})
    known = pl.scan_parquet(place / "registry.parquet")
    day, began = pl.col("date"), pl.col("activated")
    answer = (
        pl.when((day > TODAY) | (day < KNOWN_SINCE)).then(pl.lit("out_of_range"))
        .when(began.is_null()).then(pl.when(pl.col("disconnected").is_null()).then(pl.lit("not_found")).otherwise(pl.lit("true")))
        .when(day >= began).then(pl.lit("false")).otherwise(pl.lit("true"))
    )  # fmt: skip
    joined = asked.join(known, on="number", how="left")
    joined.select("number", "date", answer.alias("answer"), pl.lit(None, pl.String).alias("reason")).sink_csv(output)
    return _measured(place, watch, output)


def prove(folder: str, numbers: int, rows: int, ordered: bool) -> dict[str, Any]:
    """Whether the output has for every question, in order or at all, the answer that the lives themselves give."""
    import pyarrow as pa
    from pyarrow import csv

    types = {"number": pa.int64(), "date": pa.date32(), "answer": pa.string(), "reason": pa.string()}
    options = csv.ConvertOptions(column_types=types, strings_can_be_null=False)
    table = csv.read_csv(Path(folder) / "out.csv", convert_options=options)
    chance = np.random.default_rng(7)
    asked = FIRST + chance.integers(0, numbers, rows)
    days = chance.integers(0, 6_200, rows)
    number = table.column("number").to_numpy()
    day = table.column("date").cast(pa.int32()).to_numpy() - (date(2009, 1, 1) - date(1970, 1, 1)).days
    if not ordered:
        first, second = np.lexsort((days, asked)), np.lexsort((day, number))
        asked, days, number, day = asked[first], days[first], number[second], day[second]
        table = table.take(pa.array(second))
    right = bool(len(number) == rows and (number == asked).all() and (day == days).all())
    if right:
        expected = np.load(Path(folder) / "expected.npy")
        said = table.column("answer").combine_chunks().dictionary_encode()
        places = np.array([WORDS.index(word) for word in said.dictionary.to_pylist()], np.uint8)
        right = bool((places[said.indices.to_numpy()] == (expected if ordered else expected[first])).all())
    return {"proved": right, "left": f"{len(number)} rows"}


def _write_expected(path: Path, numbers: int, rows: int) -> None:
    """What must be said of each question: by plain comparisons of days, from the lives as they were made."""
    chance = np.random.default_rng(7)
    asked, days = chance.integers(0, numbers, rows), chance.integers(0, 6_200, rows) + day_number(date(2009, 1, 1))
    size, codes = _TOGETHER * layout.BLOCK, np.empty(rows, np.uint8)
    order = np.argsort(asked, kind="stable")
    bounds = np.searchsorted(asked[order], np.arange(0, numbers + size, size)).tolist()
    for group, (begin, end) in enumerate(pairwise(bounds)):
        some, first = order[begin:end], group * _TOGETHER
        pairs = lives(first, min(_TOGETHER, numbers // layout.BLOCK - first))[asked[some] - group * size]
        codes[some] = _said(pairs.astype(np.int64), days[some])
    np.save(path, codes)


def _said(pairs: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.uint8]:
    closed, held = pairs[:, 0] > NEVER, pairs[:, 1] > 0
    codes = np.where(held & (days >= pairs[:, 1]), WORDS.index("false"), WORDS.index("true")).astype(np.uint8)
    codes[~held & ~closed] = WORDS.index("not_found")
    codes[(days > day_number(TODAY)) | (days < day_number(KNOWN_SINCE))] = WORDS.index("out_of_range")
    return codes


def measure_memory(folder: str, processes: int) -> dict[str, Any]:
    """The most memory of its own that Lastcall and its processes had, in MB; files that are only mapped are not counted."""
    import threading

    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], _own_memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        measure_lastcall(folder, processes)
    finally:
        stop.set()
        watcher.join()
    return {"private_mb": peak[0] / 1000}


def _own_memory() -> int:
    """Kilobytes of this process and of those below it, what they share counted once."""
    below = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    total = 0
    for pid in [str(os.getpid()), *below]:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (OSError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:")))
    return total

"""Writing files of questions and reading files of answers, by other means than the ones under test."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from lastcall.core.lookup.bulk.check import Checked, Manner, Progress, check
from tests.core.lookup.bulk.knowledge import FIRST, KNOWN_SINCE, LIVES, Known, read

NAMES: Final = {"csv": "in.csv", "ndjson": "in.ndjson", "parquet": "in.parquet"}
Said = list[tuple[str, str]]
"""Answer and reason, row by row."""


@dataclass(frozen=True)
class Question:
    """One row as it is written, and what must be said: a reason, or with an empty one what the reading says."""

    number: str
    day: str
    reason: str = ""

    @cache  # noqa: B019 - as many as there are questions
    def expected(self, semantics: str) -> tuple[str, str]:
        """Answer and reason."""
        if self.reason:
            return "", self.reason
        said = read(semantics, int(self.number.lstrip("+")), date.fromisoformat(self.day))
        return ("", said) if said == "future_date" else (said, "")


_KNOWN: Final = list(LIVES)
BAD: Final = (
    Question("7916123456a", "2020-01-01", "bad_number"), Question("89161234567", "2020-01-01", "bad_number"),
    Question("+7 916 1234567", "2020-01-01", "bad_number"), Question("7916123456", "2020-01-01", "bad_number"),
    Question("79161234567", "2023-02-30", "bad_date"), Question("79161234567", "2023-2-3", "bad_date"),
    Question("79161234567", "2023-02-03T00:00:00Z", "bad_date"), Question("", "2020-01-01", "missing_field"),
    Question("79161234567", "", "missing_field"), Question("7916:234567", "2020-01-01", "bad_number"),
    Question("٧9161234567", "2020-01-01", "bad_number"), Question("79161234567", "2023-00-10", "bad_date"),
    Question("79161234567", "2023-1a-10", "bad_date"), Question("79161234567", "0000-01-01", "bad_date"),
)  # fmt: skip


def questions(count: int, *, seed: int = 1, plus: float = 0.0, bad: float = 0.0) -> list[Question]:
    """Random rows: most about known lives, some about other numbers; parts of them with ``+``, and bad."""
    return list(_questions(count, seed, plus, bad))


@cache
def _questions(count: int, seed: int, plus: float, bad: float) -> tuple[Question, ...]:
    chance = random.Random(seed)
    return tuple(_question(chance, plus, bad) for _ in range(count))


def _question(chance: random.Random, plus: float, bad: float) -> Question:
    if chance.random() < bad:
        return chance.choice(BAD)
    msisdn = chance.choice(_KNOWN) if chance.random() < 0.9 else FIRST + chance.randrange(30_000)
    day = date(2008, 1, 1) + timedelta(days=chance.randrange(6_700))
    if chance.random() < 0.01:
        day = chance.choice([date(1995, 5, 5), date(2150, 1, 1), date(2300, 1, 1)])
    return Question(f"+{msisdn}" if chance.random() < plus else str(msisdn), day.isoformat())


def write(path: Path, rows: list[Question], *, end: str = "\n") -> Path:
    """The rows in the format of the name."""
    if path.suffix == ".parquet":
        table = pa.table({"number": [row.number for row in rows], "date": [row.day for row in rows]})
        pq.write_table(table, path)
        return path
    if path.suffix == ".ndjson":
        lines = [
            json.dumps({"number": row.number, "date": row.day}, separators=(",", ":"), ensure_ascii=False)
            for row in rows
        ]
    else:
        lines = ["number,date", *(f"{row.number},{row.day}" for row in rows)]
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


def said(path: Path) -> Said:
    """What was answered."""
    return [(row["answer"] or "", row.get("reason") or "") for row in rows_of(path)]


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of the output as another program reads them."""
    if path.suffix == ".parquet":
        found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return found
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".ndjson":
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def ask(
    known: Known, source: Path, *, semantics: str = "camara", without_index: bool = False, manner: Manner | None = None,
    hash_key: bytes | None = None, resume: bool = True, progress: Progress | None = None,
) -> tuple[Path, Checked]:  # fmt: skip
    """Check the file with what is known; gives the output and the summary."""
    target = source.with_name(f"out{source.suffix}")
    done = check(
        source, target, semantics=semantics, format=source.suffix[1:], index=None if without_index else known.index,
        database=known, policy=POLICY, hash_key=hash_key, progress=progress, resume=resume, manner=manner or Manner(processes=1),
    )  # fmt: skip
    return target, done


def _policy() -> Any:
    from lastcall.core.policies.load import load

    policy = load("demo", on=date(2026, 1, 12)).policy()
    return replace(policy, lookup_known_since=KNOWN_SINCE.isoformat())


POLICY: Final = _policy()

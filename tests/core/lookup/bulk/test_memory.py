"""Whatever the file, the memory stays bounded."""

from __future__ import annotations

import os
import resource
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from lastcall.core.lookup.bulk import parquet
from tests.core.lookup.bulk.asking import Question, ask, questions, said, write
from tests.core.lookup.bulk.knowledge import Known

ROOM = 300 << 20
"""Bytes that a check may take on top of what the process has, tables included; the giant lines below are longer."""
GOOD = Question("79000001000", "2020-06-30")


def _with_little_memory(work: Callable[[], object]) -> None:
    """Do it in a process that is given :data:`ROOM` and no more for memory of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the test runner has threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            has = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_DATA, (has + ROOM, has + ROOM))
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


def _giant(path: Path, *, before: str, after: str) -> Path:
    """A file with a hole of 500 MB, which is read as zeros, in the middle of a line."""
    with path.open("wb") as file:
        file.write(before.encode())
        file.seek(500 << 20)
        file.write(after.encode())
    return path


def test_a_giant_line_is_one_bad_row(known: Known, tmp_path: Path) -> None:
    good = f"{GOOD.number},{GOOD.day}\n"
    source = _giant(tmp_path / "in.csv", before=f"number,date\n{good}7,", after=f"\n{good}")
    _with_little_memory(lambda: ask(known, source))
    assert said(tmp_path / "out.csv") == [("false", ""), ("", "too_long"), ("false", "")]
    assert (tmp_path / "out.csv").stat().st_size < 1000


def test_a_giant_object_is_one_bad_row(known: Known, tmp_path: Path) -> None:
    good = f'{{"number":"{GOOD.number}","date":"{GOOD.day}"}}\n'
    source = _giant(tmp_path / "in.ndjson", before=f'{good}{{"number":"', after=f'"}}\n{good}')
    _with_little_memory(lambda: ask(known, source))
    assert said(tmp_path / "out.ndjson") == [("false", ""), ("", "too_long"), ("false", "")]


def test_a_quotation_mark_that_is_never_closed_costs_no_more_than_its_line(known: Known, tmp_path: Path) -> None:
    rows = questions(45_000)
    source = write(tmp_path / "in.csv", rows)
    content = source.read_bytes().replace(b"number,date\n", b'number,date\n79000001000,"2020-06-30\n', 1)
    source.write_bytes(content)
    out, _ = ask(known, source)
    assert said(out) == [("", "bad_row"), *(row.expected("camara") for row in rows)]


@pytest.mark.parametrize("name", ["in.csv", "in.parquet"])
def test_a_long_file_takes_no_more_memory_than_its_beginning(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(parquet, "PIECE", 2)
    source = write(tmp_path / name, questions(10_000) * 80)
    seen: list[int] = []
    ask(known, source, progress=lambda done, total: seen.append(_own_memory()))
    assert len(seen) > 15
    assert max(seen[len(seen) // 3 :]) < max(seen[: len(seen) // 3]) + (16 << 10)


def _own_memory() -> int:
    """Kilobytes of this process that are no file's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))

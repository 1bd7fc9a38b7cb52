"""A check that was killed goes on where it was, and what comes out is what one call would have made."""

from __future__ import annotations

import os
import signal
import warnings
from pathlib import Path

import pytest

from lastcall.core.errors import Conflict, LastcallError
from lastcall.core.lookup.bulk import crew, parquet
from lastcall.core.lookup.bulk.check import Manner, TurnIsOver
from lastcall.core.lookup.bulk.unfinished import Unfinished
from tests.core.lookup.bulk.asking import ask, questions, said, write
from tests.core.lookup.bulk.knowledge import LIVES, NOT_OURS, Known, MemoryIndex


def _killed(known: Known, source: Path, *, after: int, processes: int) -> None:
    """Begin in another process, which is killed when so many segments or pieces were written and the last was not noted."""
    steps = iter(range(after))

    def turn_is_over() -> bool:
        if next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the test runner has threads
        child = os.fork()
    if child == 0:
        try:
            ask(known, source, manner=Manner(processes=processes, keep_seconds=0, turn_is_over=turn_is_over))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it was done before it could be killed"


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two batches a piece of Parquet; and several processes whenever they are asked for."""
    monkeypatch.setattr(crew, "WORTH_IT", 0)
    monkeypatch.setattr(parquet, "PIECE", 2)


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize(("name", "times"), [("in.csv", 25), ("in.ndjson", 12), ("in.parquet", 15)])
def test_what_comes_out_after_kills_is_what_one_call_makes(known: Known, tmp_path: Path, name: str, times: int) -> None:
    source = write(tmp_path / name, questions(10_000, bad=0.01) * times)
    uninterrupted = ask(known, source, resume=False)[0]
    expected = uninterrupted.read_bytes()
    uninterrupted.unlink()
    for after, processes in ((0, 1), (2, 2), (1, 1)):
        _killed(known, source, after=after, processes=processes)
        assert not uninterrupted.exists()
    out, done = ask(known, source)
    assert out.read_bytes() == expected
    assert done.rows == 10_000 * times
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, out.name])


@pytest.mark.usefixtures("small_pieces")
@pytest.mark.parametrize(("name", "times"), [("in.csv", 12), ("in.ndjson", 6), ("in.parquet", 10)])
def test_turn_after_turn_makes_the_same(known: Known, tmp_path: Path, name: str, times: int) -> None:
    source = write(tmp_path / name, questions(10_000, bad=0.01) * times)
    expected = ask(known, source)[0].read_bytes()
    turns = 0
    while True:
        turns += 1
        try:
            out, _ = ask(known, source, manner=Manner(turn_is_over=lambda: True))
            break
        except TurnIsOver:
            continue
    assert turns > 2
    assert out.read_bytes() == expected


def _broken_off(known: Known, source: Path) -> None:
    with pytest.raises(TurnIsOver):
        ask(known, source, manner=Manner(turn_is_over=lambda: True))


def test_another_question_begins_anew(known: Known, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", questions(50_000))
    _broken_off(known, source)
    rows = questions(50_000, seed=9)
    write(source, rows)
    out, done = ask(known, source)
    assert said(out) == [row.expected("camara") for row in rows]
    assert done.rows == 50_000


def test_another_semantics_begins_anew(known: Known, tmp_path: Path) -> None:
    rows = questions(50_000)
    source = write(tmp_path / "in.csv", rows)
    _broken_off(known, source)
    out, _ = ask(known, source, semantics="disconnect")
    assert said(out) == [row.expected("disconnect") for row in rows]


def test_it_begins_anew_when_told_so(known: Known, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", questions(50_000))
    _broken_off(known, source)
    known.index = MemoryIndex({msisdn: NOT_OURS for msisdn in LIVES})
    out, done = ask(known, source, resume=False)
    assert done.answers["true"] == done.answers["false"] == 0
    assert {answer for answer, _ in said(out)} <= {"not_found", "out_of_range", ""}


def test_a_note_that_cannot_be_read_begins_anew(known: Known, tmp_path: Path) -> None:
    rows = questions(50_000)
    source = write(tmp_path / "in.csv", rows)
    _broken_off(known, source)
    (tmp_path / "out.csv.part.json").write_text("{", encoding="utf-8")
    assert said(ask(known, source)[0]) == [row.expected("camara") for row in rows]


def test_two_do_not_write_one_output(known: Known, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", questions(10))
    with Unfinished.held(tmp_path / "out.csv", None, resume=False), pytest.raises(Conflict, match="another process"):  # type: ignore[arg-type]
        ask(known, source)


def test_there_is_no_output_before_it_is_whole(known: Known, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", questions(50_000))
    (tmp_path / "out.csv").write_text("before")
    _broken_off(known, source)
    assert (tmp_path / "out.csv").read_text() == "before"
    assert oct(os.stat(tmp_path / "out.csv.part").st_mode)[-3:] == "600"


def test_a_process_of_the_crew_that_is_killed_is_told_of(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = questions(50_000)
    source = write(tmp_path / "in.csv", rows * 2)
    with monkeypatch.context() as patched:
        patched.setattr(crew, "WORTH_IT", 0)
        patched.setattr(crew.Hand, "answer", lambda self, segment: os.kill(os.getpid(), signal.SIGKILL))
        with pytest.raises(LastcallError) as lost:
            ask(known, source, manner=Manner(processes=2))
    assert lost.value.code == "worker_lost"
    assert said(ask(known, source)[0]) == [row.expected("camara") for row in rows * 2]

"""The bench of bulk checks: that what it measures is right, and that its proof would see what is wrong; never how fast it was."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench import checking

NUMBERS, ROWS = 30_000, 9_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index, a registry and questions."""
    made = str(tmp_path_factory.mktemp("bench"))
    others = all(importlib.util.find_spec(name) is not None for name in ("duckdb", "polars"))
    checking.prepare(made, NUMBERS, ROWS, others)
    return made


def _proved(folder: str, *, ordered: bool) -> bool:
    return bool(checking.prove(folder, NUMBERS, ROWS, ordered)["proved"])


def test_what_lastcall_answers_is_proved(folder: str) -> None:
    assert checking.measure_lastcall(folder, 1)["rows"] == ROWS
    assert _proved(folder, ordered=True)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc builds the C pass")
def test_the_c_pass_writes_the_same_file(folder: str) -> None:
    checking.measure_lastcall(folder, 1)
    ours = (Path(folder) / "out.csv").read_bytes().partition(b"\n")[2]
    checking.build_c(folder)
    checking.measure_c(folder)
    assert (Path(folder) / "out.csv").read_bytes().partition(b"\n")[2] == ours
    assert _proved(folder, ordered=True)


@pytest.mark.parametrize(
    ("name", "measure"), [("duckdb", checking.measure_duckdb), ("polars", checking.measure_polars)]
)
def test_the_joins_give_the_same_answers(folder: str, name: str, measure: Callable[[str], Any]) -> None:
    pytest.importorskip(name)
    measure(folder)
    assert _proved(folder, ordered=False)


@pytest.mark.parametrize("ordered", [True, False])
def test_one_wrong_answer_is_seen(folder: str, ordered: bool) -> None:
    checking.measure_lastcall(folder, 1)
    path = Path(folder) / "out.csv"
    path.write_bytes(path.read_bytes().replace(b",false,\n", b",true,\n", 1))
    assert not _proved(folder, ordered=ordered)


def test_a_missing_row_is_seen(folder: str) -> None:
    checking.measure_lastcall(folder, 1)
    path = Path(folder) / "out.csv"
    path.write_bytes(path.read_bytes().rpartition(b"\n7")[0] + b"\n")
    assert not _proved(folder, ordered=True)

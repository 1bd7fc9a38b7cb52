"""The programs of ``bench``: that they run, and that what they measured is right; never how fast it was."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench.fsyncs import Fsyncs, loop
from bench.grounds import call, postgres_binaries
from bench.harness import Candidate, Target, alternate

from lastcall.core.errors import NotFound
from lastcall.site.commands.bench import find_checkout

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc builds the shim that counts fsyncs")


def run(program: str, *options: str) -> dict[str, Any]:
    """The JSON of ``lastcall bench PROGRAM --quick``."""
    command = [sys.executable, "-m", "lastcall.site.main", "bench", program, "--quick", "--json", *options]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.element)])
def kind(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql" and postgres_binaries() is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl are not installed on this machine")
    return str(request.param)


def test_declarations_and_ceases_are_measured_and_proved(kind: str) -> None:
    """Every measurement proves what it left behind; a wrong answer would have ended the program."""
    report = run("ceases", "--databases", kind)
    assert [(row["work"], row["by"]) for row in report["rows"]] == [
        ("", "fsync loop"), ("declare", "hand"), ("declare", "service"), ("cease", "hand"), ("cease", "service"),
    ]  # fmt: skip
    assert all(row["done_per_s"] > 0 for row in report["rows"])
    assert all(row["commits_per_fsync"] > 0 for row in report["rows"][1:])
    assert report["targets"]
    assert (CHECKOUT / report["plot"]).exists()


def test_the_simulated_elements_can_be_measured_too() -> None:
    report = run("ceases", "--databases", "sqlite", "--work", "cease", "--elements", "simulated")
    assert report["rows"][-1]["done_per_s"] > 0


def test_a_sweep_of_several_batches_releases_exactly_what_is_due(kind: str) -> None:
    """More are due than a batch holds: an end of batch read wrongly would leave some, or all, behind."""
    report = run("sweep", "--databases", kind)
    assert {(row["ageing"], row["due"], row["by"]) for row in report["rows"]} == {
        (total, 12_000, by) for total in (15_000, 40_000) for by in ("events only", "sweep")
    }
    assert all(row["wall_to_floor"] > 0 for row in report["rows"])


def test_every_fsync_of_a_process_is_counted_and_can_be_slowed(tmp_path: Path) -> None:
    shim = Fsyncs(tmp_path)
    shim.make_last(3_000)
    slowed = call(loop, shim.environment, folder=str(tmp_path), seconds=0.2)
    assert slowed["done"] <= slowed["wall"] / 0.003
    counted = int.from_bytes(shim.numbers.read_bytes()[8:16], "little") + int.from_bytes(
        shim.numbers.read_bytes()[16:24], "little"
    )
    assert counted == slowed["done"] + 1  # and the one that wrote the file before the loop


def test_a_wrong_answer_ends_the_program() -> None:
    wrong = Candidate({"by": "sweep"}, lambda: {"done": 1, "proved": False, "left": {"events": 2}})
    with pytest.raises(AssertionError, match="sweep: the database holds a wrong answer"):
        alternate([wrong], rounds=1, say=lambda text: None)


def test_candidates_alternate_and_medians_are_told() -> None:
    asked: list[str] = []
    speeds = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 5.0, 5.0])}

    def candidate(name: str) -> Candidate:
        def measure() -> dict[str, Any]:
            asked.append(name)
            return {"wall": next(speeds[name])}

        return Candidate({"by": name}, measure)

    rows = alternate([candidate("a"), candidate("b")], rounds=3, say=lambda text: None)
    assert "".join(asked) == "abbaab"
    assert rows == [{"by": "a", "wall": 2.0}, {"by": "b", "wall": 5.0}]


@pytest.mark.parametrize(("value", "at_least", "reached"), [(2.0, True, True), (2.0, False, False), (1.0, False, True)])
def test_a_target_is_a_floor_or_a_ceiling(value: float, at_least: bool, reached: bool) -> None:
    assert Target("commits per fsync", value, 1.5, at_least).reached is reached


def test_an_installed_package_says_that_bench_comes_with_the_source(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="comes with the source"):
        find_checkout(tmp_path / "site-packages" / "lastcall" / "site" / "commands" / "bench.py")

"""Checking a file of questions: ``lastcall check`` against a copy of the file, a plain C program, DuckDB and Polars."""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from bench import checking
from bench.grounds import call
from bench.harness import OUT, Candidate, Numbers, Report, Target, alternate, machine, publish, teller


@dataclass(frozen=True)
class _Bench:
    folder: Path
    numbers: int
    rows: int

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LASTCALL_HOME": str(self.folder / "home"), "LASTCALL_DATABASE_URL": f"sqlite:///{self.folder}/none.sqlite3",
        }  # fmt: skip

    def call(self, function: Callable[..., Any], **arguments: Any) -> Any:
        return call(function, self.environment, folder=str(self.folder), **arguments)

    def measure(self, function: Callable[..., Any], *, proved: bool, ordered: bool, **arguments: Any) -> Numbers:
        found: Numbers = self.call(function, **arguments)
        if proved:
            found |= self.call(checking.prove, numbers=self.numbers, rows=self.rows, ordered=ordered)
        (self.folder / "out.csv").unlink()
        return found

    def candidates(self, *, others: bool, compiled: bool) -> Iterator[Candidate]:
        cores = len(os.sched_getaffinity(0))
        yield self._candidate("copy of the file", checking.measure_copy, proved=False)
        if compiled:
            yield self._candidate("C, one thread", checking.measure_c)
        yield self._candidate("lastcall, 1 process", checking.measure_lastcall, processes=1)
        yield self._candidate(f"lastcall, {cores} processes", checking.measure_lastcall, processes=cores)
        if others:
            yield self._candidate("DuckDB", checking.measure_duckdb, ordered=False)
            yield self._candidate("Polars", checking.measure_polars, ordered=False)

    def _candidate(
        self, by: str, function: Callable[..., Any], *, proved: bool = True, ordered: bool = True, **more: Any
    ) -> Candidate:
        labels = {"by": by, "rows": self.rows, "registry": self.numbers}
        return Candidate(labels, partial(self.measure, function, proved=proved, ordered=ordered, **more))


@click.command()
@click.option("--registry", default=5_000_000, show_default=True, help="How many numbers the registry has.")
@click.option("--rows", default=2_000_000, show_default=True, help="How many questions the file has.")
@click.option("--rounds", default=3, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path, exists=True), help="A folder on the disk to be measured.")
@click.option("--quick", is_flag=True, help="Small and once: for tests.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def main(registry: int, rows: int, rounds: int, folder: Path | None, quick: bool, as_json: bool) -> None:
    """Measure what answering a file of questions costs. The real figure: --registry 100000000 --rows 10000000."""
    if quick:
        registry, rows, rounds = 200_000, 400_000, 1
    say = teller(as_json)
    others = all(importlib.util.find_spec(name) is not None for name in ("duckdb", "polars"))
    compiled = shutil.which("gcc") is not None
    if not others:
        say("without DuckDB and Polars: they are in the dependency group 'bench'")
    with tempfile.TemporaryDirectory(prefix="lastcall-bench-", dir=folder) as name:
        bench = _Bench(Path(name), registry // 10_000 * 10_000, rows)
        say(f"making {bench.numbers:,} numbers and {rows:,} questions")
        bench.call(checking.prepare, numbers=bench.numbers, rows=rows, others=others)
        if compiled:
            checking.build_c(name)
        found = list(_rows(alternate(list(bench.candidates(others=others, compiled=compiled)), rounds=rounds, say=say)))
        say("memory")
        memory = bench.call(checking.measure_memory, processes=len(os.sched_getaffinity(0)))["private_mb"]
    targets = list(_targets(found, memory))
    finding = _finding(found, memory)
    publish(Report("check", finding, found, targets, _plot(found, finding), machine()), as_json=as_json)


def _rows(medians: list[Numbers]) -> Iterator[Numbers]:
    copy = medians[0]
    for row in medians:
        yield {
            "by": row["by"],
            "rows": row["rows"],
            "registry": row["registry"],
            "wall_s": row["wall"],
            "cpu_s": row["cpu"],
            "wall_to_copy": row["wall"] / copy["wall"],
            "rows_per_s": row["rows"] / row["wall"],
        }


def _named(rows: list[Numbers], name: str) -> Numbers | None:
    return next((row for row in rows if row["by"].startswith(name)), None)


def _ours(rows: list[Numbers]) -> list[Numbers]:
    return [row for row in rows if row["by"].startswith("lastcall")]


def _user(rows: list[Numbers]) -> Numbers | None:
    return min((row for row in rows if row["by"] in {"DuckDB", "Polars"}), key=lambda row: row["wall_s"], default=None)


def _targets(rows: list[Numbers], memory: float) -> Iterator[Target]:
    wall = min(row["wall_s"] for row in _ours(rows))
    alone = _ours(rows)[0]
    together = _ours(rows)[-1]
    if (user := _user(rows)) is not None:
        yield Target(f"{user['by']} to lastcall: wall", user["wall_s"] / wall, 4, True)
        yield Target(f"{user['by']} to lastcall: cpu, all processes", user["cpu_s"] / together["cpu_s"], 4, True)
        yield Target(f"{user['by']} to lastcall: cpu, 1 process", user["cpu_s"] / alone["cpu_s"], 4, True)
    if (compiled := _named(rows, "C,")) is not None:
        yield Target("lastcall to C: wall", wall / compiled["wall_s"], 2, False)
    yield Target("lastcall: private memory, MB", memory, 300, False)


def _finding(rows: list[Numbers], memory: float) -> str:
    best, user, compiled = min(_ours(rows), key=lambda row: row["wall_s"]), _user(rows), _named(rows, "C,")
    parts = [f"{best['rows_per_s'] / 1e6:.1f} million rows a second with {memory:.0f} MB"]
    if user is not None:
        parts.append(f"{user['wall_s'] / best['wall_s']:.1f} times as fast as {user['by']}")
    if compiled is not None:
        parts.append(f"{best['wall_s'] / compiled['wall_s']:.2f} times a C pass")
    return "lastcall check: " + ", ".join(parts)


def _plot(rows: list[Numbers], finding: str) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(10, 5), layout="constrained")
    names = [row["by"] for row in rows]
    for offset, column, colour in ((-0.2, "wall_s", "#33658a"), (0.2, "cpu_s", "#c8c8c8")):
        values = [row[column] / row["rows"] * 1e6 for row in rows]
        bars = axes.barh(
            [place + offset for place in range(len(names))], values, height=0.4, color=colour, label=column[:-2]
        )
        axes.bar_label(bars, fmt="%.2f", fontsize=8, padding=2)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel("seconds for a million rows")
    axes.set_title(finding, fontsize=10)
    axes.legend()
    OUT.mkdir(exist_ok=True)
    path = OUT / "check.png"
    figure.savefig(path, dpi=130)
    pyplot.close(figure)
    return f"bench/out/{path.name}"


if __name__ == "__main__":
    main()

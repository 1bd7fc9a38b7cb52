"""What every program here does alike: candidates in alternating rounds, medians, targets, a table, JSON and a plot."""

from __future__ import annotations

import json
import os
import platform
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

from bench.fsyncs import Fsyncs

OUT: Final = Path(__file__).with_name("out")
Numbers = dict[str, Any]
Measure = Callable[[], Numbers]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to be measured: the labels that tell it from the others, and the measurement in a fresh process."""

    labels: Numbers
    measure: Measure


@dataclass(frozen=True, slots=True)
class Target:
    """``value`` should be at least, or at most, ``limit``; ``why`` says what stands in the way when it is not."""

    name: str
    value: float
    limit: float
    at_least: bool
    why: str = ""

    @property
    def reached(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Report:
    """One program's answer. ``rows``: a table with the same columns in each."""

    program: str
    finding: str
    rows: Sequence[Numbers]
    targets: Sequence[Target]
    plot: str
    machine: Numbers = field(default_factory=dict)


def alternate(candidates: Sequence[Candidate], *, rounds: int, say: Callable[[str], None]) -> list[Numbers]:
    """Measure all in every round, every other round backward; returns labels and medians, one for each candidate.

    Raises ``AssertionError`` when a measurement left anything but the right answer behind.
    """
    runs: list[list[Numbers]] = [[] for _ in candidates]
    for number in range(rounds):
        order = list(enumerate(candidates))
        for place, candidate in reversed(order) if number % 2 else order:
            name = " ".join(map(str, candidate.labels.values()))
            say(f"round {number + 1} of {rounds}: {name}")
            run = candidate.measure()
            if not run.get("proved", True):
                raise AssertionError(f"{name}: the database holds a wrong answer afterwards: {run['left']}")
            runs[place].append(run)
    return [{**candidate.labels, **_medians(several)} for candidate, several in zip(candidates, runs, strict=True)]


def _medians(runs: list[Numbers]) -> Numbers:
    names = [name for name, value in runs[0].items() if isinstance(value, int | float) and not isinstance(value, bool)]
    return {name: median(run[name] for run in runs) for name in names}


@contextmanager
def workshop(parent: Path | None) -> Iterator[tuple[Path, Fsyncs]]:
    """A folder on the disk that is measured, which the database server may enter, and the shim built in it."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))  # so that the server is stopped, too
    with tempfile.TemporaryDirectory(prefix="lastcall-bench-", dir=parent, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "home").mkdir()
        yield folder, Fsyncs(folder)


def machine() -> Numbers:
    """What the figures were taken on."""
    return {
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load": [round(value, 2) for value in os.getloadavg()],
        "command": " ".join(["python -m", *_called()]),
    }


def _called() -> list[str]:
    path = Path(sys.argv[0])
    return [f"bench.{path.stem}", *sys.argv[1:]]


def teller(quiet: bool) -> Callable[[str], None]:
    """Tells of progress on the error output, unless ``quiet``."""
    return (lambda text: None) if quiet else lambda text: click.echo(text, err=True)


def publish(report: Report, *, as_json: bool) -> None:
    """Print the report, as one JSON document or for people."""
    if as_json:
        targets = [asdict(target) | {"reached": target.reached} for target in report.targets]
        click.echo(json.dumps(asdict(report) | {"targets": targets}, ensure_ascii=False))
        return
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(_table(report))
    console.print(_targets(report.targets))
    console.print(f"[bold]{report.finding}[/]\nPlot: {report.plot}\nMachine: {report.machine}")


def _table(report: Report) -> Table:
    shown = Table(title=f"{report.program}: medians")
    columns = list(report.rows[0])
    for column in columns:
        shown.add_column(
            column.replace("_", " "), justify="left" if isinstance(report.rows[0][column], str) else "right"
        )
    for row in report.rows:
        shown.add_row(*(_cell(row[column]) for column in columns))
    return shown


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return "" if value is None else str(value)


def _targets(targets: Sequence[Target]) -> Table:
    shown = Table("target", "limit", "measured", "", title="targets")
    for target in targets:
        limit = f"{'≥' if target.at_least else '≤'} {target.limit:g}"
        verdict = "[green]reached[/]" if target.reached else f"[red]not reached[/] {target.why}"
        shown.add_row(target.name, limit, f"{target.value:.2f}", verdict)
    return shown

"""``lastcall index``: build the derived file behind look-ups, say how it stands, compare it with the database."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

import click
from rich.console import Console

from lastcall.core.lookup.index.build import build as build_index
from lastcall.core.lookup.index.place import index_path
from lastcall.core.lookup.index.status import Status
from lastcall.core.lookup.index.status import status as read_status
from lastcall.core.lookup.index.verify import disagreements
from lastcall.core.policies.present import present_policy
from lastcall.site.output import as_json, emit, progress, ready, table

_MOST_SHOWN: Final = 1_000


@click.group()
def index() -> None:
    """Build, look at and check the index that answers look-ups."""


@index.command()
@as_json
def build(machine: bool) -> None:
    """Make the index anew from all tenures. The old one serves, and is kept current, until the new one is whole."""
    database = ready()
    with progress("Building the index", quiet=machine) as bar:
        done = build_index(database, path=index_path(), policy=present_policy(), progress=bar)
    _show(done, machine)


@index.command()
@as_json
@click.pass_context
def status(context: click.Context, machine: bool) -> None:
    """How old the index is, how far behind the log, how large, and whether it is whole (exit code 1 when not)."""
    found = read_status(ready(), path=index_path())
    _show(found, machine)
    context.exit(0 if found.sound else 1)


@index.command()
@click.option("--sample", type=click.IntRange(min=1), default=10_000, show_default=True, help="How many numbers.")
@click.option("--all", "everything", is_flag=True, help="Every number instead; takes its time.")
@as_json
@click.pass_context
def verify(context: click.Context, sample: int, everything: bool, machine: bool) -> None:
    """Recompute numbers from the database and name every difference. Exit code 1 when there is one."""
    database = ready()
    with progress("Comparing", quiet=machine) as bar:
        found = disagreements(
            database, index_path(), present_policy(), sample=None if everything else sample, progress=bar
        )
        shown = list(islice(found, _MOST_SHOWN))
    document = {"agrees": not shown, "differences": [asdict(one) for one in shown]}

    def people(out: Console) -> None:
        if not shown:
            out.print("[green]The index agrees with the database.[/]")
            return
        rows = table("Differences (disconnect and activation, in days since 1999-12-30)", "of", "index", "database")
        for one in shown:
            rows.add_row(one.subject, one.index, one.database)
        out.print(rows)
        out.print("Build it anew: lastcall index build.")

    emit(document, machine=machine, people=people)
    context.exit(1 if shown else 0)


def _show(found: Status, machine: bool) -> None:
    document = {name: _plain(value) for name, value in asdict(found).items()}

    def people(out: Console) -> None:
        rows = table("Index", "", "")
        for name, value in document.items():
            rows.add_row(name.replace("_", " "), f"{value:,}" if type(value) is int else str(value))
        out.print(rows)

    emit(document, machine=machine, people=people)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3)
    return value.isoformat() if isinstance(value, date | datetime) else value

"""``lastcall policy``: what the packs say and how sure they are, and whether a pack can be used."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.policies.check import check_packs
from lastcall.core.policies.document import Problem
from lastcall.core.policies.load import load
from lastcall.core.policies.pack import Pack, PackEntry

_WORDS: Final = {
    "confirmed": "[green]confirmed[/]",
    "single_source": "[yellow]single source[/]",
    "operator_choice": "[cyan]operator's choice[/]",
    "conflict": "[bold red]UNCONFIRMED: sources disagree[/]",
    "unconfirmed": "[bold red]UNCONFIRMED[/]",
}
_WIDTH_WHEN_PIPED: Final = 200
_WIDTH_FOR_FILES: Final = 110


@click.group()
def policy() -> None:
    """Show and check the policy packs."""


@policy.command()
@click.argument("prefix", metavar="[KEY-PREFIX]", default="")
@click.option("--operator", default="demo", show_default=True, help="The operator whose values stand on top.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day for which values are shown; default today."
)
@click.option("--extra", type=click.Path(path_type=Path), help="A folder with more operator packs.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def show(prefix: str, operator: str, day: datetime | None, extra: Path | None, as_json: bool) -> None:
    """Show the values in force whose key begins with KEY-PREFIX, with source, date and confidence."""
    pack = load(operator, on=_day(day), extra=extra)
    entries = pack.entries(prefix)
    if not entries:
        tables = ", ".join(sorted({entry.key.partition(".")[0] for entry in pack.entries()}))
        raise BadInput(f"No key begins with '{prefix}' on {pack.on}.", remedy=f"Begin with one of {tables}.")
    if as_json:
        click.echo(_json(_shown(pack, entries, prefix)))
    else:
        _print(pack, entries, prefix)


@policy.command()
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Check packs (files or folders; without any, those that come with Lastcall). Exit code 1 when one is wrong."""
    problems = check_packs(files, on=_day(None))
    errors = [problem for problem in problems if problem.severity == "error"]
    if as_json:
        click.echo(_json({"ok": not errors, "problems": [asdict(problem) for problem in problems]}))
    else:
        _tell(problems, len(errors))
    context.exit(1 if errors else 0)


def _day(given: datetime | None) -> date:
    return (given or clock.now()).date()


def _shown(pack: Pack, entries: Iterable[PackEntry], prefix: str) -> dict[str, Any]:
    return {
        "pack": pack.name,
        "operator": pack.operator,
        "on": pack.on,
        "entries": [asdict(entry) | {"is_confirmed": entry.is_confirmed} for entry in entries],
        "not_found": pack.not_found(prefix),
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)


def _print(pack: Pack, entries: Iterable[PackEntry], prefix: str) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_WHEN_PIPED
    table = Table(title=f"{pack.name} + {pack.operator} on {pack.on}", title_justify="left")
    headings = ("key", "value", "confidence", "source", "source date", "file")
    shown = len(headings) - (console.width < _WIDTH_FOR_FILES)
    for heading in headings[:shown]:
        table.add_column(heading, overflow="fold", no_wrap=heading == "source date")
    for entry in entries:
        table.add_row(*_cells(entry)[:shown])
    console.print(table)
    for absent in pack.not_found(prefix):
        console.print(f"[bold red]NOT FOUND[/] {escape(absent)}")


def _cells(entry: PackEntry) -> tuple[str, ...]:
    place = f"{entry.file}:{entry.line}"
    value, source = escape(_value(entry.value)), escape(entry.source)
    return escape(entry.key), value, _WORDS[entry.confidence], source, str(entry.source_date), place


def _value(value: Any) -> str:
    """A value for a cell: texts in English, lists with commas, the rest as JSON."""
    if isinstance(value, dict) and "en" in value:
        return str(value["en"])
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_value(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_value, value)) or "-"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _tell(problems: list[Problem], errors: int) -> None:
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{errors} to correct, {len(problems) - errors} not confirmed.")

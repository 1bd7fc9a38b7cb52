"""``lastcall simulate``: random lives of numbers, SIMs and cases on the production services, every invariant after each step."""

from __future__ import annotations

from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from lastcall.core.simulator.history import History, play
from lastcall.core.simulator.memo import memoised
from lastcall.core.simulator.run import Found, Report, found_in, run
from lastcall.site.output import as_json, emit, progress, table


@click.command()
@click.option("--histories", type=click.IntRange(min=1), default=10_000, show_default=True, help="How many to play.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The seed of the first; each next has the next.",
)
@click.option("--processes", type=click.IntRange(min=1), help="How many processes; default one per core.")
@click.option(
    "--replay", type=click.IntRange(min=0), metavar="SEED", help="Play one history alone and print its steps."
)
@as_json
@click.pass_context
def simulate(
    context: click.Context, histories: int, seed: int, processes: int | None, replay: int | None, machine: bool
) -> None:
    """Play random lives against the production rules. Stops at the first violation, with exit code 1."""
    if replay is not None:
        broken = _replay(replay, machine=machine)
    else:
        with progress("Playing", quiet=machine) as bar:
            report = run(histories, seed, processes=processes, progress=bar)
        emit(_document(report), machine=machine, people=lambda out: _print(out, report))
        broken = report.found is not None
    context.exit(1 if broken else 0)


def _document(report: Report) -> dict[str, Any]:
    document: dict[str, Any] = {
        "histories": report.histories,
        "steps": report.steps,
        "invariants": report.invariants,
        "violations": report.violations,
        "closed_share": report.closed_share,
        "failing_seed": report.failing_seed,
    }
    return document | ({"first": _first(report.found)} if report.found else {})


def _first(found: Found) -> dict[str, Any]:
    return {"invariant": found.invariant, "text": found.text, "steps": list(found.steps)}


def _print(out: Console, report: Report) -> None:
    rows = table("Simulation", "what", "how many")
    rows.add_row("histories", f"{report.histories:,}")
    rows.add_row("steps", f"{report.steps:,}")
    rows.add_row("invariants checked after each step", str(report.invariants))
    rows.add_row("histories that closed a line", f"{report.closed_share:.1%}")
    rows.add_row("violations", f"[red]{report.violations}[/]" if report.violations else "[green]0[/]")
    out.print(rows)
    if report.found is not None:
        _print_found(out, report.found)
        out.print(f"Play it again: lastcall simulate --replay {report.found.seed}")


def _print_found(out: Console, found: Found) -> None:
    out.print(f"[bold red]History {found.seed} broke {found.invariant}[/]: {escape(found.text)}")
    for line in found.steps:
        out.print(f"  {escape(line)}", soft_wrap=True)


def _replay(seed: int, *, machine: bool) -> bool:
    with memoised():
        history = play(seed)
    found = found_in(history)
    document = {"seed": seed, "steps": _lines(history), "first": _first(found) if found else None}
    emit(document, machine=machine, people=lambda out: _print_history(out, history, found))
    return found is not None


def _lines(history: History) -> list[str]:
    return [f"{place}. {step}: {outcome}" for place, (step, outcome) in enumerate(history.steps, start=1)]


def _print_history(out: Console, history: History, found: Found | None) -> None:
    if found is not None:
        _print_found(out, found)
        return
    for line in _lines(history):
        out.print(f"  {escape(line)}", soft_wrap=True)
    out.print(f"History {history.seed} broke nothing in {len(history.steps)} steps.")

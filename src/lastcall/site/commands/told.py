"""``lastcall told``: what relying parties are told, what they did not take, and the daily files."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import date
from typing import Any

import click
from rich.console import Console

from lastcall.core.actor import Actor
from lastcall.core.errors import BadInput
from lastcall.core.lookup.days import read_day, zone
from lastcall.core.policies.present import present_policy
from lastcall.core.telling import daily as daily_files
from lastcall.core.telling import dead as dead_letters
from lastcall.core.telling.announce import follow
from lastcall.core.telling.status import status as status_of
from lastcall.site.output import acting, as_json, emit, ready, table


@click.group()
def told() -> None:
    """What relying parties are told of numbers."""


@told.command()
@as_json
def status(machine: bool) -> None:
    """How far the log was read, what waits, and how each endpoint does."""
    found = status_of(ready())
    document = _plain(asdict(found))

    def people(out: Console) -> None:
        last = found.last_file.isoformat() if found.last_file else "none yet"
        out.print(
            f"{found.interests} interests; {found.behind} events of the log not read yet; last daily file: {last}."
        )
        out.print(f"Deliveries: {found.queued} to be sent, {found.waiting} behind them, {found.dead} for a person.")
        shown = table(
            "Endpoints", "consumer", "host", "state", "failures", "failing since", "paused until", "last error"
        )
        for row in document["endpoints"]:
            shown.add_row(*(str(value or "") for value in row.values()))
        out.print(shown if found.endpoints else "No consumer has a webhook.")

    emit(document, machine=machine, people=people)


@told.command()
@as_json
def dead(machine: bool) -> None:
    """List the deliveries that no endpoint took in time and that wait for a person."""
    found = dead_letters.listed(ready())
    document = [_plain(asdict(one) | {"id": str(one.id)}) for one in found]

    def people(out: Console) -> None:
        shown = table("Not taken", "delivery", "consumer", "kind", "number", "given up", "tries", "error")
        for one in found:
            since = f"{one.dead_at.astimezone(zone()):%Y-%m-%d %H:%M}"
            shown.add_row(str(one.id), one.consumer, one.kind, one.number, since, str(one.attempts), one.error)
        out.print(shown if document else "Nothing waits for a person.")

    emit(document, machine=machine, people=people)


@told.command()
@click.argument("delivery_id", type=int)
@acting("administrator:command")
def retry(delivery_id: int, actor: Actor) -> None:
    """Push a dead delivery again; those of the same number follow it."""
    dead_letters.retry(ready(), delivery_id=delivery_id, actor=actor)
    click.echo("It is queued again.")


@told.command()
@click.argument("delivery_id", type=int)
@acting("administrator:command")
def skip(delivery_id: int, actor: Actor) -> None:
    """Leave a dead delivery to the feed and let those behind it go."""
    dead_letters.skip(ready(), delivery_id=delivery_id, actor=actor)
    click.echo("It is left to the feed.")


@told.command()
@click.argument("day")
@click.argument("out", type=click.Path(dir_okay=False, writable=True))
@as_json
def daily(day: str, out: str, machine: bool) -> None:
    """Put the file of the numbers that were closed on DAY (YYYY-MM-DD) into OUT."""
    database, wanted = ready(), read_day(day)
    follow(database, present_policy())
    path = daily_files.write(database, day=wanted)
    try:
        shutil.copyfile(path, out)
    except shutil.SameFileError:
        raise BadInput("OUT is the file itself", code="bad_out", remedy="Name another file.") from None
    rows = path.read_bytes().count(b"\n") - 1
    document = {"day": wanted.isoformat(), "file": out, "rows": rows}
    emit(document, machine=machine, people=lambda console: console.print(f"{rows} rows of {wanted} in {out}."))


def _plain(value: Any) -> Any:
    """Days as text, beside the moments that every command prints."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value

"""``lastcall numbers``: the register, the numbers held, the sweep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.numbers.attempts import import_file
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.pool import OUTSIDE
from lastcall.core.numbers.pools import count_pools
from lastcall.core.numbers.range import Import
from lastcall.core.numbers.ranges import import_register
from lastcall.core.numbers.sweep import sweep as sweep_numbers
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.present import present_pack, present_policy
from lastcall.core.store import Store
from lastcall.site.output import acting, as_json, emit, progress, ready, table


@click.group()
def numbers() -> None:
    """Import the register, look at the numbers, sweep what is due."""


@numbers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting("number_manager:command")
@as_json
def import_(file: Path, actor: Actor, machine: bool) -> None:
    """Read a numbering register (CSV) in place of the present ranges: all of it or nothing."""
    database = ready()
    with progress("Reading the register", quiet=machine) as bar:
        done = import_register(database, path=file, actor=actor, progress=bar)
    document = {"ranges": done.ranges, "numbers": done.numbers, "operators": done.operators}

    def people(out: Console) -> None:
        out.print(f"{done.ranges:,} ranges with {done.numbers:,} numbers of {done.operators:,} operators.")
        if done.was and done.numbers < done.was:
            out.print(f"[yellow]The register before had {done.was:,} numbers: is this file whole?[/]")
        if done.outside:
            out.print(f"[yellow]{done.outside:,} numbers in use are in no range of this register.[/]")

    emit(document, machine=machine, people=people)


@numbers.command()
@as_json
def status(machine: bool) -> None:
    """How many numbers are in which state."""
    document = ready().transact(_counts)

    def people(out: Console) -> None:
        rows = table("Numbers", "state", "how many")
        for name, count in document.items():
            rows.add_row(name, f"{count:,}" if isinstance(count, int) else str(count or "never"))
        out.print(rows)

    emit(document, machine=machine, people=people)


def _counts(rows: Store) -> dict[str, Any]:
    register = rows.some(Import, {}, order="-at", limit=1)
    now = clock.now()
    return {
        "register_read": register[0].at.isoformat() if register else None,
        "ranges": register[0].ranges if register else 0,
        "numbers_in_ranges": register[0].numbers if register else 0,
        "in_service": rows.count(Tenure, {"until": None}),
        "reserved": rows.count(Reservation, {}),
        "pending_release": rows.count(PendingRelease, {}),
        "pending_release_due": rows.count(PendingRelease, {"reclaim_until__lte": now}),
        "quarantined": rows.count(Quarantine, {}),
        "quarantined_due": rows.count(Quarantine, {"quarantine_until__lte": now}),
        "ported_out": rows.count(Absent, {"state": "ported_out"}),
        "withdrawn": rows.count(Absent, {"state": "withdrawn"}),
    }


@numbers.command()
@as_json
def count(machine: bool) -> None:
    """Count our ranges by state, as the worker does every quarter of an hour."""
    inn = present_pack().entry("operator.inn").value
    found = count_pools(ready(), operator_inn=inn)
    states = ("in_service", "pending_release", "quarantined", "reserved", "ported_out", "withdrawn")
    document = [
        {"first": str(pool.first), "size": pool.size} | {state: getattr(pool, state) for state in states} | {"free": pool.free}
        for pool in found
    ]  # fmt: skip

    def people(out: Console) -> None:
        rows = table("Our ranges", "from", "size", *states, "free")
        for pool, line in zip(found, document, strict=True):
            name = "outside" if pool.first == OUTSIDE else mask_msisdn(pool.first)
            rows.add_row(name, *(f"{value:,}" for key, value in line.items() if key != "first"))
        out.print(rows)

    emit(document, machine=machine, people=people)


@numbers.command()
@click.option(
    "--batch", type=click.IntRange(1, 100_000), default=5_000, show_default=True, help="Numbers a transaction."
)
@as_json
def sweep(batch: int, machine: bool) -> None:
    """Move what is due: pending release to quarantine, quarantine to available.

    A release waits while attempts to reach the number go on, and for the notice that relying parties are owed, as the policy says.
    """
    database = ready()
    due = database.transact(_counts)
    total = due["pending_release_due"] + due["quarantined_due"]
    with progress("Sweeping", quiet=machine) as bar:
        swept = sweep_numbers(
            database, policy=present_policy(), batch=batch, progress=lambda _, done: bar(done, max(total, done))
        )
    document = {
        "quarantined": swept.quarantined, "released": swept.released, "reservations_ended": swept.reservations_ended,
        "put_off": swept.put_off,
    }  # fmt: skip

    def people(out: Console) -> None:
        out.print(
            f"{swept.quarantined:,} went into quarantine, {swept.released:,} are available again, "
            f"{swept.reservations_ended:,} reservations ran out."
        )
        if swept.put_off:
            out.print(f"{swept.put_off:,} releases were put off.")

    emit(document, machine=machine, people=people)


@numbers.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting("system:command")
@as_json
def attempts(file: Path, actor: Actor, machine: bool) -> None:
    """Read how often somebody tried to reach resting numbers (CSV: number,day,calls,messages): all of it or nothing.

    Of numbers that do not rest nothing is kept. The same file again changes nothing.
    """
    database, policy = ready(), present_policy()
    with progress("Reading attempts", quiet=machine) as bar:
        done = import_file(database, path=file, policy=policy, actor=actor, progress=bar)
    document = {"rows": done.rows, "kept": done.kept, "known": done.known, "dropped": done.dropped}

    def people(out: Console) -> None:
        out.print(
            f"{done.rows:,} rows: {done.kept:,} kept, {done.known:,} known before, "
            f"{done.dropped:,} dropped (not resting, or too long ago)."
        )

    emit(document, machine=machine, people=people)

"""``lastcall sim``: the SIM or USIM in your hand: looked at, saved to files, its PIN taken off. No database, no LASTCALL_HOME."""

from __future__ import annotations

import importlib
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from lastcall.core.simcard.saving.texts import one_line
from lastcall.site.at_card import Place, at_reader, readers_at
from lastcall.site.card_shown import fit
from lastcall.site.commands.sim_pin import pin
from lastcall.site.commands.sim_reading import backup, info, verify
from lastcall.site.output import as_json, emit, table


class Sim(click.Group):
    """The group; the reader agent has a file of its own, read only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*self.commands, "agent"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "agent":
            return super().get_command(ctx, cmd_name)
        found: click.Command = importlib.import_module("lastcall.site.commands.sim_agent").agent
        return found


@click.group(cls=Sim)
def sim() -> None:
    """Read, save and unlock the SIM in your hand."""


for command in (info, backup, verify, pin):
    sim.add_command(command)


@sim.command()
@at_reader
@as_json
def readers(place: Place, machine: bool) -> None:
    """The card readers of this computer."""
    with readers_at(place) as found:
        names = found.names()
    document = {"readers": [{"number": name.number, "name": name.name, "card": name.card} for name in names]}
    emit(document, machine=machine, people=lambda out: _print_readers(out, document["readers"]))


def _print_readers(out: Console, found: list[dict[str, Any]]) -> None:
    if not found:
        out.print("No card reader is connected.")
        return
    shown = table("Card readers", "N", "name", "card")
    for each in found:
        shown.add_row(str(each["number"]), Text(one_line(each["name"])), "yes" if each["card"] else "no")
    fit(out, shown)

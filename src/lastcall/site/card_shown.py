"""How a card and its PIN are shown on the command line, by all commands that look at one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from lastcall.core.simcard.card import Card
from lastcall.core.simcard.pin import PinState
from lastcall.site.output import say, table

WIDTH = 80


def pin_facts(state: PinState) -> dict[str, Any]:
    """How the PIN stands, for programs."""
    return {**asdict(state), "blocked": state.blocked, "dead": state.dead}


def pin_rows(state: PinState) -> list[tuple[str, str]]:
    """The same for people: label and value."""
    enabled = {True: "on", False: "off", None: "the card does not say"}[state.enabled]
    if state.blocked:
        enabled += ", blocked" + (" for good" if state.dead else ": only the PUK helps")
    return [("PIN", enabled), ("tries left", _count(state.tries)), ("tries of the PUK left", _count(state.puk_tries))]


def _count(left: int | None) -> str:
    return "the card does not say" if left is None else str(left)


def facts_table(title: str) -> Table:
    """Labels and values, without a head."""
    shown = table(title, "", "")
    shown.show_header = False
    return shown


def fit(out: Console, shown: Table) -> None:
    """Print a table, at most 80 columns wide."""
    out.print(shown, width=min(WIDTH, out.width), highlight=False, markup=False)


def print_notes(out: Console, card: Card) -> None:
    """What could not be read, and why."""
    for note in card.notes:
        say(out, f"Note: {note}")

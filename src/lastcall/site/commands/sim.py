"""``lastcall sim``: the SIM or USIM in your hand: looked at, saved to files, its PIN taken off. No database, no LASTCALL_HOME."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lastcall.core import clock
from lastcall.core.errors import ElementTrouble, Refused
from lastcall.core.kit.choices import LANGUAGES
from lastcall.core.ports import SimCard
from lastcall.core.simcard import saving
from lastcall.core.simcard.card import Card
from lastcall.core.simcard.pin import ACTS, PinState
from lastcall.core.simcard.saving.manifest import WHAT, counts
from lastcall.core.simcard.saving.texts import one_line
from lastcall.elements.letters import make_printer
from lastcall.site.at_card import (
    STANDARD_ERROR,
    Place,
    ask_new_pin,
    ask_pin,
    ask_puk,
    at_card,
    at_reader,
    card_at,
    counted,
    file_option,
    pin_options,
    readers_at,
    stop_in_time,
    tries,
    unlock,
)
from lastcall.site.output import as_json, emit, progress, table

WIDTH = 80
_STOPPED = {"last_try", "tries_unknown", "pin_blocked", "puk_blocked"}
_LISTS = {
    "phone_book": "contacts",
    "own_numbers": "own numbers",
    "fixed_dialling": "fixed dialling",
    "service_numbers": "service numbers",
    "last_dialled": "last dialled",
    "messages": "messages",
}


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
    _fit(out, shown)


@sim.command()
@at_card
@pin_options
@click.option("--no-pin", is_flag=True, help="Show only what the card tells without its PIN.")
@as_json
def info(place: Place, pin_file: str | None, last_try: bool, no_pin: bool, machine: bool) -> None:
    """Show the card's numbers, its operator, and how much is on it. Changes nothing."""
    with card_at(place) as card:
        opened = not no_pin and _opened(card, pin_file=pin_file, last_try=last_try, quiet=machine)
        found = _read(card, place, quiet=machine)
    facts = _card_facts(found, opened=opened or found.pin.enabled is False)
    emit(facts, machine=machine, people=lambda out: _print_card(out, facts, found))


def _opened(card: SimCard, *, pin_file: str | None, last_try: bool, quiet: bool) -> bool:
    """Whether the PIN opened it. The last try is not risked for a look: what the PIN closes is left out, and that is said."""
    try:
        unlock(card, pin_file=pin_file, last_try=last_try)
    except Refused as refused:
        if refused.code not in _STOPPED:
            raise
        if not quiet:
            click.echo(f"Shown without the PIN: {refused.message}. {refused.remedy}", err=True)
        return False
    return True


def _card_facts(card: Card, *, opened: bool) -> dict[str, Any]:
    """``opened``: no list is closed by the PIN, so that what is on it can be counted."""
    facts = ("kind", "atr", "iccid", "imsi", "provider")
    return {
        **{name: getattr(card, name) for name in facts},
        "own_numbers": [number for entry in card.of("own_numbers") for number in entry.numbers],
        "pin": _pin_facts(card.pin),
        "rooms": [asdict(room) for room in card.rooms],
        **(counts(card) if opened else {}),
        "notes": list(card.notes),
    }


def _print_card(out: Console, facts: dict[str, Any], card: Card) -> None:
    shown = _facts("The card")
    for label, value in (
        ("kind", card.kind),
        ("ICCID", card.iccid or "not readable"),
        ("IMSI", card.imsi or "not readable"),
        ("operator on the card", one_line(card.provider) or "not said"),
        ("own number", "\n".join(facts["own_numbers"]) or "not said"),
        *_pin_rows(card.pin),
        *((_LISTS[room.of], f"{room.used} of {room.total}") for room in card.rooms),
    ):
        shown.add_row(label, Text(value))
    _fit(out, shown)
    _print_notes(out, card)


@sim.command()
@at_card
@pin_options
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="A new folder for the files.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the files.")
@click.option(
    "--deleted", is_flag=True, help="Also messages that were deleted, where their text still lies on the card."
)
@as_json
def backup(
    place: Place, pin_file: str | None, last_try: bool, folder: Path, language: str, deleted: bool, machine: bool
) -> None:
    """Save contacts and messages to files. Changes nothing on the card."""
    saving.refuse_used(folder)
    with card_at(place) as card:
        unlock(card, pin_file=pin_file, last_try=last_try)
        found = _read(card, place, deleted=deleted, quiet=machine)
    made_at = clock.now()
    files = saving.files(found, language=language, made_at=made_at, printer=make_printer("typst"))
    saving.save(files, folder)
    document = {
        "folder": str(folder), "made_at": made_at, "language": language, "kind": found.kind, **counts(found),
        "files": [{"name": name, "size": len(content)} for name, content in files.items()], "notes": list(found.notes),
    }  # fmt: skip
    emit(document, machine=machine, people=lambda out: _print_backup(out, folder, found, files))


def _print_backup(out: Console, folder: Path, card: Card, files: dict[str, bytes]) -> None:
    shown = table(
        f"Saved: {len(saving.contacts(card))} contacts, {len(card.messages)} messages", "file", "octets", "what"
    )
    for name, content in files.items():
        shown.add_row(name, str(len(content)), WHAT.get(name, "sizes and checksums of the others"))
    _fit(out, shown)
    out.print(f"In {folder}. Open the files, and import contacts.vcf into your phone, before you give the card away.",
              highlight=False, soft_wrap=True)  # fmt: skip
    if marred := counts(card)["damaged"]:
        out.print(
            f"Note: {marred} of all entries and messages could not be read in full. The files say which.",
            soft_wrap=True,
        )
    _print_notes(out, card)


@sim.command()
@at_card
@click.option(
    "--act", type=click.Choice(("show", *ACTS)), default="show", show_default=True, help="What to do with it."
)
@pin_options
@file_option("--puk-file", "Holds the PUK, for 'unblock' ('-': standard input).")
@file_option("--new-pin-file", "Holds the new PIN, for 'change' and 'unblock' ('-': standard input).")
@as_json
def pin(
    place: Place, act: str, pin_file: str | None, last_try: bool, puk_file: str | None, new_pin_file: str | None,
    machine: bool,
) -> None:  # fmt: skip
    """Show how the PIN stands; try it, take it off, put it on, change it, or unblock it with the PUK."""
    with card_at(place) as card:
        state = card.pin()
        outcome = act if act == "show" else _already(state, act)
        if not outcome:
            stop_in_time(state, act=act, last_try=last_try)
            words = _ask(act, state, pin_file=pin_file, puk_file=puk_file, new_pin_file=new_pin_file)
            outcome = _done(card, act, words)
            state = card.pin()
            _look_again(state, act)
    document = {"act": act, "outcome": outcome, "pin": _pin_facts(state)}
    emit(document, machine=machine, people=lambda out: _print_pin(out, outcome, state))


OUTCOMES = {
    "show": "",
    "verified": "The PIN is right.",
    "disabled": "The PIN is off: the card asks for nothing any more.",
    "enabled": "The PIN is on.",
    "changed": "The PIN is changed.",
    "unblocked": "The card is unblocked and has the new PIN.",
    "was_off": "The PIN was off already; nothing was done.",
    "was_on": "The PIN was on already; nothing was done.",
}
_DONE = {
    "verify": "verified",
    "disable": "disabled",
    "enable": "enabled",
    "change": "changed",
    "unblock": "unblocked",
}


def _already(state: PinState, act: str) -> str:
    """The outcome where nothing is to be done. Raises ``Refused`` (``pin_is_off``) where the card would refuse."""
    if state.enabled is False and act == "change":
        raise Refused("the PIN is off", code="pin_is_off", remedy="Put it on first: --act enable.")
    if state.enabled is False and act in {"verify", "disable"}:
        return "was_off"
    return "was_on" if state.enabled and act == "enable" else ""


def _ask(
    act: str, state: PinState, *, pin_file: str | None, puk_file: str | None, new_pin_file: str | None
) -> tuple[str, ...]:
    first = ask_puk(state, puk_file) if act == "unblock" else ask_pin(state, pin_file)
    return (first, ask_new_pin(new_pin_file)) if act in {"change", "unblock"} else (first,)


def _done(card: SimCard, act: str, words: tuple[str, ...]) -> str:
    acts: dict[str, Callable[..., None]] = {
        "verify": card.verify, "disable": card.disable, "enable": card.enable, "change": card.change, "unblock": card.unblock,
    }  # fmt: skip
    with counted(card):
        acts[act](*words)
    return _DONE[act]


def _look_again(state: PinState, act: str) -> None:
    """The card took it; this is whether it did it too."""
    wanted = {"disable": False, "enable": True}.get(act)
    if wanted is not None and state.enabled is (not wanted):
        raise ElementTrouble(
            f"the card took the PIN, but it is still {'on' if state.enabled else 'off'}", permanent=True, code="card_failed",
            remedy="Take the card out, put it in again, and look with 'lastcall sim pin'.",
        )  # fmt: skip


def _pin_facts(state: PinState) -> dict[str, Any]:
    return {**asdict(state), "blocked": state.blocked, "dead": state.dead}


def _pin_rows(state: PinState) -> list[tuple[str, str]]:
    enabled = {True: "on", False: "off", None: "the card does not say"}[state.enabled]
    if state.blocked:
        enabled += ", blocked" + (" for good" if state.dead else ": only the PUK helps")
    return [("PIN", enabled), ("tries left", _count(state.tries)), ("tries of the PUK left", _count(state.puk_tries))]


def _count(left: int | None) -> str:
    return "the card does not say" if left is None else str(left)


def _print_pin(out: Console, outcome: str, state: PinState) -> None:
    if outcome != "show":
        out.print(f"{OUTCOMES[outcome]} {tries(state.tries)}.", highlight=False)
        return
    shown = _facts("The PIN of the card")
    for row in _pin_rows(state):
        shown.add_row(*row)
    _fit(out, shown)


@sim.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@as_json
def verify(folder: Path, machine: bool) -> int:
    """Check the files of a backup against its manifest. Exit code 1 when something is not as it was saved."""
    problems = saving.verify(folder)
    emit(
        {"folder": str(folder), "problems": list(problems)},
        machine=machine,
        people=lambda out: _print_problems(out, problems),
    )
    return 1 if problems else 0


def _print_problems(out: Console, problems: tuple[str, ...]) -> None:
    if not problems:
        out.print("Every file is as it was saved.")
    for problem in problems:
        out.print(one_line(problem), highlight=False, markup=False, soft_wrap=True)


def _read(card: SimCard, place: Place, *, deleted: bool = False, quiet: bool) -> Card:
    with progress("Reading the card", quiet=quiet or place.trace == STANDARD_ERROR) as report:
        return card.read(deleted=deleted, progress=report)


def _facts(title: str) -> Table:
    shown = table(title, "", "")
    shown.show_header = False
    return shown


def _fit(out: Console, shown: Table) -> None:
    out.print(shown, width=min(WIDTH, out.width), highlight=False, markup=False)


def _print_notes(out: Console, card: Card) -> None:
    for note in card.notes:
        out.print(f"Note: {one_line(note)}", highlight=False, markup=False, soft_wrap=True)

"""``lastcall sim info``, ``backup`` and ``verify``: what is on a card is shown, saved to files, and the files checked later."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from lastcall.core import clock
from lastcall.core.errors import Refused
from lastcall.core.kit.choices import LANGUAGES
from lastcall.core.ports import SimCard
from lastcall.core.simcard import saving
from lastcall.core.simcard.card import Application, Card
from lastcall.core.simcard.saving.manifest import WHAT, counts
from lastcall.core.simcard.saving.texts import one_line
from lastcall.elements.letters import make_printer
from lastcall.site.at_card import STANDARD_ERROR, Place, at_card, card_at, pin_options, unlock
from lastcall.site.card_shown import facts_table, fit, pin_facts, pin_rows, print_notes
from lastcall.site.output import as_json, emit, progress, say, table
from lastcall.site.stopping import ends_like_ctrl_c

_STOPPED = {"last_try", "tries_unknown", "pin_blocked", "puk_blocked"}
_LISTS = {
    "phone_book": "contacts",
    "own_numbers": "own numbers",
    "fixed_dialling": "fixed dialling",
    "service_numbers": "service numbers",
    "last_dialled": "last dialled",
    "messages": "messages",
    "received_calls": "received calls",
}


@click.command()
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
        "pin": pin_facts(card.pin),
        "applications": [asdict(each) for each in card.applications],
        "rooms": [asdict(room) for room in card.rooms],
        **(counts(card) if opened else {}),
        "notes": list(card.notes),
    }


def _print_card(out: Console, facts: dict[str, Any], card: Card) -> None:
    shown = facts_table("The card")
    for label, value in (
        ("kind", card.kind),
        ("ICCID", card.iccid or "not readable"),
        ("IMSI", card.imsi or "not readable"),
        ("operator on the card", one_line(card.provider) or "not said"),
        *(("application", _application(each, card)) for each in card.applications),
        ("own number", "\n".join(facts["own_numbers"]) or "not said"),
        *pin_rows(card.pin),
        *((_LISTS[room.of], f"{room.used} of {room.total}") for room in card.rooms),
    ):
        shown.add_row(label, Text(value))
    fit(out, shown)
    print_notes(out, card)


def _application(each: Application, card: Card) -> str:
    names = dict.fromkeys(filter(None, (each.kind, one_line(each.label))))
    said = [", ".join(names) or each.aid, f"IMSI {each.imsi}" if each.imsi not in ("", card.imsi) else ""]
    return "\n".join(filter(None, (*said, *map(one_line, (each.private_identity, *each.public_identities)))))


@click.command()
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
    with ends_like_ctrl_c():
        made_at, found, files = _saved(
            place, folder, language, deleted=deleted, quiet=machine, pin_file=pin_file, last_try=last_try
        )
    document = {
        "folder": str(folder), "made_at": made_at, "language": language, "kind": found.kind, **counts(found),
        "files": [{"name": name, "size": len(content)} for name, content in files.items()], "notes": list(found.notes),
    }  # fmt: skip
    emit(document, machine=machine, people=lambda out: _print_backup(out, folder, found, files))


def _saved(
    place: Place, folder: Path, language: str, *, deleted: bool, quiet: bool, pin_file: str | None, last_try: bool
) -> tuple[datetime, Card, dict[str, bytes]]:
    """When, what was read, and the files; all that may be refused is refused before the PIN is asked for."""
    saving.refuse_unfit(folder)
    with card_at(place) as card:
        unlock(card, pin_file=pin_file, last_try=last_try)
        found = _read(card, place, deleted=deleted, quiet=quiet)
    made_at = clock.now()
    files = saving.files(found, language=language, made_at=made_at, printer=make_printer("typst"))
    saving.save_or_refuse(files, folder)
    return made_at, found, files


def _print_backup(out: Console, folder: Path, card: Card, files: dict[str, bytes]) -> None:
    shown = table(
        f"Saved: {len(saving.contacts(card))} contacts, {len(card.messages)} messages, {len(card.calls)} calls",
        "file",
        "octets",
        "what",
    )
    for name, content in files.items():
        shown.add_row(name, str(len(content)), WHAT.get(name, "sizes and checksums of the others"))
    fit(out, shown)
    say(out, f"In {folder}. Open the files, and import contacts.vcf into your phone, before you give the card away.")
    if marred := counts(card)["damaged"]:
        say(out, f"Note: {marred} of all entries, messages and calls could not be read in full. The files say which.")
    print_notes(out, card)


@click.command()
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
        say(out, problem)


def _read(card: SimCard, place: Place, *, deleted: bool = False, quiet: bool) -> Card:
    with progress("Reading the card", quiet=quiet or place.trace == STANDARD_ERROR) as report:
        return card.read(deleted=deleted, progress=report)

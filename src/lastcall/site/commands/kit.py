"""``lastcall kit``: all that can be prepared for leaving any operator, made on this computer.

It needs no database, makes no LASTCALL_HOME and asks no network.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from django.utils import timezone, translation
from rich.console import Console
from rich.markup import escape

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.kit.calendar import ics
from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.document import as_document
from lastcall.core.kit.doubts import doubts
from lastcall.core.kit.kit import Details, Kit, make_kit
from lastcall.core.kit.labels import REASONS as REASON_WORDS
from lastcall.core.kit.labels import SITUATIONS as SITUATION_WORDS
from lastcall.core.kit.operators import OTHER, operators, pack_of
from lastcall.core.kit.typed import TEMPLATE, read_details
from lastcall.core.ports import Printer
from lastcall.core.provided import provide
from lastcall.core.simcard.saving.folder import refuse_used, save
from lastcall.elements.letters import make_printer
from lastcall.site.output import as_json, emit, table
from lastcall.site.stopping import ends_like_ctrl_c

PORT: Final = 7817
_FAR: Final = timedelta(days=3653)
_NEEDED: Final = ("operator", "language", "reason", "situation", "out")
_FILES: Final = {
    "kit.pdf": "everything to read, tick off, sign and show",
    "deadlines.ics": "the days, for your calendar",
    "kit.json": "the same for machines",
}


@click.command()
@click.option("--operator", help="Whose line it is; see --list.")
@click.option("--lang", "language", help=f"Yours: {', '.join(LANGUAGES)}.")
@click.option("--reason", help="Why you leave; see --list.")
@click.option("--situation", help="In which situation; see --list.")
@click.option("--out", type=click.Path(path_type=Path), help="A folder that is new or empty.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="The day on which you hand in the statement. Default: today."
)
@click.option("--details", type=click.Path(path_type=Path), help="A file with what the statement says of you.")
@click.option("--details-template", "template", is_flag=True, help="Print such a file to fill in, and stop.")
@click.option("--list", "listed", is_flag=True, help="Print operators, languages, reasons and situations, and stop.")
@click.option("--page", is_flag=True, help="Show the kit's page on this computer until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="For --page; 0: any.")
@as_json
def kit(template: bool, listed: bool, page: bool, port: int, machine: bool, **asked: Any) -> None:
    """Make the leaver's kit: a checklist, the statement, a phrase card, what to unlink, whom to ring, the days.

    What the statement says of you comes from a file (--details), never from the command line, where others could read it.
    """
    if template:
        click.echo(TEMPLATE, nl=False)
    elif listed:
        emit(_choices(), machine=machine, people=_print_choices)
    elif page:
        _refuse_with_page(asked)
        _serve(port)
    else:
        _make(machine=machine, **asked)


def _make(
    *, operator: str, language: str, reason: str, situation: str, out: Path, on: datetime | None, details: Path | None,
    machine: bool,
) -> None:  # fmt: skip
    given = dict(zip(_NEEDED, (operator, language, reason, situation, out), strict=True))
    _refuse_unless_whole(given)
    refuse_used(out)
    now = clock.now()
    day = _day(on, today=timezone.localdate(now))
    made = make_kit(
        pack=pack_of(operator, on=day), language=language, reason=reason, situation=situation, on=day, made_at=now,
        details=_details(details, operator),
    )  # fmt: skip
    with ends_like_ctrl_c():
        _save(_files(made), out)
    emit(_told(made, out), machine=machine, people=lambda terminal: _print(terminal, made, out))


def _refuse_with_page(asked: dict[str, Any]) -> None:
    """What the page would not heed is not taken silently."""
    if given := sorted(_flag(name) for name, value in asked.items() if value is not None):
        raise click.UsageError(f"--page asks for everything itself: leave out {', '.join(given)}.")


def _flag(name: str) -> str:
    return "--lang" if name == "language" else f"--{name}"


def _day(on: datetime | None, *, today: date) -> date:
    if on is None:
        return today
    if abs(on.date() - today) > _FAR:
        raise BadInput(
            f"The day {on.date().isoformat()} is more than ten years away", code="bad_day",
            remedy="Name the day on which the statement was handed in, or will be.",
        )  # fmt: skip
    return on.date()


def _save(files: dict[str, bytes], out: Path) -> None:
    try:
        save(files, out)
    except OSError as trouble:
        raise BadInput(
            f"{out}: it cannot be written: {trouble.strerror}", code="cannot_write",
            remedy="Name another folder in --out: on a disk with room, where you may write.",
        ) from None  # fmt: skip


def _refuse_unless_whole(given: dict[str, Any]) -> None:
    if missing := [_flag(name) for name, value in given.items() if not value]:
        raise click.UsageError(
            f"Missing {', '.join(missing)}. 'lastcall kit --list' shows what there is to choose from."
        )
    for name, known in (
        ("operator", operators()), ("language", LANGUAGES), ("reason", REASONS), ("situation", SITUATIONS)
    ):  # fmt: skip
        if given[name] not in known:
            raise BadInput(
                f"There is no {name} '{given[name][:40]}'",
                code=f"bad_{name}",
                remedy=f"Choose one of {', '.join(known)}.",
            )


def _details(file: Path | None, operator: str) -> Details | None:
    if file is None:
        return None
    try:
        found = read_details(file.read_text(encoding="utf-8-sig"))
    except OSError as trouble:
        raise BadInput(
            f"details: {file}: {trouble.strerror}", code="bad_details",
            remedy="Name a file that you can read; --details-template prints one to fill in.",
        ) from None  # fmt: skip
    except UnicodeDecodeError:
        raise BadInput("details: it is no text in UTF-8", code="bad_details", remedy="Save it as UTF-8.") from None
    if found.operator and operator != OTHER:
        raise BadInput(
            f"details: operator is only for --operator {OTHER}: the pack of '{operator}' names it", code="bad_details",
            remedy="Leave it empty.",
        )  # fmt: skip
    return found


def _files(made: Kit) -> dict[str, bytes]:
    document = json.dumps(as_document(made), ensure_ascii=False, indent=2)
    contents = (make_printer("typst").bind(made.letters), ics(made), f"{document}\n".encode())
    return dict(zip(_FILES, contents, strict=True))


def _told(made: Kit, out: Path) -> dict[str, Any]:
    """What was made, without what the details say."""
    with translation.override("en"):
        return {
            "operator": made.operator, "language": made.language, "reason": made.reason, "situation": made.situation,
            "on": made.on.isoformat(),
            "files": [str(out / name) for name in _FILES],
            "deadlines": [
                {"key": each.key, "on": each.on.isoformat(), "title": each.title.shown(), "sure": each.sure}
                for each in made.deadlines
            ],
            "not_confirmed": list(doubts(made)),
        }  # fmt: skip


def _print(terminal: Console, made: Kit, out: Path) -> None:
    files = table(f"The kit, in {out}", "file", "what")
    for name, what in _FILES.items():
        files.add_row(escape(name), what)
    terminal.print(files)
    with translation.override("en"):
        doubtful = doubts(made)
    if not doubtful:
        return
    unsure = table("Not confirmed: ask the operator before you rely on it", "what")
    for text in doubtful:
        unsure.add_row(escape(text))
    terminal.print(unsure)


def _choices() -> dict[str, Any]:
    with translation.override("en"):
        return {
            "operators": {name: _operator_name(name) for name in operators()},
            "languages": list(LANGUAGES),
            "reasons": {code: str(REASON_WORDS[code]) for code in REASONS},
            "situations": {code: str(SITUATION_WORDS[code]) for code in SITUATIONS},
        }


def _operator_name(operator: str) -> str:
    names: dict[str, str] = pack_of(operator, on=_today()).entry("operator.name").value
    return names["en"]


def _today() -> date:
    return timezone.localdate(clock.now())


def _print_choices(terminal: Console) -> None:
    known = _choices()
    for name in ("operators", "reasons", "situations"):
        shown = table(name.capitalize(), name.removesuffix("s"), "what")
        for code, words in known[name].items():
            shown.add_row(escape(code), escape(words))
        terminal.print(shown)
    terminal.print(f"Languages: {', '.join(known['languages'])}")


def _serve(port: int) -> None:
    from lastcall.site.local import serve_local

    provide(Printer, lambda: make_printer("typst"))
    serve_local(
        "lastcall.doors.kit.urls", port=port,
        on_ready=lambda address: click.echo(f"The kit is at {address}  (Ctrl-C stops it)", err=True),
    )  # fmt: skip

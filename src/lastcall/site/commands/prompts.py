"""``lastcall prompts``: the sound files of the voice menu, spoken by machine until somebody records them."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import recordings
from lastcall.doors.hotline.recordings import Fault
from lastcall.doors.hotline.voice import Espeak
from lastcall.site.home import home
from lastcall.site.output import as_json, emit, table

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def prompts() -> None:
    """Speak the voice menu's sound files, and check them."""


@prompts.command()
@click.option("--out", "folder", type=_FOLDER, help="Where to; default LASTCALL_HOME/prompts.")
@click.option(
    "--language", "languages", type=click.Choice(LANGUAGES), multiple=True, help="Only this one; may be repeated."
)
@as_json
def build(folder: Path | None, languages: tuple[str, ...], machine: bool) -> None:
    """Speak what is missing or whose text has changed, with espeak-ng. Recorded files are left alone."""
    where = folder or home() / "prompts"
    built = recordings.build(where, languages=languages or LANGUAGES, voice=Espeak())
    document = {"folder": str(where), **asdict(built)}
    emit(
        document,
        machine=machine,
        people=lambda out: out.print(
            f"{built.spoken} files spoken, {built.kept} left as they were, {built.recorded} recorded by somebody: {where}"
        ),
    )


@prompts.command()
@click.argument("folder", type=_FOLDER, required=False)
@as_json
def check(folder: Path | None, machine: bool) -> int:
    """Name the files that are missing, stale (their text has changed) or in a wrong format. Exit code 1 when there are any."""
    where = folder or home() / "prompts"
    found = recordings.faults(where, languages=LANGUAGES)
    emit([asdict(fault) for fault in found], machine=machine, people=lambda out: _print(out, found, where))
    return 1 if found else 0


def _print(out: Console, found: list[Fault], where: Path) -> None:
    if not found:
        out.print("Every sound file is there, of the present text, in the right format.")
        return
    if not any(where.glob("*/*.wav")):
        out.print(f"Nothing is built in {where}. Run 'lastcall prompts build --out {where}'.", soft_wrap=True)
        return
    shown = table("Not in order", "language", "file", "what")
    for fault in found:
        shown.add_row(fault.language, f"{fault.key}.wav", fault.what)
    out.print(shown)
    out.print(
        "'lastcall prompts build' makes what is missing or stale, and leaves recordings alone: record a stale one again."
    )

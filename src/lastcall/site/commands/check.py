"""``lastcall check``: has each number of a file changed hands since its day?"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.lookup.bulk.check import FORMATS, Checked, Manner, format_of
from lastcall.core.lookup.bulk.check import check as check_file
from lastcall.core.lookup.bulk.meaning import ANSWERS
from lastcall.core.lookup.days import today
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.place import index_path
from lastcall.core.policies.present import present_policy
from lastcall.site.output import as_json, emit, progress, ready, table

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_HEX = re.compile("[0-9a-fA-F]{64}", re.ASCII)
_BASE64 = re.compile("[A-Za-z0-9_-]{43}=?", re.ASCII)


@click.command()
@click.argument("source", metavar="IN", type=_FILE)
@click.argument("target", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(sorted(FORMATS)), help="Of both files; default by the ending of IN."
)
@click.option(
    "--semantics", type=click.Choice(list(ANSWERS)), default="camara", show_default=True, help="What is asked."
)
@click.option("--hash-key-file", type=_FILE, help="Numbers come as HMAC-SHA256 under the key in this file.")
@click.option("--no-resume", is_flag=True, help="Begin anew, even if an earlier call for the same file was broken off.")
@click.option("--processes", type=click.IntRange(min=1), help="How many processes; default one per core.")
@as_json
def check(
    source: Path, target: Path, format_: str | None, semantics: str, hash_key_file: Path | None, no_resume: bool,
    processes: int | None, machine: bool,
) -> None:  # fmt: skip
    """Answer every row of IN (columns number and date) into OUT: the same rows with answer and, for a bad row, reason.

    The answers come from the index (see 'lastcall index'); without one from the database, which takes longer.
    """
    if target.exists() and target.samefile(source):
        raise BadInput("IN and OUT are the same file", code="same_file", remedy="Name another output.")
    key = None if hash_key_file is None else _read_key(hash_key_file)
    chosen, database, index = format_ or format_of(source), ready(), _index()
    with progress("Checking", quiet=machine) as bar:
        done = check_file(
            source, target, semantics=semantics, format=chosen, index=index, database=database,
            policy=present_policy(), hash_key=key, progress=bar, resume=not no_resume,
            manner=Manner(processes=processes),
        )  # fmt: skip
    emit(_document(done), machine=machine, people=lambda out: _print(out, done))


def _index() -> Index | None:
    try:
        return Index.open(index_path())
    except BadInput as trouble:
        click.echo(
            f"lastcall: {trouble.message}; every row is answered from the database. 'lastcall index build' makes one.",
            err=True,
        )
        return None


def _read_key(path: Path) -> bytes:
    """As 'lastcall consumer hash-key' prints it (base64url), or as 64 hexadecimal digits."""
    text = path.read_text(encoding="utf-8", errors="replace").strip()
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    if _BASE64.fullmatch(text):
        return base64.urlsafe_b64decode(text.rstrip("=") + "=")
    raise BadInput(
        f"{path.name} holds no key of 32 bytes", code="bad_hash_key", remedy="See 'lastcall consumer hash-key'."
    )


def _document(done: Checked) -> dict[str, Any]:
    return {
        "rows": done.rows,
        "bad": done.bad,
        "answers": done.answers,
        "reasons": done.reasons,
        "semantics": done.semantics,
        "as_of": done.as_of,
        "age_seconds": max(round((clock.now() - done.as_of).total_seconds(), 3), 0),
        "known_since": done.known_since.isoformat(),
        "today": today().isoformat(),
        "from_index": done.from_index,
    }


def _print(out: Console, done: Checked) -> None:
    rows = table(f"{done.rows:,} rows, {done.bad:,} of them bad", "answer", "how many")
    for word, count in (done.answers | {f"bad: {word}": count for word, count in done.reasons.items()}).items():
        rows.add_row(word, f"{count:,}")
    out.print(rows)
    out.print(f"As of {done.as_of:%Y-%m-%d %H:%M:%S} UTC; nothing is known of days before {done.known_since}.")

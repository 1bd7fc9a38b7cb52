"""What commands share: options, the acting person, the database made ready, and printing for people or machines."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from getpass import GetPassWarning
from pathlib import Path
from typing import Any, TypeVar

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from lastcall.core.actor import DOORS, ROLES, Actor
from lastcall.core.database import DjangoDatabase, database
from lastcall.core.errors import BadInput, Refused
from lastcall.core.simcard.saving.texts import one_line

F = TypeVar("F", bound=Callable[..., Any])

_BYTE_ORDER_MARK = "\ufeff"

as_json = click.option("--json", "machine", is_flag=True, help="Print one JSON document for machines.")


class ActorType(click.ParamType[Actor]):
    """``role:name``, as in ``clerk:olga``."""

    name = "role:name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Actor:
        if isinstance(value, Actor):
            return value
        role, _, name = str(value).partition(":")
        if role not in ROLES or not name:
            self.fail(f"'{value}' is not role:name; roles: {', '.join(ROLES)}", param, ctx)
        return Actor(role, name, "command")


def acting(default: str) -> Callable[[F], F]:
    """The ``--as role:name`` option: who acts, as the event log will say."""
    return click.option("--as", "actor", type=ActorType(), default=default, show_default=True, help="Who acts.")


door_option = click.option(
    "--door", type=click.Choice(DOORS), default="store", show_default=True, help="Where it came in."
)


def ready() -> DjangoDatabase:
    """The configured database with its tables. A new one is made at once; an older one must be migrated by hand.

    Raises ``Refused`` (``not_migrated``).
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan and not executor.loader.applied_migrations:
        call_command("migrate", verbosity=0)
    elif plan:
        raise Refused(
            "the database has tables of an older version", code="not_migrated",
            remedy="Back it up, then run 'lastcall migrate'.",
        )  # fmt: skip
    connection.close()
    return database()


def emit(document: Any, *, machine: bool, people: Callable[[Console], None]) -> None:
    """Print ``document`` as JSON, or let ``people`` print tables."""
    if machine:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))
    else:
        people(console())


def console() -> Console:
    """The terminal; wide enough for tables where the output is a file or a pipe."""
    return Console(width=None if sys.stdout.isatty() else 120)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")


def say(out: Console, text: str) -> None:
    """Print ``text`` on one line as it stands: names of files and what a card holds are no markup, and steer no terminal."""
    out.print(one_line(text), highlight=False, markup=False, soft_wrap=True)


def table(title: str, *columns: str) -> Table:
    """A table with these column heads. The title is shown as it stands."""
    made = Table(title=escape(title), title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


@contextmanager
def progress(text: str, *, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error; gives a function to call with (done, total)."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), disable=quiet or not sys.stderr.isatty(), transient=True,
    )  # fmt: skip
    with bar:
        task = bar.add_task(text, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def secret_from(file: str | None, *, prompt: str) -> str:
    """A secret word from a file (``-``: standard input) or a prompt that does not echo; never from the command line.

    Raises ``BadInput`` (``bad_file``; ``no_terminal`` where nobody can type unseen).
    """
    if file == "-":
        return sys.stdin.readline().removeprefix(_BYTE_ORDER_MARK).strip()
    if file is not None:
        try:
            return Path(file).read_text(encoding="utf-8-sig").strip()  # with the mark that Notepad writes
        except UnicodeDecodeError as trouble:
            raise BadInput(
                f"{file} is not text in UTF-8", code="bad_file", remedy="Write the word into a text file."
            ) from trouble
    return hidden(prompt)


def hidden(prompt: str, **more: Any) -> str:
    """What somebody types, unseen. ``more``: as ``click.prompt`` takes it. Raises ``BadInput`` (``no_terminal``)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", GetPassWarning)
            answer: str = click.prompt(prompt, hide_input=True, err=True, **more)
    except GetPassWarning:
        raise BadInput(
            f"there is no terminal at which the {prompt} could be typed unseen", code="no_terminal",
            remedy="Write it into a file and name that file (--help tells the option), or '-' for standard input.",
        ) from None  # fmt: skip
    return answer

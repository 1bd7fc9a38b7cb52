"""The ``lastcall`` command: one group, its commands read from ``site/commands`` when they are asked for.

Exit codes: 0 done; 1 a check found something broken; 2 the words of the call are off, or the input cannot be read; 3 a rule
refused; 4 nothing found; 5 an outside element did not do its part; 6 somebody else was quicker.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

import click

COMMANDS: dict[str, tuple[str, str]] = {
    "audit": ("audit", "Recompute every invariant from the rows and the event log."),
    "bench": ("bench", "Measure speed as ratios taken in one run."),
    "case": ("case", "Declare, follow, verify, review, withdraw, freeze and reactivate."),
    "check": ("check", "Answer a whole file of numbers and days: have they changed hands?"),
    "consumer": ("consumer", "Relying parties: who may ask, how much, with which keys and tokens."),
    "demo": ("demo", "Close a line before your eyes, then keep the server up."),
    "evidence": ("evidence", "Verify a signed answer that a relying party kept."),
    "hotline": ("hotline", "Serve the voice menu of the hotline over FastAGI."),
    "index": ("index", "Build and check the index behind the look-ups."),
    "kit": ("kit", "Prepare for leaving any operator: checklist, statement, phrases, dates."),
    "lifecycle": ("lifecycle", "Print or draw the transition tables."),
    "migrate": ("migrate", "Bring the database's tables up to date."),
    "number": ("number", "What the leaver may know of a number."),
    "numbers": ("numbers", "Import the register, look at the numbers, sweep what is due."),
    "policy": ("policy", "Show and check the policy packs."),
    "prompts": ("prompts", "Speak and check the sound files of the voice menu."),
    "serve": ("serve", "Run the web server and the worker."),
    "sim": ("sim", "Read, save and unlock the SIM in your hand."),
    "simulate": ("simulate", "Play random lives against the production rules."),
    "text": ("text", "Listen for texts; list what did not arrive."),
    "staff": ("staff", "Shops and members of the staff, and their setting-up links."),
    "told": ("told", "What relying parties are told: deliveries, dead letters, daily files."),
    "work": ("work", "Run the worker; list and retry what has run out of tries."),
}

ALONE = frozenset({"kit", "sim"})
"""Commands for anybody's own computer: no database, and no LASTCALL_HOME is made."""

EXIT_CODES: dict[str, int] = {
    "BadInput": 2,
    "Refused": 3,
    "NotAllowed": 3,
    "NotFound": 4,
    "ElementTrouble": 5,
    "Conflict": 6,
}


class Lazy(click.Group):
    """A group that reads a command's module only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"lastcall.site.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in sorted(COMMANDS.items())])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lastcall")
def cli() -> None:
    """Lastcall closes mobile lines properly."""


def main() -> None:
    """Run the command line and leave with an exit code that machines can read."""
    command = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"lastcall.site.settings{'_alone' if command in ALONE else ''}")
    try:
        _run()
    except click.exceptions.Abort:
        click.echo("lastcall: stopped; nothing half done is left behind.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        _say(error.format_message(), code="usage", remedy=_help_hint(error))
        sys.exit(2)


def _run() -> None:
    from lastcall.core.errors import LastcallError

    try:
        import django

        django.setup()
        result = cli.main(standalone_mode=False)
    except LastcallError as error:
        _say(error.message, code=error.code, remedy=error.remedy, **_more(error))
        sys.exit(next((EXIT_CODES[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in EXIT_CODES), 1))
    except (ValueError, OSError) as error:
        if isinstance(error, BrokenPipeError):
            sys.exit(0)
        if not _is_ours(error):
            raise
        _say(_one_line(error), code="cannot_start", remedy="Check the setting named above.")
        sys.exit(2)
    sys.exit(result if isinstance(result, int) else 0)


def _is_ours(error: Exception) -> bool:
    return isinstance(error, OSError) or str(error).startswith("LASTCALL_")


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"See '{context.command_path} --help'." if context is not None else "See 'lastcall --help'."


def _more(error: Exception) -> dict[str, Any]:
    problems = getattr(error, "problems", ())
    return {"problems": [str(problem) for problem in problems]} if problems else {}


def _say(message: str, *, code: str, remedy: str, problems: list[str] | None = None) -> None:
    """One line for people; with ``--json`` in the call, one JSON document for machines. Both on standard error."""
    if "--json" in sys.argv:
        body = {"error": {"code": code, "message": message, "remedy": remedy}}
        if problems:
            body["error"]["problems"] = problems  # type: ignore[assignment]
        click.echo(json.dumps(body, ensure_ascii=False), err=True)
        return
    click.echo(
        f"lastcall: {message if message.endswith(('.', '!', '?')) else message + '.'} {remedy}".rstrip(), err=True
    )
    for problem in problems or []:
        click.echo(f"  {problem}", err=True)


if __name__ == "__main__":
    main()

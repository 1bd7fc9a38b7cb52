"""``lastcall bench``: the programs of a checkout's ``bench`` folder, which print ratios and shares taken in one run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from lastcall.core.errors import NotFound

OF_SPEED: Final = ("ceases", "sweep", "index", "check", "lookup", "card")
PROGRAMS: Final = (*OF_SPEED, "passports")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("program", type=click.Choice([*PROGRAMS, "all"]), default="all")
@click.option("--quick", is_flag=True, help="Small and short: shows that it works, not how fast it is.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document a line, one line for each program.")
@click.argument("more", nargs=-1, type=click.UNPROCESSED, metavar="[OPTION]...")
@click.pass_context
def bench(context: click.Context, program: str, quick: bool, as_json: bool, more: tuple[str, ...]) -> None:
    """Measure speed against what bounds it, by hand on the driver and the disk; and how well passport pages are read.

    OPTIONs are the program's own: see 'python -m bench.ceases --help', and so for the others. With 'all' they are
    those that the programs of speed share.
    """
    checkout = find_checkout(Path(__file__))
    given = ["--quick"] * quick + ["--json"] * as_json
    for name in PROGRAMS if program == "all" else (program,):
        own = more if name in (*OF_SPEED, program) else ()
        command = [sys.executable, "-m", f"bench.{name}", *given, *own]
        if code := subprocess.run(command, cwd=checkout, check=False).returncode:  # noqa: S603 - our own programs
            context.exit(code)


def find_checkout(source: Path) -> Path:
    """The checkout that ``source`` lies in. Raises ``NotFound`` for an installed package, which has no ``bench``."""
    for folder in source.resolve().parents:
        if (folder / "bench" / "harness.py").exists() and (folder / "src" / "lastcall").exists():
            return folder
    raise NotFound(
        "the folder 'bench' is not beside this installation: it comes with the source, not with the package",
        code="no_bench", remedy="Clone the source, install it with 'pip install -e .' and call the command again.",
    )  # fmt: skip

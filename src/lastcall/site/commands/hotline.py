"""``lastcall hotline``: the voice menu as a FastAGI server; and the menu's table."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from lastcall.core.errors import Refused
from lastcall.core.policies.present import present_policy
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import menu as table_of
from lastcall.doors.hotline.conversation import Prompts
from lastcall.doors.hotline.recordings import STALE, faults
from lastcall.doors.hotline.server import Hotline, Limits
from lastcall.site.commands.serve import refuse_if_taken
from lastcall.site.home import home
from lastcall.site.output import as_json, emit, ready, table
from lastcall.site.wiring import make_elements


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=4573, show_default=True, help="0: any that is free.")
@click.option(
    "--prompts",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of sound files; default LASTCALL_HOME/prompts.",
)
@click.option(
    "--prompts-at", "there", default="", help="The same folder as the voice platform sees it, where it differs."
)
@click.option("--calls", type=click.IntRange(1, 1000), default=60, show_default=True, help="Callers at once.")
@click.option("--menu", is_flag=True, help="Print the menu's table instead.")
@as_json
def hotline(host: str, port: int, folder: Path | None, there: str, calls: int, menu: bool, machine: bool) -> None:
    """Serve the hotline's voice menu to a voice platform that speaks FastAGI, until Ctrl-C."""
    if menu:
        emit([asdict(step) for step in table_of.STEPS], machine=machine, people=_print_menu)
        return
    prompts = folder or home() / "prompts"
    _refuse_unless_spoken(prompts)
    if port:
        refuse_if_taken(host, port)
    server = Hotline(
        database=ready(),
        billing=make_elements().billing,
        prompts=Prompts(prompts, there),
        policy=present_policy,
        limits=Limits(calls=calls),
    )
    asyncio.run(_serve(server, host, port))


def _refuse_unless_spoken(folder: Path) -> None:
    """Raises ``Refused`` (``prompts_missing``) while a file is missing or cannot be played; a stale one is only told of."""
    found = faults(folder, languages=LANGUAGES)
    bad = [fault for fault in found if fault.what != STALE]
    if bad:
        first = "/".join(filter(None, (bad[0].language, bad[0].key)))
        raise Refused(
            f"{len(bad)} of the menu's sound files are missing or cannot be played, the first: {first}",
            code="prompts_missing", remedy=f"Run 'lastcall prompts build --out {folder}'.",
        )  # fmt: skip
    if found:
        click.echo(f"{len(found)} sound files say an older text: see 'lastcall prompts check {folder}'.", err=True)


async def _serve(server: Hotline, host: str, port: int) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    at = await server.start(host, port)
    click.echo(f"The hotline is at agi://{host}:{at}/hotline  (Ctrl-C stops it)", err=True)
    await stop.wait()
    await server.stop()


def _print_menu(out: Console) -> None:
    shown = table("The voice menu", "step", "says", "asks for", "on", "says then", "goes to")
    for row in table_of.lines():
        shown.add_row(*row)
    out.print(shown)
    out.print((table_of.__doc__ or "").partition("\n\n")[2].strip())

"""``lastcall sim agent``: the screen beside a counter's card reader, paired with the desk."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final

import click

from lastcall.core.errors import LastcallError
from lastcall.core.ports import SimReaders
from lastcall.core.provided import provide
from lastcall.doors.reader.agent import Agent
from lastcall.doors.reader.desk import Desk
from lastcall.elements.letters import make_printer
from lastcall.elements.simcard import make_readers
from lastcall.site.at_card import trace_option, traced
from lastcall.site.entry import Entry
from lastcall.site.local import serve_local

URLS: Final = "lastcall.doors.reader.urls"
LONGEST_NAME: Final = 60
_PATIENCE: Final = 3
"""Seconds for a question to the desk that is under way."""
_LONGEST: Final = 60
"""Seconds for what is done with a card: many times a full card's. A reader that hangs must not keep the program."""


@click.command()
@click.option("--desk", "address", required=True, help="Where the desk is: https://lastcall.example.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7816, show_default=True, help="On 127.0.0.1 only. 0: a free one."
)
@click.option(
    "--name", default=socket.gethostname, show_default="this computer's", help="As the desk lists this reader."
)
@click.option(
    "--readers", "spec", default="pcsc", show_default=True, envvar="LASTCALL_SIM_READERS",
    help="pcsc, or for a trial simulated[:card,card].",
)  # fmt: skip
@click.option(
    "--ca", "authorities", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates to believe instead of this computer's own (PEM).",
)  # fmt: skip
@trace_option
@click.option("--browser", is_flag=True, help="Open the screen in this computer's browser.")
def agent(
    address: str, port: int, name: str, spec: str, authorities: Path | None, trace: str | None, browser: bool
) -> None:
    """Show what the desk asks of this counter's card reader, until Ctrl-C.

    Open the address that is printed in a browser of this computer, and type the code that the desk shows. The PIN is typed
    there; it never leaves this program. The address holds a key that works once, so that no other user of this computer
    opens the screen.
    """
    desk = Desk(address, authorities=authorities)
    with traced(trace) as out:
        readers = make_readers(spec, trace=out)
        _warn(readers)
        with running(desk=desk, readers=readers, name=name.strip()[:LONGEST_NAME] or "reader") as made:
            provide(Agent, lambda: made)
            serve_local(URLS, port=port, on_ready=partial(_say, browser=browser), entry=Entry(used=_opened))


def _warn(readers: SimReaders) -> None:
    """Whoever starts it reads here what is wrong with the readers; the screen only says that none is ready."""
    try:
        found = readers.names()
    except LastcallError as trouble:
        click.echo(f"lastcall: {trouble.message} {trouble.remedy}", err=True)
        return
    if not found:
        click.echo("lastcall: no card reader is connected; plug one in at any time.", err=True)


@contextmanager
def running(*, desk: Desk, readers: SimReaders, name: str) -> Iterator[Agent]:
    """An agent that asks its desk for orders. At the end what is done with a card comes to its end, then the pairing does."""
    stop = threading.Event()
    acts: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
    hands = threading.Thread(target=_one_by_one, args=(acts,), name="lastcall-card", daemon=True)
    hands.start()
    made = Agent(desk=desk, readers=readers, printer=make_printer("typst"), name=name, soon=acts.put)
    asking = threading.Thread(target=made.run, args=(stop,), name="lastcall-desk", daemon=True)
    asking.start()
    try:
        yield made
    finally:
        stop.set()
        acts.put(None)
        hands.join(_LONGEST)
        if hands.is_alive():
            click.echo("lastcall: the reader gives no sign; what it did with the card is not known.", err=True)
        asking.join(_PATIENCE)
        made.leave()
        desk.close()


def _one_by_one(acts: SimpleQueue[Callable[[], None] | None]) -> None:
    for act in iter(acts.get, None):
        act()
        del act  # it holds what was typed


def _say(address: str, *, browser: bool) -> None:
    click.echo(f"The card reader's screen is at {address}  (the address works once; Ctrl-C stops it)", err=True)
    if browser:
        click.launch(address)


def _opened(again: str) -> None:
    with suppress(OSError):  # the terminal may be closed, and the screen works all the same
        click.echo(
            f"The screen was opened. If that was not you, stop this program. To open it again: {again}", err=True
        )

"""``lastcall text``: listening for texts in a process of its own, and what did not arrive."""

from __future__ import annotations

import signal
import threading

import click
from rich.console import Console

from lastcall.core.actor import Actor
from lastcall.core.job import Alert
from lastcall.core.texting.deliveries import ALERT, settle
from lastcall.site.channels import start_listening
from lastcall.site.output import acting, as_json, emit, ready, table
from lastcall.site.wiring import make_elements


@click.group()
def text() -> None:
    """Texts that come in, and messages that did not arrive."""


@text.command()
def listen() -> None:
    """Hold a connection to the SMSC and keep what it delivers, until Ctrl-C. The worker answers."""
    ready()
    elements, stop = make_elements(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    listening = start_listening(elements.messengers, stop)
    if listening is None:
        raise click.UsageError("there is nothing to listen to: set LASTCALL_SMS=smpp. Kannel calls 'lastcall serve'.")
    click.echo("Listening. Ctrl-C stops.", err=True)
    listening.join()


@text.command()
@as_json
def undelivered(machine: bool) -> None:
    """List the answers and notices that the network could not deliver and nobody has looked at."""
    alerts = ready().transact(lambda rows: rows.some(Alert, {"code": ALERT, "resolved_at": None}, order="at"))
    document = [
        {"alert": str(alert.id), "at": alert.at, "subject": str(alert.subject_id), "detail": alert.detail}
        for alert in alerts
    ]

    def people(out: Console) -> None:
        shown = table("Did not arrive", "alert", "at", "subject", "detail")
        for row in document:
            shown.add_row(*(str(value) for value in row.values()))
        out.print(shown if document else "Everything has arrived, as far as the network has told.")

    emit(document, machine=machine, people=people)


@text.command(name="settle")
@click.argument("alert_id", type=int)
@acting("administrator:command")
def settle_alert(alert_id: int, actor: Actor) -> None:
    """Note that the subscriber was reached in another way."""
    settle(ready(), alert_id=alert_id, by=str(actor))
    click.echo("Settled.")

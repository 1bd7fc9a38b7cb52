"""``lastcall serve``: the web server and, beside it, the worker."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Final

import click

from lastcall.site.channels import start_listening
from lastcall.site.output import ready
from lastcall.site.periodic import keep_index, keep_up
from lastcall.site.wiring import Elements, make_elements, make_worker

_PATIENCE: Final = 10
"""Seconds for the web process to end by itself once it is told to; a visitor's open connection must not keep it."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--worker/--no-worker", default=True, show_default=True, help="Also do the durable work in this process.")
def serve(host: str, port: int, worker: bool) -> None:
    """Run the web server and the worker until Ctrl-C."""
    ready()
    serve_until_stopped(host=host, port=port, worker=worker)


def serve_until_stopped(*, host: str, port: int, worker: bool) -> None:
    """Serve at ``host``:``port``; ``worker``: with the durable work done in a thread beside it."""
    refuse_if_taken(host, port)
    elements = make_elements()  # here and not in a thread, so that a setting that is missing ends the start
    stop = threading.Event()
    if worker:
        threading.Thread(target=_work, args=(elements, stop), name="lastcall-worker", daemon=True).start()
    click.echo(f"Lastcall is at http://{host}:{port}/  (Ctrl-C stops it)", err=True)
    try:
        _serve_pages(host, port)
    finally:
        stop.set()


def _serve_pages(host: str, port: int) -> None:
    """Let a process of its own serve until it ends, or until this one is told to stop by SIGINT or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    web = subprocess.Popen([sys.executable, "-m", "lastcall.site.web", host, str(port)], stdin=subprocess.PIPE)  # noqa: S603
    with suppress(KeyboardInterrupt):
        if web.wait():
            raise click.ClickException("The web process ended; what it said stands above.")
        return
    web.terminate()
    try:
        web.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        web.kill()
        web.wait()


def refuse_if_taken(host: str, port: int) -> None:
    """Raises ``UsageError`` when nobody can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            raise click.UsageError(
                f"{host}:{port} cannot be used ({trouble.strerror}); choose another with --port."
            ) from trouble


def _work(elements: Elements, stop: threading.Event) -> None:
    jobs = make_worker(elements, base=ready())
    start_listening(elements.messengers, stop)
    keep_index(jobs.database, stop)
    threading.Thread(target=jobs.run_forever, kwargs={"stop": stop}, name="lastcall-jobs", daemon=True).start()
    while not stop.wait(10):
        keep_up(jobs.database)

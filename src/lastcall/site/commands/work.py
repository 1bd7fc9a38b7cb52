"""``lastcall work``: the worker, and what has run out of tries."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click
from rich.console import Console

from lastcall.core.actor import Actor
from lastcall.core.job import Job
from lastcall.core.work import retry as retry_job
from lastcall.site.channels import start_listening
from lastcall.site.output import acting, as_json, emit, ready, table
from lastcall.site.periodic import keep_index, keep_up
from lastcall.site.wiring import make_elements, make_worker


@click.group(invoke_without_command=True)
@click.option("--until-idle", is_flag=True, help="Do what is due now, then stop.")
@click.pass_context
def work(ctx: click.Context, until_idle: bool) -> None:
    """Run the worker until it is stopped (Ctrl-C finishes the job in hand)."""
    if ctx.invoked_subcommand is not None:
        return
    elements = make_elements()
    worker = make_worker(elements, base=ready())
    if until_idle:
        click.echo(f"{worker.run_until_idle()} jobs done; nothing else is due.")
        keep_up(worker.database)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo("Working. Ctrl-C stops after the job in hand.", err=True)
    start_listening(elements.messengers, stop)
    keep_index(worker.database, stop)
    threading.Thread(target=_keep_up_until, args=(worker.database, stop), daemon=True).start()
    worker.run_forever(stop=stop)


def _keep_up_until(database: Any, stop: threading.Event) -> None:
    while not stop.wait(10):
        keep_up(database)


@work.command()
@as_json
def dead(machine: bool) -> None:
    """List the jobs that have run out of tries and wait for a person."""
    jobs = ready().transact(lambda rows: rows.some(Job, {"state": "dead"}, order="finished_at"))
    document = [
        {"job": str(job.id), "kind": job.kind, "subject": str(job.subject_id), "attempts": job.attempts,
         "since": job.finished_at, "error": job.last_error}
        for job in jobs
    ]  # fmt: skip

    def people(out: Console) -> None:
        shown = table("Waiting for a person", "job", "kind", "subject", "attempts", "since", "error")
        for row in document:
            shown.add_row(*(str(value) for value in row.values()))
        out.print(shown if document else "Nothing waits for a person.")

    emit(document, machine=machine, people=people)


@work.command()
@click.argument("job_id", type=int)
@acting("administrator:command")
def retry(job_id: int, actor: Actor) -> None:
    """Give a dead job another life after its cause was mended."""
    job = retry_job(ready(), job_id=job_id, by=str(actor))
    click.echo(f"{job.kind} is queued again.")

"""``lastcall demo``: one line closed before your eyes, its number given back or given on; then the server stays up."""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from rich.console import Console

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.policies.load import load
from lastcall.site.commands.serve import refuse_if_taken, serve_until_stopped
from lastcall.site.demo import bank, chapters, staff
from lastcall.site.demo.stage import OpenLine, Person, Stage
from lastcall.site.demo.teller import Teller
from lastcall.site.home import home
from lastcall.site.output import as_json, ready
from lastcall.site.wiring import make_elements

_DAYS_BEFORE = 460


@click.command()
@click.option("--auto", is_flag=True, help="Play it and stop: no server, no browser.")
@click.option(
    "--hlr", type=click.Choice(["simulated", "osmo"]), default=None, help="Default: LASTCALL_HLR, or simulated."
)
@click.option("--hlr-address", default=None, help="Of a running osmo-hlr: host, host:vty or host:vty:ctrl.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Of the server afterwards."
)
@click.option(
    "--svg", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the terminal's picture into this file."
)
@as_json
def demo(auto: bool, hlr: str | None, hlr_address: str | None, port: int, svg: Path | None, machine: bool) -> None:
    """Close a line before your eyes, on made-up people and numbers, then keep the server up."""
    if not auto:
        refuse_if_taken("127.0.0.1", port)  # said before the demonstration, not after it
    out = Console(record=svg is not None, width=118 if svg is not None else None)
    teller = Teller(out, quiet=machine)
    document, secret, turn = play(teller, hlr=hlr, hlr_address=hlr_address)
    teller.closed(document, secret)
    if not auto:
        # Not 127.0.0.1: browsers make passkeys for names alone.
        address = f"http://localhost:{port}"
        teller.your_turn(*turn, address=f"{address}/", home=os.path.relpath(home()))
        teller.desk(staff.invite(ready()), address=address, shop=staff.SHOP, card=turn[1].sim.iccid)
    if svg is not None:
        svg.write_text(_without_fonts(out.export_svg(title="lastcall demo")), encoding="utf-8")
    if machine:
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    if not auto:
        settings.LASTCALL_SMS = settings.LASTCALL_MAIL = "console"  # whoever watches must see the codes
        serve_until_stopped(host="127.0.0.1", port=port, worker=True)


Outcome = tuple[dict[str, Any], str, tuple[Person, OpenLine]]
"""The main chapter's document, its receipt's secret, and who holds which line that is left open."""


def play(teller: Teller, *, hlr: str | None, hlr_address: str | None) -> Outcome:
    """Play all chapters, the main one ending now."""
    database = ready()
    elements = make_elements(hlr=hlr, address=hlr_address)
    end = clock.now()
    policy = load("demo", on=end.date()).policy()
    with clock.use(ManualClock(end - timedelta(days=_DAYS_BEFORE))) as time:
        assert isinstance(time, ManualClock)
        stage = Stage(database, elements, time, policy)
        teller.title("Earlier: a number given on, a number given back")
        noted = [chapters.given_on(stage, teller), chapters.given_back(stage, teller)]
        time.advance(end - timedelta(days=chapters.main_chapter_days(stage)) - time.now())
        teller.title("Now: Li Wei closes a line")
        turn = chapters.your_line(stage)
        played = chapters.closed_on_the_web(stage, teller)
        noted.append(played.noted)
        answers = bank.asks(stage, noted)
        bank.register(stage)
        teller.bank(noted, answers, path=bank.write_questions(home(), noted))
        return chapters.outcome(stage, played) | {"bank": answers}, played.receipt.secret, turn


def _without_fonts(drawing: str) -> str:
    """The drawing without its fonts' addresses: a picture asks nobody for anything."""
    return re.sub(r"@font-face \{.*?\}", "", drawing, flags=re.DOTALL)

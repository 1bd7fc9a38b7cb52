"""How the demonstration is told on a terminal: one line for each thing that happens, as it happens."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from lastcall.core import clock
from lastcall.core.closing.case import Case
from lastcall.core.closing.texts import remedy
from lastcall.core.numbers.msisdn import format_msisdn, mask_msisdn

if TYPE_CHECKING:
    from lastcall.core.closing.receipts import Receipt
    from lastcall.site.demo.bank import Noted
    from lastcall.site.demo.staff import Invited
    from lastcall.site.demo.stage import OpenLine, Person

_STEPS = {
    "bar": "HLR: service off, and read back: no service",
    "take_number_off": "HLR: number taken off, and read back",
    "kill_sim": "SIM: dead for ever",
    "stop_charging": "billing: charging stopped",
    "final_bill": "billing: final bill settled",
    "refund": "billing: refund ordered",
    "release_number": "number: pending release",
}


def _plain(entry: dict[str, Any]) -> str:
    if not entry["known"]:
        return "unknown"
    return f"{'in service' if entry['in_service'] else 'no service'}, {'with' if entry['has_number'] else 'without'} its number"


def _amount(minor: int, currency: str) -> str:
    return f"{minor // 100}.{minor % 100:02d} {currency}"


class Teller:
    """Tells on ``out``; says nothing when ``quiet``."""

    def __init__(self, out: Console, *, quiet: bool) -> None:
        self._out, self._quiet = out, quiet

    def say(self, text: str) -> None:
        """One line, with the moment it happened at."""
        if not self._quiet:
            row = Table.grid(padding=(0, 2))
            row.add_row(f"[dim]{clock.now():%Y-%m-%d %H:%M}[/]", text)
            self._out.print(row, highlight=False)

    def title(self, text: str) -> None:
        """The head of a chapter."""
        if not self._quiet:
            self._out.print(f"\n[bold]{text}[/]")

    def line_opened(self, name: str, opened: OpenLine, *, paid_in: int) -> None:
        number = mask_msisdn(opened.msisdn)
        self.say(
            f"{name} opens a line: number {number}, a SIM of its own, {_amount(paid_in, opened.line.currency)} paid in"
        )

    def declared(self, receipt: Receipt, case: Case, before: dict[str, Any]) -> None:
        self.say(f"the HLR says: {_plain(before)}")
        self.say("[bold]declared[/] on the web, in Chinese, without login: received at once, "
                 f"reference [bold]{receipt.reference}[/]")  # fmt: skip
        self._missing(case)

    def _missing(self, case: Case) -> None:
        for name, result in case.results.items():
            if result["outcome"] != "passed":
                text = remedy(result["reason"], language="en", details=result.get("details"))
                self.say(f"   [yellow]{name.replace('_', ' ')}[/]: {text}")

    def proved(self, case: Case) -> None:
        self.say(
            "[bold]identity[/]: document number matches the agreement, one-time code came back; SIM stays with Li Wei"
        )
        self._missing(case)

    def paid(self, case: Case) -> None:
        self.say("[bold]paid[/]: rendered services are paid, the rest comes back")
        self._missing(case)

    def reviewed(self, case: Case) -> None:
        self.say(f"[bold]review[/]: {case.approver.partition(':')[2].title()} looked, and approved (four eyes)")

    def held(self, case: Case) -> None:
        self.say(
            f"[bold]hold[/] until {case.hold_until:%Y-%m-%d %H:%M}: notices went to the contacts that were on file before"
        )

    def step(self, step: str, moment: str) -> None:
        """One moment of the cease: told when it is confirmed."""
        if moment == "done":
            self.say(f"   [green]✓[/] {_STEPS[step]}")

    def given_on(self, msisdn: int, *, ceased: datetime | None, given: datetime) -> None:
        self.say(f"{mask_msisdn(msisdn)} was ceased on {ceased:%Y-%m-%d}; Sergei asked while it rested and was refused; "
                 f"after its rest it was [bold]given on[/] to him on {given:%Y-%m-%d}")  # fmt: skip

    def given_back(self, msisdn: int, *, refused: str, given: datetime) -> None:
        self.say(f"{mask_msisdn(msisdn)} was ceased; Sergei asked for it and was refused ({refused}); "
                 f"Anna, its former holder, had it [bold]given back[/] on {given:%Y-%m-%d}, on a new SIM")  # fmt: skip

    def bank(self, noted: Sequence[Noted], answers: Sequence[dict[str, str]], *, path: Path) -> None:
        """What a bank is answered that noted each number on its holder's first day."""
        if self._quiet:
            return
        self.title("And a bank asks: has this number changed hands since?")
        shown = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")  # fits a terminal of 80 columns
        for head in ("number", "", "noted on", *answers[0]):
            shown.add_column(head, no_wrap=True)
        for one, readings in zip(noted, answers, strict=True):
            said = (f"[bold]{answer.replace('_', ' ')}[/]" for answer in readings.values())
            shown.add_row(mask_msisdn(one.msisdn), one.story, f"{one.day}", *said)
        self._out.print(shown)
        self._out.print(
            f"Ask it yourself: lastcall check {os.path.relpath(path)} answers.csv --semantics rich", soft_wrap=True
        )

    def your_turn(self, person: Person, opened: OpenLine, *, address: str, home: str) -> None:
        """What is needed to close a line in the browser: made-up people may be told everything of."""
        if self._quiet:
            return
        shown = Table.grid(padding=(0, 2))
        kind, issuer, number = person.document
        shown.add_row("open", f"[bold]{address}[/]")
        shown.add_row("number", f"[bold]{format_msisdn(opened.msisdn)}[/]")
        shown.add_row(
            "document", f"{person.subscriber.name_latin}, {kind.replace('_', ' ')} ({issuer}), [bold]{number}[/]"
        )
        shown.add_row("codes", "texts and mails appear in this terminal")
        shown.add_row("review", f"in another terminal: export LASTCALL_HOME={home} PATH=$PWD/.venv/bin:$PATH")
        shown.add_row("", "lastcall case list; lastcall case review CASE approve")
        self._out.print(Panel(shown, title="Your turn: close this line in the browser", expand=False))

    def desk(self, invited: tuple[Invited, ...], *, address: str, shop: str, card: str) -> None:
        """The way to the staff's side, for whoever wants to be both; ``card``: the ICCID of the line that is left open."""
        if self._quiet:
            return
        self._out.print("\n[bold]And from the other side: the staff's desk[/]")
        self._out.print(
            "Each link sets a member up: a password, then an authenticator app or a passkey. It works once."
        )
        ways = [(f"{one.login} ({one.roles.replace(' ', ', ')})", one.path) for one in invited]
        for who, path in [*ways, ("kiosk", f"/shop/{shop}/"), ("waiting room", f"/shop/{shop}/screen")]:
            # Not in a frame or a table, which would cut a link that is wider than the terminal.
            self._out.print(f"  {who}: {address}{path}", soft_wrap=True)
        reader = f"lastcall sim agent --desk {address} --readers simulated:anna@{card}"
        self._out.print(f"  a card reader for the counter, with Anna's SIM in it (PIN 1234): {reader}", soft_wrap=True)

    def closed(self, document: dict[str, Any], secret: str) -> None:
        """The end: what stands now."""
        if self._quiet:
            return
        shown = Table.grid(padding=(0, 2))
        shown.add_row("case", f"[bold green]{document['case']['state']}[/], {len(document['case']['events'])} events")
        shown.add_row("HLR", f"{document['hlr']['adapter']}: before {_plain(document['hlr']['before'])}; "
                             f"after {_plain(document['hlr']['after'])}")  # fmt: skip
        shown.add_row("SIM", f"{document['sim']['state']}, with the {document['sim']['custody']}")
        number = document["number"]
        dates = f"Li Wei's alone until {number['reclaim_until'][:10]}, nobody else's before {number['quarantine_until'][:10]}"
        shown.add_row("number", f"{number['state'].replace('_', ' ')}; {dates}")
        bill = document["final_bill"]
        refund, owed = (_amount(bill[name], bill["currency"]) for name in ("refund", "owed"))
        shown.add_row("final bill", f"refund {refund}, owed {owed}")
        shown.add_row("follow it", f"reference [bold]{document['case']['reference']}[/], secret [bold]{secret}[/]")
        self._out.print(Panel(shown, title="A line, closed properly", expand=False))

"""``lastcall audit``: recompute everything from rows and events, and say what does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final

import click
from django.db.models import Count, F, Q, Sum
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from lastcall.core.audit.auditor import Broken, Findings
from lastcall.core.audit.auditor import Progress as Report
from lastcall.core.audit.auditor import audit as run_audit
from lastcall.core.audit.life import Billed
from lastcall.core.audit.sequencer import sequence
from lastcall.core.database import DjangoDatabase, database
from lastcall.core.lookup.index.place import index_path
from lastcall.core.lookup.index.verify import disagreements
from lastcall.core.policies.present import present_policy
from lastcall.elements.billing import rules
from lastcall.elements.billing.ledger import trial_balance
from lastcall.elements.billing.models import BillingAccount, Entry, Kind, Posting
from lastcall.site.wiring import make_elements

_WIDTH_WHEN_PIPED: Final = 160
_SAMPLE: Final = 10_000
"""Numbers of the index that are compared; ``lastcall index verify`` compares all."""


@dataclass(frozen=True)
class LedgerBooks:
    """The built-in ledger as the auditor reads it: the accounts of many lines at once."""

    def billed(self, line_ids: Sequence[int]) -> Mapping[int, Billed]:
        """What the ledger holds for each of these lines, amounts in minor units."""
        accounts = {row.line_id: row for row in BillingAccount.objects.filter(line_id__in=line_ids)}
        balances, late, refunds = _balances(accounts), _late_charges(accounts), _refunds(accounts)
        return {
            line_id: Billed(
                charging=account.charging_stopped_at is None, stopped_at=account.charging_stopped_at,
                balance=balances.get(line_id, 0), late_charges=late.get(line_id, 0),
                refunds=tuple(refunds.get(line_id, ())),
            )
            for line_id, account in accounts.items()
        }  # fmt: skip

    def trial_balance(self) -> int:
        """By how many minor units the entries are out of balance."""
        return trial_balance()


def _balances(line_ids: Mapping[int, BillingAccount]) -> dict[int, int]:
    """Money and bonus less debts: the sum of each line's own ledger accounts."""
    own = {name(line_id): line_id for line_id in line_ids for name in (rules.subscriber, rules.bonus, rules.receivable)}
    sums = Posting.objects.filter(entry__account__line_id__in=line_ids, ledger_account__in=own)
    found = sums.values_list("entry__account__line_id").annotate(total=Sum("amount"))
    return dict(found)


def _late_charges(line_ids: Mapping[int, BillingAccount]) -> dict[int, int]:
    late = Entry.objects.filter(
        Q(service_time__gt=F("account__charging_stopped_at")), account__line_id__in=line_ids, kind=Kind.CHARGE, reversal=None
    )  # fmt: skip
    return dict(late.values_list("account__line_id").annotate(total=Count("pk")))


def _refunds(line_ids: Mapping[int, BillingAccount]) -> dict[int, list[int]]:
    paid = Posting.objects.filter(
        entry__account__line_id__in=line_ids, entry__kind=Kind.REFUND, ledger_account=rules.CASH
    ).values_list("entry__account__line_id", "amount")
    refunds: dict[int, list[int]] = {}
    for line_id, amount in paid:
        refunds.setdefault(line_id, []).append(amount)
    return refunds


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--hlr/--no-hlr", default=True, show_default=True, help="Ask the HLR about every closed line.")
@click.pass_context
def audit(context: click.Context, as_json: bool, hlr: bool) -> None:
    """Check what may never break: every number, case, event and booking. Exit code 1 when something is broken."""
    base, elements = database(), make_elements()
    with _progress() as report:
        linked = sequence(base, thorough=True)
        findings = run_audit(
            base,
            billing=LedgerBooks(),
            hlr=elements.hlr if hlr else None,
            beside=_index_breaches(base),
            progress=report,
        )
    if as_json:
        click.echo(json.dumps(_document(findings, linked), ensure_ascii=False, indent=2))
    else:
        _print(findings, linked)
    context.exit(0 if findings.ok else 1)


def _index_breaches(base: DjangoDatabase) -> Iterator[Broken]:
    """Where the index of look-ups says something else than the tenures, by a sample; nothing where none was built."""
    path = index_path()
    if path.exists():
        for one in disagreements(base, path, present_policy(), sample=_SAMPLE):
            yield Broken("index_agrees", 10, one.subject, f"index: {one.index}; database: {one.database}")


@contextmanager
def _progress() -> Iterator[Report]:
    """What is being checked, on stderr, and only for a person who watches."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        tasks = {what: bar.add_task(what, total=None) for what in ("events", "numbers")}
        yield lambda what, count: bar.update(tasks[what], completed=count)


def _document(findings: Findings, linked: int) -> dict[str, object]:
    place, digest = findings.head
    return {
        "ok": findings.ok,
        "broken": [asdict(breach) for breach in findings.broken],
        "checked": dict(findings.checked) | {"linked_now": linked},
        "head": {"place": place, "digest": digest},
    }


def _print(findings: Findings, linked: int) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_WHEN_PIPED
    if findings.broken:
        console.print(_broken(findings))
    checked = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in findings.checked.items())
    console.print(f"Checked: {checked}. Linked now: {linked:,}.")
    place, digest = findings.head
    console.print(f"Chain: place {place:,}, {digest}")
    total = findings.checked.get("broken", 0)
    console.print("[green]Everything holds.[/]" if findings.ok else f"[bold red]Broken: {total:,}.[/]")


def _broken(findings: Findings) -> Table:
    table = Table(title="Broken", title_justify="left")
    for heading in ("invariant", "item", "subject", "detail"):
        table.add_column(heading, overflow="fold")
    for breach in findings.broken:
        table.add_row(breach.invariant, str(breach.item), escape(breach.subject), escape(breach.detail))
    return table

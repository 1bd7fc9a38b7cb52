"""``lastcall number``: what the leaver may know of a number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from rich.console import Console

from lastcall.core.closing.find import find
from lastcall.core.closing.story import is_proved
from lastcall.core.errors import NotFound
from lastcall.core.numbers.msisdn import mask_msisdn, parse_msisdn
from lastcall.core.numbers.status import public_status, tenure_status
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store
from lastcall.site.output import as_json, emit, ready, secret_from, table


@click.group()
def number() -> None:
    """What the leaver may know of a number."""


@number.command()
@click.argument("msisdn", metavar="NUMBER")
@click.option(
    "--reference", help="The reference of the receipt: with its secret, the leaver learns what became of the number."
)
@click.option("--secret-file", help="File with the receipt's secret ('-': standard input). Default: ask without echo.")
@as_json
def status(msisdn: str, reference: str | None, secret_file: str | None, machine: bool) -> None:
    """Answer what may be told: to strangers the register's word alone, to the leaver the number's state and dates."""
    value, database = parse_msisdn(msisdn), ready()
    secret = secret_from(secret_file, prompt="Secret") if reference else ""
    document = database.transact(lambda rows: _answer(rows, value, reference, secret))
    emit(document, machine=machine, people=lambda out: _print(out, document))


def _answer(rows: Store, msisdn: int, reference: str | None, secret: str) -> dict[str, Any]:
    public = public_status(rows, msisdn)
    answer: dict[str, Any] = {
        "number": mask_msisdn(msisdn), "in_range": public.range_holder is not None, "range_holder": public.range_holder,
        "region": public.region or None,
    }  # fmt: skip
    if reference is None:
        return answer
    case = find(rows, reference=reference, secret=secret)
    tenure = rows.one(Tenure, {"id": case.tenure_id}) if case.tenure_id is not None else None
    if tenure is None or tenure.msisdn != msisdn or not is_proved(case):
        raise NotFound(
            "no such case, or the words given do not belong to it", remedy="Check the reference and the secret."
        )
    own = tenure_status(rows, tenure)
    return answer | {"state": own.state, "reclaim_until": own.reclaim_until, "quarantine_until": own.quarantine_until}


def _print(out: Console, document: dict[str, Any]) -> None:
    shown = table(f"Number {document['number']}", "", "")
    shown.add_row("range holder", document["range_holder"] or "in no range of the register")
    shown.add_row("region", document["region"] or "-")
    if "state" in document:
        shown.add_row("state", document["state"].replace("_", " "))
        shown.add_row("yours to have back until", _day(document["reclaim_until"]))
        shown.add_row("nobody else before", _day(document["quarantine_until"]))
    out.print(shown)
    if "state" not in document:
        out.print("Nothing else is told to strangers. The range holder need not be the number's present operator.")


def _day(value: datetime | None) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "-"

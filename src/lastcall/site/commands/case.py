"""``lastcall case``: a closing from its declaration to its end, for the operator's staff at a terminal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click
from rich.console import Console

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.reading import REASONS, note_reading
from lastcall.core.closing import advance, evidence, find, identity, papers, review
from lastcall.core.closing import freeze as freezing
from lastcall.core.closing import reactivate as reactivating
from lastcall.core.closing import withdraw as withdrawing
from lastcall.core.closing.case import Case
from lastcall.core.closing.declare import Declaring
from lastcall.core.closing.declare import declare as declare_line
from lastcall.core.closing.preview import preview
from lastcall.core.closing.texts import REJECTIONS, remedy
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import BadInput, Refused
from lastcall.core.numbers.msisdn import mask_msisdn, parse_msisdn
from lastcall.core.policies.load import load
from lastcall.core.store import Store
from lastcall.core.subscribers.inputs import DOCUMENT_KINDS, parse_moment
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact
from lastcall.site.output import acting, as_json, door_option, emit, ready, secret_from, table
from lastcall.site.wiring import make_elements, make_worker

LANGUAGES = ("zh-hans", "ru", "en")
_which = click.argument("case", metavar="CASE")


@click.group()
def case() -> None:
    """Declare, follow, verify, review, withdraw, freeze and reactivate.

    CASE is the reference of the receipt, or the case's id from 'lastcall case list'.
    """


def _find(database: DjangoDatabase, word: str) -> Case:
    if word.isdecimal() and len(word) != 16:
        return find.get_case(database, case_id=int(word))
    return find.find_case_by_reference(database, reference=word)


def _through(actor: Actor, door: str) -> Actor:
    return Actor(actor.role, actor.name, door)


def _settle(database: DjangoDatabase, case_id: int) -> Case:
    """Let the checks of this case run at once, so that the answer shows where it stands now."""
    return advance.advance(database, case_id=case_id, billing=make_elements().billing)


@case.command()
@click.option("--number", required=True, help="The number, as written: +7 900 000-10-01.")
@door_option
@click.option("--language", type=click.Choice(LANGUAGES), default="ru", show_default=True)
@click.option("--key", help="Idempotency key: the same key and words give the same receipt. Default: a random one.")
@click.option("--end", "end", help="The wished end, ISO 8601 with offset. Default: as soon as possible.")
@click.option("--operator", default=None, help="Operator pack. Default: LASTCALL_OPERATOR.")
@acting("clerk:command")
@as_json
def declare(
    number: str,
    door: str,
    language: str,
    key: str | None,
    end: str | None,
    operator: str | None,
    actor: Actor,
    machine: bool,
) -> None:
    """Receive the declaration that a line shall end, and print its receipt. The secret is shown this once."""
    from django.conf import settings

    database = ready()
    declaring = Declaring(
        msisdn=parse_msisdn(number), door=door, language=language, requested_end=parse_moment(end) if end else None
    )
    policy = load(operator or settings.LASTCALL_OPERATOR, on=clock.now().date()).policy()
    receipt = declare_line(
        database, declaring=declaring, key=key or clock.token(80), policy=policy, actor=_through(actor, door)
    )
    document = {
        "case": str(receipt.case_id), "reference": receipt.reference, "secret": receipt.secret,
        "received_at": receipt.received_at, "legal_end": receipt.legal_end, "complete": receipt.complete,
    }  # fmt: skip

    def people(out: Console) -> None:
        out.print(
            f"Received at {_moment(receipt.received_at)}. Reference [bold]{receipt.reference}[/], secret [bold]{receipt.secret}[/]."
        )
        out.print("Keep both: they are shown this once.")
        if not receipt.complete:
            out.print("This door registers the intent; the act is completed by signature or in person.")

    emit(document, machine=machine, people=people)


@case.command("list")
@click.option("--state", default=None, help="Only cases in this state.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@as_json
def list_(state: str | None, limit: int, machine: bool) -> None:
    """List the newest cases; numbers are masked."""
    where = {"state": state} if state else {}
    cases = ready().transact(lambda rows: rows.some(Case, where, order="-id", limit=limit))
    document = [
        {"case": str(row.id), "number": mask_msisdn(row.claimed_msisdn), "state": row.state, "door": row.door,
         "declared_at": row.declared_at, "flags": _flags(row)}
        for row in cases
    ]  # fmt: skip

    def people(out: Console) -> None:
        shown = table("Cases", "case", "number", "state", "door", "declared", "flags")
        for row in cases:
            shown.add_row(str(row.id), mask_msisdn(row.claimed_msisdn), row.state, row.door, _moment(row.declared_at),
                          " ".join(_flags(row)))  # fmt: skip
        out.print(shown if cases else "No cases.")

    emit(document, machine=machine, people=people)


def _flags(row: Case) -> list[str]:
    known = {"frozen": row.frozen_at, "awaiting_papers": row.awaiting_papers, "awaiting_payment": row.awaiting_payment,
             "awaiting_sim": row.awaiting_sim, "papers_arrived": row.papers_arrived_at, "stuck": row.stuck_at}  # fmt: skip
    return [name for name, value in known.items() if value]


@case.command()
@_which
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the remedies.")
@click.option("--reason", type=click.Choice(REASONS), default="command_line", show_default=True, help="Why you look.")
@acting("administrator:command")
@as_json
def show(case: str, language: str, reason: str, actor: Actor, machine: bool) -> None:
    """Show one case: its state, what is missing and how to mend it, the final bill's preview, what happened.

    That you looked, and why, is written down and shown to the subscriber.
    """
    database = ready()
    row = _find(database, case)
    database.transact(lambda rows: rows.apply(note_reading(case_id=row.id, actor=actor, reason=reason)))
    document = describe(database, row, language=language)
    emit(document, machine=machine, people=lambda out: _print_case(out, document))


def describe(database: DjangoDatabase, row: Case, *, language: str) -> dict[str, Any]:
    """A case as one JSON document, without anything secret or a full number."""
    events = database.transact(lambda rows: rows.some(Event, {"case_id": row.id}, order="id"))
    return {
        "case": str(row.id), "number": mask_msisdn(row.claimed_msisdn), "state": row.state, "flags": _flags(row),
        "declared_at": row.declared_at, "legal_end": row.legal_end, "hold_until": row.hold_until,
        "ended_at": row.ended_at, "ended_reason": row.ended_reason,
        "checks": [
            {"check": name, **result, "remedy": remedy(result.get("reason", ""), language=language, details=result.get("details"))}
            for name, result in row.results.items()
        ],
        "final_bill": row.final_bill or preview(database, case_id=row.id, billing=make_elements().billing, for_staff=True),
        "final_bill_is_preview": not row.final_bill,
        "events": [
            {"at": event.at, "kind": event.kind, "actor": event.actor, "door": event.door, "from": event.source,
             "to": event.target, "reason": event.reason}
            for event in events
        ],
    }  # fmt: skip


def _print_case(out: Console, document: dict[str, Any]) -> None:
    out.print(f"[bold]{document['number']}[/]  {document['state']}  {' '.join(document['flags'])}")
    for name in ("declared_at", "legal_end", "hold_until", "ended_at"):
        if document[name]:
            out.print(f"  {name.replace('_', ' ')}: {_moment(document[name])}")
    checks = table("Checks", "check", "result", "reason", "what to do")
    for result in document["checks"]:
        checks.add_row(result["check"], result["outcome"], result.get("reason", ""), result["remedy"])
    out.print(checks)
    _print_bill(out, document["final_bill"], preview=document["final_bill_is_preview"])
    happened = table("What happened", "when", "what", "who", "door", "state")
    for event in document["events"]:
        happened.add_row(_moment(event["at"]), event["kind"], event["actor"], event["door"], event["to"])
    out.print(happened)


def _print_bill(out: Console, bill: dict[str, Any], *, preview: bool) -> None:
    if not bill:
        return
    shown = table("Final bill (preview)" if preview else "Final bill", "", bill["currency"])
    for line in bill["lines"]:
        shown.add_row(line["code"].replace("_", " "), _amount(line["amount"]))
    if bill["not_refundable"]:
        shown.add_row("bonus, not refundable", _amount(-bill["not_refundable"]))
    shown.add_row("[bold]refund[/]", _amount(bill["refund"]))
    shown.add_row("[bold]owed[/]", _amount(bill["owed"]))
    out.print(shown)


def _amount(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S} UTC"


@case.command()
@_which
@click.option(
    "--document", help=f"kind:issuer of the document, as in foreign_passport:CN. Kinds: {', '.join(DOCUMENT_KINDS)}."
)
@click.option("--number-file", help="File with the document's number ('-': standard input). Default: ask without echo.")
@click.option("--in-person", is_flag=True, help="You hold the original in your hands.")
@click.option(
    "--send-code", type=click.Choice(["mail", "sms", "line"]), help="Send a one-time code to that contact on file."
)
@click.option("--code", "take_code", is_flag=True, help="Take the one-time code (asked without echo).")
@click.option("--code-file", help="File with the code ('-': standard input).")
@click.option("--sim", type=click.Choice(["subscriber", "collected", "destroyed"]), help="What becomes of the SIM.")
@click.option("--iccid", default="", help="ICCID of the card taken in.")
@click.option("--pin-removed", is_flag=True, help="The subscriber says that the SIM's PIN is off.")
@click.option("--signed", is_flag=True, help="The declaration was signed.")
@click.option("--refund", help="Where a refund shall go: a method of the operator's pack.")
@door_option
@acting("clerk:command")
@as_json
def verify(case: str, door: str, actor: Actor, machine: bool, **given: Any) -> None:
    """Prove who is closing, and give what is missing: identity, SIM, signature, refund target."""
    database = ready()
    row = _find(database, case)
    acts = _acts(database, row, _through(actor, door), given)
    if not acts:
        raise BadInput("nothing was given to verify", code="nothing_given", remedy="See 'lastcall case verify --help'.")
    for act in acts:
        act()
    row = _settle(database, row.id)
    document = {"case": str(row.id), "state": row.state, "flags": _flags(row)}
    emit(document, machine=machine, people=lambda out: out.print(f"Taken. The case is now: {row.state}"))


def _acts(database: DjangoDatabase, row: Case, actor: Actor, given: dict[str, Any]) -> list[Callable[[], Any]]:
    acts: list[Callable[[], Any]] = []
    if given["document"]:
        acts.append(lambda: _document(database, row, actor, given))
    if given["send_code"]:
        acts.append(lambda: _send_code(database, row, actor, given["send_code"]))
    if given["take_code"] or given["code_file"]:
        acts.append(lambda: _accepted(identity.verify_code(
            database, case_id=row.id, code=secret_from(given["code_file"], prompt="Code"), actor=actor)))  # fmt: skip
    if given["sim"]:
        acts.append(lambda: _sim(database, row, actor, given))
    if given["signed"]:
        acts.append(lambda: evidence.sign(database, case_id=row.id, actor=actor))
    if given["refund"]:
        acts.append(lambda: evidence.choose_refund(database, case_id=row.id, method=given["refund"], actor=actor))
    return acts


def _document(database: DjangoDatabase, row: Case, actor: Actor, given: dict[str, Any]) -> None:
    kind, _, issuer = given["document"].partition(":")
    if not issuer:
        raise BadInput("--document is kind:issuer", code="bad_document", remedy="As in foreign_passport:CN.")
    number = secret_from(given["number_file"], prompt="Document number")
    _accepted(identity.verify_document(
        database, case_id=row.id, kind=kind, issuer=issuer, number=number, actor=actor, in_person=given["in_person"]))  # fmt: skip


def _sim(database: DjangoDatabase, row: Case, actor: Actor, given: dict[str, Any]) -> None:
    evidence.declare_sim(
        database,
        case_id=row.id,
        custody=given["sim"],
        actor=actor,
        pin_removed=given["pin_removed"],
        iccid=given["iccid"],
    )


def _accepted(proof: identity.Proof) -> None:
    if not proof.accepted:
        raise Refused("that was not accepted", code="not_accepted", remedy=f"Tries left: {proof.tries_left}.")


def _send_code(database: DjangoDatabase, row: Case, actor: Actor, kind: str) -> None:
    contact = database.transact(lambda rows: _contact(rows, row, kind))
    identity.send_code(
        database, case_id=row.id, contact_id=contact.id, actor=actor, messengers=make_elements().messengers
    )


def _contact(rows: Store, row: Case, kind: str) -> Contact:
    line = rows.one(Line, {"id": row.line_id}) if row.line_id else None
    found = rows.some(Contact, {"subscriber_id": line.subscriber_id, "kind": kind, "removed_at": None}) if line else []
    own = [contact for contact in found if contact.line_id in {None, row.line_id}]
    if not own:
        raise Refused(
            f"no contact of that kind is on file ({kind})", code="no_such_contact", remedy="Choose another kind."
        )
    return own[0]


@case.command("arrived")
@click.argument("barcode")
@door_option
@acting("clerk:command")
@as_json
def arrived_(barcode: str, door: str, actor: Actor, machine: bool) -> None:
    """Papers came by post: scan the BARCODE of their cover sheet. They are put on file afterwards."""
    _tell(papers.arrived(ready(), barcode=barcode, actor=_through(actor, door)), machine)


@case.command("review")
@_which
@click.argument("decision", type=click.Choice(["approve", "reject"]))
@click.option("--reason", help=f"For a rejection: {', '.join(sorted(REJECTIONS))}.")
@acting("reviewer:command")
@as_json
def review_(case: str, decision: str, reason: str | None, actor: Actor, machine: bool) -> None:
    """Decide what was referred to a person. Whoever opened or verified the case does not decide it."""
    database = ready()
    row = _find(database, case)
    if decision == "approve":
        review.approve(database, case_id=row.id, actor=actor)
        row = _settle(database, row.id)
    else:
        row = review.reject(database, case_id=row.id, actor=actor, reason=reason or "")
    _tell(row, machine)


def _tell(row: Case, machine: bool) -> None:
    document = {"case": str(row.id), "state": row.state, "flags": _flags(row), "hold_until": row.hold_until}
    emit(
        document, machine=machine, people=lambda out: out.print(f"The case is now: {row.state} {' '.join(_flags(row))}")
    )


@case.command("withdraw")
@_which
@acting("clerk:command")
@as_json
def withdraw_(case: str, actor: Actor, machine: bool) -> None:
    """Take the declaration back; possible until the first outside effect of the cease."""
    database = ready()
    _tell(withdrawing.withdraw(database, case_id=_find(database, case).id, actor=actor), machine)


@case.command("freeze")
@_which
@click.option("--lift", is_flag=True, help="Lift the freeze after the holder was asked (a reviewer's act).")
@acting("clerk:command")
@as_json
def freeze_(case: str, lift: bool, actor: Actor, machine: bool) -> None:
    """'This was not me': stop everything until a person has asked the holder."""
    database = ready()
    act = freezing.unfreeze if lift else freezing.freeze
    _tell(act(database, case_id=_find(database, case).id, actor=actor), machine)


@case.command("reactivate")
@_which
@click.option("--document", required=True, help="kind:issuer of the former holder's document.")
@click.option("--number-file", help="File with the document's number ('-': standard input). Default: ask without echo.")
@click.option("--iccid", required=True, help="ICCID of the new SIM, from stock.")
@click.option("--approver", default="", help="Login of the second person.")
@acting("clerk:command")
@as_json
def reactivate_(
    case: str, document: str, number_file: str | None, iccid: str, approver: str, actor: Actor, machine: bool
) -> None:
    """Give the number of a closed case back to its former holder, inside the window, on a new SIM."""
    database = ready()
    kind, _, issuer = document.partition(":")
    shown = (kind, issuer, secret_from(number_file, prompt="Document number"))
    row = _find(database, case)
    line = reactivating.reactivate(
        database, case_id=row.id, document=shown, iccid=iccid, actor=actor, approver=approver
    )
    make_worker(make_elements(), base=database).run_until_idle()
    result = {"line": str(line.id), "tenure": str(line.tenure_id), "opened_at": line.opened_at}
    emit(
        result, machine=machine, people=lambda out: out.print("The number is the former holder's again, on a new SIM.")
    )

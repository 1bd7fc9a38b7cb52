"""The visit: a ticket in service. The clerk learns nothing of a person before that person's document matched the agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.advance import advance
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import try_again
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.closing.facts import Bound, read_bound, read_case
from lastcall.core.closing.find import find_by_reference
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.identity import claimed_line, keys_of, matches, verify_document
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.closing.story import is_proved
from lastcall.core.counter.calls import no_ticket, own
from lastcall.core.counter.moves import GROUND
from lastcall.core.counter.ticket import Ticket
from lastcall.core.errors import ElementTrouble, NotFound, Refused
from lastcall.core.numbers.life import latest_tenure
from lastcall.core.numbers.msisdn import parse_msisdn
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing
from lastcall.core.staff.opening import Opening, close_ground, plan_opening
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.file import document_key, valid_document_keys
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Document, Representative

REASON = "subscriber_present"


@dataclass(frozen=True, slots=True)
class Visit:
    """A ticket at the clerk's window. ``opening`` and ``case`` are None until the visitor's document matched."""

    ticket: Ticket
    opening: Opening | None = None
    case: Case | None = None
    bound: Bound | None = None
    documents: tuple[Document, ...] = ()
    representative: Representative | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """``accepted`` or not, and nothing about what was wrong; ``tries_left`` in this visit."""

    accepted: bool
    tries_left: int


@transaction
def visit(rows: Store, *, ticket_id: int, actor: Actor) -> Visit:
    """The visit, with the file as far as it is open to this clerk. Raises ``NotFound`` for a ticket that is not at their window."""
    ticket = own(rows, ticket_id=ticket_id, actor=actor)
    opening = _opening(rows, ticket, actor)
    return _read(rows, ticket, opening) if opening is not None else Visit(ticket)


@transaction
def opened(rows: Store, *, ticket_id: int, actor: Actor) -> Visit:
    """The visit with its file. Raises ``NotFound`` unless it is in service at this clerk's window and the file is open."""
    ticket = own(rows, ticket_id=ticket_id, actor=actor)
    return _read(rows, ticket, opening_of(rows, ticket, actor))


def opening_of(rows: Store, ticket: Ticket, actor: Actor) -> Opening:
    """The live opening that rests on this visit. Raises ``NotFound`` (``not_open``)."""
    opening = _opening(rows, ticket, actor)
    if opening is None:
        raise NotFound("this file is not open to you", code="not_open", remedy="Look at the document again.")
    return opening


def _opening(rows: Store, ticket: Ticket, actor: Actor) -> Opening | None:
    if ticket.state != "serving" or ticket.case_id is None:
        return None
    mine = {"ground": GROUND, "ground_id": ticket.id, "login": actor.name, "case_id": ticket.case_id, "closed_at": None}
    return rows.one(Opening, mine | {"until__gt": clock.now()})


def _read(rows: Store, ticket: Ticket, opening: Opening) -> Visit:
    case = read_case(rows, opening.case_id)
    bound = read_bound(rows, case)
    subscriber_id = bound.subscriber.id if bound else 0
    documents = rows.some(Document, {"subscriber_id": subscriber_id}, order="id")
    papers = rows.one(Representative, {"id": case.representative_id}) if case.representative_id else None
    return Visit(ticket, opening, case, bound, tuple(documents), papers)


def identify(
    database: Database,
    *,
    ticket_id: int,
    msisdn: str,
    document: tuple[str, str, str],
    actor: Actor,
    policy: Policy,
    reference: str = "",
    declared_before: bool = False,
    declares: bool = False,
) -> Identified:
    """Compare the document that lies before the clerk (kind, issuer, number) with the agreement of the line on ``msisdn``.

    When it matches, the case that stands for the line is taken on: the one of ``reference``, or the line's own when the visitor
    says they declared before (or it was proved already); else a declaration is made here, if the visitor ``declares``. Then the
    file opens to this clerk. When it does not match, the answer is the same whatever is wrong: no such line, another holder,
    another number, another reference.

    Raises ``BadInput`` for what cannot be a number or a document (no try is counted), ``NotFound``, ``Refused``:
    ``too_many_documents`` (policy ``identity.document_tries``), ``other_case`` (a case that another person proved stands for this
    line), ``no_case`` (nothing stands, and nothing is declared), ``door_closed``.
    """
    number, offered = parse_msisdn(msisdn), document_key(*document)
    wanted = _Wanted(number, offered, reference, declared_before)
    found = try_again(lambda: database.transact(lambda rows: _compare(rows, ticket_id, wanted, actor, policy)))
    if not found.matched:
        return Identified(accepted=False, tries_left=found.tries_left)
    if found.case_id is None and not declares:
        raise _no_case()
    case_id = found.case_id or _declare(database, found.ticket, number, policy, actor)
    if found.provable:
        kind, issuer, plain = document
        proof = verify_document(
            database, case_id=case_id, kind=kind, issuer=issuer, number=plain, actor=actor, in_person=True
        )
        if not proof.accepted:
            raise Refused(
                "another person's case stands for this line", code="other_case", remedy="A reviewer has to decide."
            )
    try_again(lambda: database.transact(lambda rows: _open(rows, ticket_id, case_id, actor, policy)))
    return Identified(accepted=True, tries_left=found.tries_left)


def stop(
    database: Database, *, ticket_id: int, msisdn: str, document: tuple[str, str, str], actor: Actor, policy: Policy
) -> Identified:
    """The holder stands at the counter and says that a declaration was not theirs: whatever stands for the line is frozen.

    Nothing of the case is proved or shown by it. Wrong documents count and answer as in :func:`identify`, which also says what is
    raised; ``Refused`` (``no_case``, ``too_late``), ``NotAllowed``.
    """
    wanted = _Wanted(parse_msisdn(msisdn), document_key(*document), "", declared_before=True)
    found = try_again(lambda: database.transact(lambda rows: _compare(rows, ticket_id, wanted, actor, policy)))
    if not found.matched:
        return Identified(accepted=False, tries_left=found.tries_left)
    if found.standing_id is None:
        raise _no_case()
    freeze(database, case_id=found.standing_id, actor=actor)
    return Identified(accepted=True, tries_left=found.tries_left)


def _no_case() -> Refused:
    return Refused(
        "no closing stands for this line", code="no_case", remedy="Tick that the visitor declares it, if they do."
    )


@dataclass(frozen=True, slots=True)
class _Wanted:
    number: int
    offered: str
    reference: str
    declared_before: bool


@dataclass(frozen=True, slots=True)
class _Found:
    ticket: Ticket
    matched: bool
    tries_left: int
    case_id: int | None = None
    provable: bool = True
    standing_id: int | None = None


def serving(rows: Store, *, ticket_id: int, actor: Actor) -> Ticket:
    """The ticket in service at this clerk's window. Raises ``NotFound``."""
    ticket = own(rows, ticket_id=ticket_id, actor=actor)
    if ticket.state != "serving":
        raise no_ticket()
    return ticket


def _compare(rows: Store, ticket_id: int, wanted: _Wanted, actor: Actor, policy: Policy) -> _Found:
    ticket = serving(rows, ticket_id=ticket_id, actor=actor)
    left = policy.identity_document_tries - ticket.wrong_documents
    if left <= 0:
        raise Refused(
            "too many documents did not match", code="too_many_documents", remedy="End the visit, or ask a colleague."
        )
    line = _open_line(rows, wanted.number)
    standing = rows.one(Case, {"line_id": line.id, "ended_at": None}) if line else None
    known = _by_reference(rows, wanted) if wanted.reference else standing
    holder = line is not None and matches(valid_document_keys(rows, line.subscriber_id), wanted.offered)
    case = _taken_on(rows, known, wanted, holder=holder)
    if case is None and (wanted.reference or not holder):
        return _refused(rows, ticket, left - 1, actor)
    provable = case is None or any(row.action == "prove" and row.source == case.state for row in CASE)
    return _Found(ticket, True, left, case.id if case else None, provable, standing.id if standing else None)


def _open_line(rows: Store, number: int) -> Line | None:
    tenure = latest_tenure(rows, number)
    if tenure is None or tenure.until is not None:
        return None
    return rows.one(Line, {"tenure_id": tenure.id, "closed_at": None})


def _by_reference(rows: Store, wanted: _Wanted) -> Case | None:
    try:
        case = find_by_reference(rows, reference=wanted.reference)
    except NotFound:
        return None
    return case if case.claimed_msisdn == wanted.number and case.ended_at is None else None


def _taken_on(rows: Store, case: Case | None, wanted: _Wanted, *, holder: bool) -> Case | None:
    """The case that the visitor may take up again, or None: somebody else's declaration is not made theirs."""
    if case is None:
        return None
    if case.declared_by == "representative":
        return case if matches(keys_of(rows, case), wanted.offered) else None
    if case.line_id is None and claimed_line(rows, case) is None:
        return None
    mine = bool(wanted.reference) or wanted.declared_before or is_proved(case)
    return case if holder and mine else None


def _refused(rows: Store, ticket: Ticket, left: int, actor: Actor) -> _Found:
    where = {"id": ticket.id, "state": "serving", "wrong_documents": ticket.wrong_documents}
    change = Change(Ticket, where, {"wrong_documents": ticket.wrong_documents + 1})
    rows.apply(Plan((change,), (_event("ticket.document_refused", ticket, actor, left=left),)))
    return _Found(ticket, False, left)


def _event(kind: str, ticket: Ticket, actor: Actor, *, case_id: int | None = None, **data: Any) -> Event:
    return Event(
        at=clock.now(), kind=kind, subject="ticket", subject_id=ticket.id, case_id=case_id, actor=str(actor),
        door=actor.door, data=data,
    )  # fmt: skip


def _declare(database: Database, ticket: Ticket, number: int, policy: Policy, actor: Actor) -> int:
    about = keyed.keyed_hash("counter.declaration", str(number))[:24]
    receipt = declare(
        database, declaring=Declaring(msisdn=number, door="store", language=ticket.language),
        key=f"counter:{ticket.id}:{about}", policy=policy, actor=actor,
    )  # fmt: skip
    return receipt.case_id


def _open(rows: Store, ticket_id: int, case_id: int, actor: Actor, policy: Policy) -> None:
    ticket = serving(rows, ticket_id=ticket_id, actor=actor)
    where = {"id": ticket.id, "state": "serving", "clerk": actor.name, "case_id": ticket.case_id}
    rows.apply(close_ground(rows, ground=GROUND, ground_id=ticket.id))
    _, opening = plan_opening(
        case_id=case_id, actor=actor, ground=GROUND, ground_id=ticket.id, reason=REASON, policy=policy
    )
    told = _event("ticket.identified", ticket, actor, case_id=case_id)
    rows.apply(Plan((Change(Ticket, where, {"case_id": case_id}),), (told,)) + opening)


def go_on(database: Database, *, case_id: int, billing: Billing) -> None:
    """Run the checks now, as far as the facts carry the case. When billing is away, the worker does it later."""
    for _ in range(4):
        before = database.transact(lambda rows: read_case(rows, case_id))
        try:
            case = try_again(lambda: advance(database, case_id=case_id, billing=billing))
        except ElementTrouble:
            return
        if case.revision == before.revision:
            return

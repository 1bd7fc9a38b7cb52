"""Proving who is closing the line to staff: document number, one-time code, in person. Tries are limited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lastcall.core import clock, keyed
from lastcall.core.actor import WORKER, Actor
from lastcall.core.closing import codes
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move, try_again
from lastcall.core.closing.code import Code
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.review import not_the_decider
from lastcall.core.closing.story import is_proved
from lastcall.core.errors import Refused
from lastcall.core.numbers.life import latest_tenure
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Messenger
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import document_key, valid_document_keys
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Representative


@dataclass(frozen=True, slots=True)
class Proof:
    """``accepted`` or not, and nothing about which part was wrong; ``tries_left`` before only a person can help."""

    case: Case
    accepted: bool
    tries_left: int


def verify_document(
    database: Database, *, case_id: int, kind: str, issuer: str, number: str, actor: Actor, in_person: bool = False
) -> Proof:
    """Compare a document with the one on file, by keyed hash. ``in_person``: a clerk holds the original.

    Raises ``BadInput`` for a number that cannot be one (no try is counted), ``Refused`` (``identity_locked``,
    ``four_eyes``: who decided the case does not verify it).
    """
    offered = document_key(kind, issuer, number)
    if in_person and not actor.is_staff:
        raise Refused("only staff can say that they saw the original", code="not_staff", remedy="Go to a shop.")
    return database.transact(lambda rows: _document(rows, case_id, offered, actor, in_person))


def _document(rows: Store, case_id: int, offered: str, actor: Actor, in_person: bool) -> Proof:
    case = _provable(rows, case_id, in_person)
    not_the_decider(rows, case, actor)
    now = clock.now()
    takeover = Plan()
    if case.line_id is None:
        case, takeover = _take_over(rows, case, offered, actor, now, seen=in_person)
    if case.line_id is None or not matches(keys_of(rows, case), offered):
        return _refuse(rows, case, actor)
    values: dict[str, Any] = {"document_ok_at": now}
    if in_person:
        values |= {"in_person_at": now, "verifier": str(actor)}
    elif actor.is_staff and case.in_person_at is None:
        values["verifier"] = str(actor)
    if in_person or case.code_ok_at is not None:
        values |= FRESH_TRIES
    plan = move(case, "prove", actor=actor, now=now, data={"proof": "in_person" if in_person else "document"}, **values)
    rows.apply(takeover + plan + Plan((advance_again(case, now),)))
    return Proof(after(case, plan), accepted=True, tries_left=_tries_left(case))


FRESH_TRIES: dict[str, Any] = {"identity_failures": 0, "identity_locked_at": None}
"""What a full proof sets back."""


def refuse_if_locked(case: Case, now: datetime) -> None:
    """Raises ``Refused`` (``identity_locked``) when only people help from now on: the tries are used up, or the photo differs."""
    if case.is_locked(now) or case.photo == "differs":
        raise locked()


def locked() -> Refused:
    """The refusal once the tries are used up."""
    return Refused(
        "too many wrong answers", code="identity_locked", remedy="Come to a shop with the original document."
    )


def _provable(rows: Store, case_id: int, in_person: bool) -> Case:
    case = read_case(rows, case_id)
    if not in_person:
        refuse_if_locked(case, clock.now())
    return case


def keys_of(rows: Store, case: Case) -> Sequence[str]:
    """The keyed hashes that prove the one who declared a bound case: the holder's documents, or the representative's."""
    if case.declared_by == "representative":
        papers = rows.one(Representative, {"id": case.representative_id}) if case.representative_id else None
        return [papers.document_key] if papers else []
    line = rows.one(Line, {"id": case.line_id})
    assert line is not None
    return valid_document_keys(rows, line.subscriber_id)


def matches(keys: Iterable[str], offered: str) -> bool:
    """Whether the document is one of these; every one is compared."""
    return any([keyed.same(key, offered) for key in keys])


def _take_over(rows: Store, case: Case, offered: str, actor: Actor, now: datetime, *, seen: bool) -> tuple[Case, Plan]:
    line = claimed_line(rows, case)
    if line is None or not matches(valid_document_keys(rows, line.subscriber_id), offered):
        return case, Plan()
    return bind(rows, case, line, actor, now, wholly=seen)


def claimed_line(rows: Store, case: Case) -> Line | None:
    """The open line on the number that a holder declared, for a case that is bound to none; else None."""
    tenure = latest_tenure(rows, case.claimed_msisdn)
    if tenure is None or tenure.until is not None or case.declared_by != "holder":
        return None
    return rows.one(Line, {"tenure_id": tenure.id, "closed_at": None})


def bind(rows: Store, case: Case, line: Line, actor: Actor, now: datetime, *, wholly: bool) -> tuple[Case, Plan]:
    """A case whose line was held by another open case gets it when the holder proves themselves here and nobody did there.

    So a stranger's declaration never stands in the holder's way. ``wholly``: proved in person or with document and code, which
    outdoes a document's number alone. Without a way the case comes back unbound, with nothing to write.
    """
    other = rows.one(Case, {"line_id": line.id, "ended_at": None})
    writes = Plan()
    if other is not None:
        if not _gives_way(other, wholly):
            return case, Plan()
        writes = move(other, "lapse", actor=WORKER, now=now, reason="superseded")
    bound = move(
        case, "prove", actor=actor, now=now, data={"bound": line.tenure_id}, line_id=line.id, tenure_id=line.tenure_id
    )
    return after(case, bound), writes + bound


def _gives_way(other: Case, wholly: bool) -> bool:
    proved = is_proved(other) and (other.photo != "differs" or other.in_person_at is not None)
    shown = proved if wholly else bool(other.document_ok_at or other.in_person_at)
    return not shown and other.state in {"declared", "checking", "waiting"}


def _refuse(rows: Store, case: Case, actor: Actor) -> Proof:
    now, failures = clock.now(), case.identity_failures + 1
    policy = Policy.from_json(case.policy)
    locked_at = now if failures >= policy.identity_document_tries else None
    plan = move(
        case, "prove", actor=actor, now=now, reason="identity_refused", data={"failures": failures},
        identity_failures=failures, identity_locked_at=locked_at, document_ok_at=None, code_ok_at=None,
    )  # fmt: skip
    rows.apply(plan)
    changed = after(case, plan)
    return Proof(changed, accepted=False, tries_left=_tries_left(changed))


def _tries_left(case: Case) -> int:
    return max(Policy.from_json(case.policy).identity_document_tries - case.identity_failures, 0)


def advance_again(case: Case, now: datetime) -> Insert:
    """The work that runs the checks of a case again, now that it has changed."""
    return job("case.advance", case.id, due_at=now, about=f"revision {case.revision + 1}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A one-time code on its way: to which contact, and the ``code`` itself for the messenger alone."""

    contact: Contact
    row: Code
    code: str
    expires_at: datetime


def new_code(database: Database, *, case_id: int, contact_id: int, actor: Actor, action: str = codes.CLOSE) -> Sent:
    """Make a code for one case and one action, to be sent to a contact on file. Earlier ones stop working.

    Raises ``Refused`` (``too_many_codes``: policies ``identity.code_sends_per_10_minutes`` and ``identity.code_sends_per_day``, the
    latter also over all cases that the contact had codes for; ``no_such_contact``, ``contact_too_new``).
    """
    return try_again(lambda: database.transact(lambda rows: _new_code(rows, case_id, contact_id, actor, action)))


def _new_code(rows: Store, case_id: int, contact_id: int, actor: Actor, action: str) -> Sent:
    case, now = _provable(rows, case_id, in_person=False), clock.now()
    policy = Policy.from_json(case.policy)
    contact = _own_contact(rows, case, contact_id)
    codes.refuse_if_too_many(rows, case, policy, now)
    place = codes.place_for(rows, contact, policy, now)
    if place is None:
        raise codes.too_many()
    code = codes.make(case, place, action, now)
    plan = move(case, "prove", actor=actor, now=now, data={"code_to": contact.kind})
    rows.apply(plan + Plan((Insert(code),)))
    return Sent(contact, code, codes.digits_of(code, policy), code.expires_at)


def send_code(
    database: Database, *, case_id: int, contact_id: int, actor: Actor, messengers: Mapping[str, Messenger]
) -> datetime:
    """Make a code and send it to a contact on file, in the case's language; returns when it runs out.

    Sent at once: when the sending fails the subscriber asks again. Raises as :func:`new_code`, and ``ElementTrouble``.
    """
    sent = new_code(database, case_id=case_id, contact_id=contact_id, actor=actor)
    case = database.transact(lambda rows: read_case(rows, case_id))
    messenger, message = codes.message(case, sent.contact, sent.row)
    messengers[messenger].send(message)
    return sent.expires_at


def _own_contact(rows: Store, case: Case, contact_id: int) -> Contact:
    line = rows.one(Line, {"id": case.line_id}) if case.line_id else None
    contact = rows.one(Contact, {"id": contact_id, "removed_at": None})
    if line is None or contact is None or contact.subscriber_id != line.subscriber_id:
        raise Refused(
            "a code goes only to a contact on file", code="no_such_contact", remedy="Choose one that is on file."
        )
    if contact.on_file_since > case.declared_at:
        raise Refused(
            "this contact came on file after the declaration", code="contact_too_new", remedy="Choose another."
        )
    return contact


def verify_code(database: Database, *, case_id: int, code: str, actor: Actor, action: str = codes.CLOSE) -> Proof:
    """Take a one-time code: once, within its minutes and tries (policies ``identity.code_minutes``, ``identity.code_tries``)."""
    offered = codes.typed_digits(code)
    return database.transact(lambda rows: _code(rows, case_id, offered, actor, action))


def _code(rows: Store, case_id: int, offered: str, actor: Actor, action: str) -> Proof:
    case, now = _provable(rows, case_id, in_person=False), clock.now()
    policy = Policy.from_json(case.policy)
    code = codes.latest(rows, case.id, action)
    if code is None or not codes.is_live(code, policy, now):
        return Proof(case, accepted=False, tries_left=0)
    if not keyed.same(codes.digits_of(code, policy), offered):
        rows.apply(Plan((answered(code, tries=code.tries + 1),)))
        return Proof(case, accepted=False, tries_left=policy.identity_code_tries - code.tries - 1)
    # A code for something else, a withdrawal say, is no proof for the closing.
    values: dict[str, Any] = {"code_ok_at": now} if action == codes.CLOSE else {}
    if values and case.document_ok_at is not None:
        values |= FRESH_TRIES
    plan = move(case, "prove", actor=actor, now=now, data={"proof": "code", "action": action}, **values)
    rows.apply(Plan((answered(code, used_at=now),)) + plan + Plan((advance_again(case, now),)))
    return Proof(after(case, plan), accepted=True, tries_left=policy.identity_code_tries)


def answered(code: Code, **values: Any) -> Change:
    """An answer to a code was taken, at a moment at which nobody else's was."""
    return Change(Code, {"id": code.id, "tries": code.tries, "used_at": None}, values)

"""Proving who is closing the line: document number, one-time code, in person. Tries are limited, answers reveal nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from lastcall.core import clock, keyed
from lastcall.core.actor import WORKER, Actor
from lastcall.core.closing import texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import after, job, move
from lastcall.core.closing.code import Code
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.review import not_the_decider
from lastcall.core.errors import Refused
from lastcall.core.numbers.life import latest_tenure
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Message, Messenger
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.file import contact_address, document_key, valid_document_keys
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
        case, takeover = _take_over(rows, case, offered, actor, now)
    if case.line_id is None or not any(keyed.same(key, offered) for key in _keys(rows, case)):
        return _refuse(rows, case, actor)
    values: dict[str, Any] = {"document_ok_at": now}
    if in_person:
        values |= {"in_person_at": now, "verifier": str(actor)}
    elif actor.is_staff and case.in_person_at is None:
        values["verifier"] = str(actor)
    plan = move(case, "prove", actor=actor, now=now, data={"proof": "in_person" if in_person else "document"}, **values)
    rows.apply(takeover + plan + Plan((_again(case, now),)))
    return Proof(after(case, plan), accepted=True, tries_left=_tries_left(case))


def _provable(rows: Store, case_id: int, in_person: bool) -> Case:
    case = read_case(rows, case_id)
    if case.identity_locked_at is not None and not in_person:
        raise Refused(
            "too many wrong answers", code="identity_locked", remedy="Come to a shop with the original document."
        )
    return case


def _keys(rows: Store, case: Case) -> Sequence[str]:
    """The keyed hashes that prove the one who declared: the holder's documents, or the representative's."""
    if case.declared_by == "representative":
        papers = rows.one(Representative, {"id": case.representative_id}) if case.representative_id else None
        return [papers.document_key] if papers else []
    line = rows.one(Line, {"id": case.line_id})
    assert line is not None
    return valid_document_keys(rows, line.subscriber_id)


def _take_over(rows: Store, case: Case, offered: str, actor: Actor, now: datetime) -> tuple[Case, Plan]:
    """A case whose line was held by another open case gets it when the holder proves themselves here and nobody did there.

    So a stranger's declaration never stands in the holder's way.
    """
    tenure = latest_tenure(rows, case.claimed_msisdn)
    line = rows.one(Line, {"tenure_id": tenure.id, "closed_at": None}) if tenure and tenure.until is None else None
    if line is None:
        return case, Plan()
    keys = valid_document_keys(rows, line.subscriber_id)
    other = rows.one(Case, {"line_id": line.id, "ended_at": None})
    if case.declared_by != "holder" or not any(keyed.same(key, offered) for key in keys):
        return case, Plan()
    writes = Plan()
    if other is not None:
        if other.document_ok_at or other.in_person_at or other.state not in {"declared", "checking", "waiting"}:
            return case, Plan()
        writes = move(other, "lapse", actor=WORKER, now=now, reason="superseded")
    bind = move(
        case, "prove", actor=actor, now=now, data={"bound": line.tenure_id}, line_id=line.id, tenure_id=line.tenure_id
    )
    return after(case, bind), writes + bind


def _refuse(rows: Store, case: Case, actor: Actor) -> Proof:
    now, failures = clock.now(), case.identity_failures + 1
    policy = Policy.from_json(case.policy)
    locked = now if failures >= policy.identity_document_tries else None
    plan = move(
        case, "prove", actor=actor, now=now, reason="identity_refused", data={"failures": failures},
        identity_failures=failures, identity_locked_at=locked, document_ok_at=None, code_ok_at=None,
    )  # fmt: skip
    rows.apply(plan)
    changed = after(case, plan)
    return Proof(changed, accepted=False, tries_left=_tries_left(changed))


def _tries_left(case: Case) -> int:
    return max(Policy.from_json(case.policy).identity_document_tries - case.identity_failures, 0)


def _again(case: Case, now: datetime) -> Insert:
    return job("case.advance", case.id, due_at=now, about=f"revision {case.revision + 1}")


@dataclass(frozen=True, slots=True)
class Sent:
    """A one-time code on its way: to which contact, and the ``code`` itself for the messenger alone."""

    contact: Contact
    code: str
    expires_at: datetime


@transaction
def new_code(rows: Store, *, case_id: int, contact_id: int, actor: Actor, action: str = "close") -> Sent:
    """Make a code for one case and one action, to be sent to a contact on file. Earlier ones stop working.

    Raises ``Refused`` (``too_many_codes``: policies ``identity.code_sends_per_10_minutes``, ``identity.code_sends_per_day``).
    """
    case, now = _provable(rows, case_id, in_person=False), clock.now()
    policy = Policy.from_json(case.policy)
    contact = _own_contact(rows, case, contact_id)
    earlier = rows.some(Code, {"case_id": case.id, "action": action})
    for span, most in ((timedelta(minutes=10), policy.identity_code_sends_per_10_minutes),
                       (timedelta(days=1), policy.identity_code_sends_per_day)):  # fmt: skip
        if sum(code.sent_at > now - span for code in earlier) >= most:
            raise Refused("too many codes were asked for", code="too_many_codes", remedy="Wait, then ask again.")
    secret = clock.digits(policy.identity_code_digits)
    code = Code(
        id=clock.new_id(), case_id=case.id, action=action, contact_id=contact.id, sent_at=now,
        code_key=_code_key(case.id, action, secret), expires_at=now + timedelta(minutes=policy.identity_code_minutes),
    )  # fmt: skip
    plan = move(case, "prove", actor=actor, now=now, data={"code_to": contact.kind})
    rows.apply(plan + Plan((Insert(code),)))
    return Sent(contact, secret, code.expires_at)


def send_code(
    database: Database, *, case_id: int, contact_id: int, actor: Actor, messengers: Mapping[str, Messenger]
) -> datetime:
    """Make a code and send it to a contact on file, in the case's language; returns when it runs out.

    Sent at once and never kept in clear: when the sending fails the subscriber asks again. Raises as :func:`new_code`, and
    ``ElementTrouble``.
    """
    sent = new_code(database, case_id=case_id, contact_id=contact_id, actor=actor)
    case = database.transact(lambda rows: read_case(rows, case_id))
    facts = {"code": sent.code, "number": mask_msisdn(case.claimed_msisdn)}
    subject, text = texts.notice("code", language=case.language, facts=facts)
    address = contact_address(sent.contact)
    message = Message(f"code:{clock.new_id()}", address, subject, text, case.language)
    messengers["mail" if sent.contact.kind == "mail" else "sms"].send(message)
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


def _code_key(case_id: int, action: str, secret: str) -> str:
    return keyed.keyed_hash("code", str(case_id), action, secret)


def verify_code(database: Database, *, case_id: int, code: str, actor: Actor, action: str = "close") -> Proof:
    """Take a one-time code: once, within its minutes and tries (policies ``identity.code_minutes``, ``identity.code_tries``)."""
    offered = _code_key(case_id, action, "".join(code.split()))
    return database.transact(lambda rows: _code(rows, case_id, offered, actor, action))


def _code(rows: Store, case_id: int, offered: str, actor: Actor, action: str) -> Proof:
    case, now = _provable(rows, case_id, in_person=False), clock.now()
    sent = rows.some(Code, {"case_id": case.id, "action": action}, order="-id", limit=1)
    policy = Policy.from_json(case.policy)
    live = [
        code
        for code in sent
        if code.used_at is None and now < code.expires_at and code.tries < policy.identity_code_tries
    ]
    if not live:
        return Proof(case, accepted=False, tries_left=0)
    code = live[0]
    where = {"id": code.id, "tries": code.tries, "used_at": None}
    if not keyed.same(code.code_key, offered):
        rows.apply(Plan((Change(Code, where, {"tries": code.tries + 1}),)))
        return Proof(case, accepted=False, tries_left=policy.identity_code_tries - code.tries - 1)
    # A code for something else, a withdrawal say, is no proof for the closing.
    values: dict[str, Any] = {"code_ok_at": now} if action == "close" else {}
    plan = move(case, "prove", actor=actor, now=now, data={"proof": "code", "action": action}, **values)
    rows.apply(Plan((Change(Code, where, {"used_at": now}),)) + plan + Plan((_again(case, now),)))
    return Proof(after(case, plan), accepted=True, tries_left=policy.identity_code_tries)

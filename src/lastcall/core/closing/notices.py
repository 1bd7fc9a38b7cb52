"""Notices: queued with what they tell, to every contact on file long enough; sent afterwards by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.closing import texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job
from lastcall.core.closing.checks.safety import was_on_file
from lastcall.core.closing.notice import Notice
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Message, Messenger
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact

_STOP_BITS: Final = 40


def stop_word(case: Case) -> str:
    """The word in our notices by which a holder says "this was not me" without any login (40 bits, for this case alone)."""
    return keyed.derived_token("notice.stop", str(case.id), bits=_STOP_BITS)


def old_contacts_of_line(rows: Store, line: Line, case: Case, policy: Policy) -> tuple[Contact, ...]:
    """The contacts of the line that were on file long enough before the declaration (policy ``notice.contact_age_days``)."""
    found = rows.some(Contact, {"subscriber_id": line.subscriber_id, "removed_at": None}, order="id")
    return tuple(
        contact for contact in found if contact.line_id in {None, line.id} and was_on_file(contact, case, policy)
    )


def queue(
    case: Case, contacts: Iterable[Contact], template: str, *, now: datetime, due_at: datetime | None = None,
    about: str = "", **facts: Any,
) -> Plan:  # fmt: skip
    """A notice and its sending job for each contact. ``about`` tells a repeat apart from a second notice of its kind."""
    writes: list[Insert] = []
    for contact in contacts:
        notice = Notice(
            id=clock.new_id(), case_id=case.id, contact_id=contact.id, template=template, about=about,
            language=case.language, queued_at=now, due_at=due_at or now, facts=facts,
        )  # fmt: skip
        writes += [Insert(notice), job("notice.send", notice.id, due_at=notice.due_at)]
    return Plan(tuple(writes))


def send(database: Database, *, notice_id: int, messengers: dict[str, Messenger]) -> None:
    """Send one notice and note that it went. Sent notices, and notices of a case withdrawn meanwhile, are left alone."""
    prepared = database.transact(lambda rows: _prepare(rows, notice_id))
    if prepared is None:
        return
    messenger, message = prepared
    messengers[messenger].send(message)
    sent = Change(Notice, {"id": notice_id, "sent_at": None}, {"sent_at": clock.now()})
    database.transact(lambda rows: rows.apply(Plan((sent,))))


def _prepare(rows: Store, notice_id: int) -> tuple[str, Message] | None:
    notice = rows.one(Notice, {"id": notice_id, "sent_at": None})
    if notice is None:
        return None
    case, contact = rows.one(Case, {"id": notice.case_id}), rows.one(Contact, {"id": notice.contact_id})
    assert case is not None and contact is not None
    if notice.template == "declared" and case.ended_at is not None:
        return None
    if notice.template == "cease_tomorrow" and (case.state != "on_hold" or case.hold_until is None):
        return None
    facts = notice.facts | {"number": mask_msisdn(case.claimed_msisdn), "stop_word": _shown(stop_word(case))}
    subject, text = texts.notice(notice.template, language=notice.language, facts=facts)
    messenger = "mail" if contact.kind == "mail" else "sms"
    return messenger, Message(f"notice:{notice.id}", contact_address(contact), subject, text, notice.language)


def _shown(word: str) -> str:
    return f"{word[:4]}-{word[4:]}"

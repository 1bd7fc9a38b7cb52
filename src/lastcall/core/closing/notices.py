"""Notices: queued with what they tell, to every contact on file long enough; sent afterwards by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lastcall.core import clock
from lastcall.core.closing import texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job
from lastcall.core.closing.notice import Notice
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.ports import Message, Messenger
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.subscriber import Contact


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
    if notice.template == "cease_tomorrow" and (case.state != "on_hold" or case.hold_until is None):
        return None
    facts = notice.facts | {"number": mask_msisdn(case.claimed_msisdn)}
    subject, text = texts.notice(notice.template, language=notice.language, facts=facts)
    messenger = "mail" if contact.kind == "mail" else "sms"
    return messenger, Message(f"notice:{notice.id}", contact_address(contact), subject, text, notice.language)

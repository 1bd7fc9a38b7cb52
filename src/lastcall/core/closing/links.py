"""Sending a subscriber the link to their case: to a contact on file alone, and nobody on the staff sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings

from lastcall.core import clock, keyed
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing import texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job, try_again
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.link import case_link
from lastcall.core.closing.link_copy import LinkCopy
from lastcall.core.closing.notices import old_contacts_of_line
from lastcall.core.errors import ElementTrouble, Refused
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Message, Messenger
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.inputs import LANGUAGES, one_of
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact

CHANNELS: Final = ("line", "sms", "mail")


def channels(rows: Store, case: Case) -> tuple[str, ...]:
    """The kinds of contact to which the link can go: on file long enough (policy ``notice.contact_age_days``)."""
    kinds = {contact.kind for contact in _contacts(rows, case)}
    return tuple(kind for kind in CHANNELS if kind in kinds)


def _contacts(rows: Store, case: Case) -> tuple[Contact, ...]:
    line = rows.one(Line, {"id": case.line_id}) if case.line_id is not None else None
    return old_contacts_of_line(rows, line, case, Policy.from_json(case.policy)) if line is not None else ()


def send_link(database: Database, *, case_id: int, channel: str, language: str, key: str, actor: Actor) -> LinkCopy:
    """Queue the link for the contact on file of the kind ``channel`` (one of :data:`CHANNELS`). The same ``key`` sends it once.

    Raises ``BadInput`` (``bad_channel``, ``bad_language``), ``Refused``: ``no_such_contact``, ``too_many_links`` (policy
    ``hotline.links_per_day``), ``no_public_host`` where the installation has no site; ``NotFound``.
    """
    one_of("channel", channel, CHANNELS), one_of("language", language, LANGUAGES)
    key_hash = keyed.keyed_hash("link.key", str(case_id), key)
    return try_again(lambda: database.transact(lambda rows: _send(rows, case_id, channel, language, key_hash, actor)))


def _send(rows: Store, case_id: int, channel: str, language: str, key: str, actor: Actor) -> LinkCopy:
    if (known := rows.one(LinkCopy, {"key": key})) is not None:
        return known
    case, now = read_case(rows, case_id), clock.now()
    if not settings.LASTCALL_PUBLIC_HOST:
        raise Refused("this installation has no site", code="no_public_host", remedy="Set LASTCALL_PUBLIC_HOST.")
    contact = next((row for row in _contacts(rows, case) if row.kind == channel), None)
    if contact is None:
        raise Refused(
            "no such contact was on file long enough", code="no_such_contact", remedy="Choose another, or a shop."
        )
    # Read before the count that decides: whoever sends in between takes this place, and we decide once more.
    ordinal = rows.count(LinkCopy, {"contact_id": contact.id}) + 1
    _refuse_if_too_many(rows, contact, Policy.from_json(case.policy), now)
    copy = LinkCopy(
        id=clock.new_id(), key=key, case_id=case.id, contact_id=contact.id, language=language, asked_at=now,
        ordinal=ordinal,
    )  # fmt: skip
    event = Event(
        at=now, kind="case.link_asked", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
        door=actor.door, data={"channel": channel},
    )  # fmt: skip
    rows.apply(Plan((Insert(copy), job("link.send", copy.id, due_at=now)), (event,)))
    return copy


def _refuse_if_too_many(rows: Store, contact: Contact, policy: Policy, now: datetime) -> None:
    today = rows.count(LinkCopy, {"contact_id": contact.id, "asked_at__gt": now - timedelta(days=1)})
    if today >= policy.hotline_links_per_day:
        raise Refused("the link was sent often enough today", code="too_many_links", remedy="Try again tomorrow.")


def send(database: Database, *, copy_id: int, messengers: Mapping[str, Messenger]) -> None:
    """Send one link and note that it went. A sent one is left alone, and so is one that the messenger refuses for good.

    Raises ``ElementTrouble``, temporary.
    """
    prepared = database.transact(lambda rows: _prepare(rows, copy_id))
    if prepared is None:
        return
    outcome: dict[str, Any] = {"sent_at": clock.now()}
    try:
        messengers[prepared[0]].send(prepared[1])
    except ElementTrouble as trouble:
        if not trouble.permanent:
            raise
        outcome = {"withheld": True}
    sent = Change(LinkCopy, {"id": copy_id, "sent_at": None, "withheld": False}, outcome)
    database.transact(lambda rows: rows.apply(Plan((sent,))))


def _prepare(rows: Store, copy_id: int) -> tuple[str, Message] | None:
    copy = rows.one(LinkCopy, {"id": copy_id, "sent_at": None, "withheld": False})
    contact = rows.one(Contact, {"id": copy.contact_id, "removed_at": None}) if copy is not None else None
    if copy is None or contact is None:
        return None
    case = read_case(rows, copy.case_id)
    facts = {"number": mask_msisdn(case.claimed_msisdn), "link": case_link(rows, case)}
    subject, text = texts.notice("case_link", language=copy.language, facts=facts)
    messenger = "mail" if contact.kind == "mail" else "sms"
    return messenger, Message(f"link:{copy.id}", contact_address(contact), subject, text, copy.language)

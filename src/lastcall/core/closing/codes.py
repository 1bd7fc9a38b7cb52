"""One-time codes: made, counted, sent and compared. A code is derived each time it is needed and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from lastcall.core import clock, keyed
from lastcall.core.closing import texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.errors import Refused
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Message, Messenger
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.subscriber import Contact
from lastcall.core.typed_text import plain

CLOSE: Final = "close"
"""The action of a code that staff or the command line sent: it proves the contact alone."""
_PROVE: Final = "prove"
_ALOUD: Final = "aloud"

_TEN_MINUTES: Final = timedelta(minutes=10)
_DAY: Final = timedelta(days=1)


def proving(case: Case, *, aloud: bool = False) -> str:
    """The action of a code that was asked for together with a document's number, which it proves too.

    It names who is to be proved: papers that make somebody else the one end a proof that was begun before. ``aloud``: the code is
    to be read out on a call that the subscriber made to us (policy ``hotline.code_aloud``); no other code ever is.
    """
    action = _PROVE if case.declared_by == "holder" else f"{_PROVE}:{case.representative_id}"
    return f"{_ALOUD} {action}" if aloud else action


def digits_of(code: Code, policy: Policy) -> str:
    """The code itself, bound to its row, case and action (policy ``identity.code_digits``).

    Reduced from 256 bits: no value is likelier than another by more than one part in 2**200.
    """
    derived = int(keyed.keyed_hash("code", str(code.id), str(code.case_id), code.action), 16)
    return str(derived % 10**policy.identity_code_digits).zfill(policy.identity_code_digits)


def typed_digits(text: str) -> str:
    """A code as typed by a person, without spaces and dashes; full-width and other digits as ASCII."""
    return plain(text).replace(" ", "").replace("-", "")


def refuse_if_too_many(rows: Store, case: Case, policy: Policy, now: datetime) -> None:
    """Raises ``Refused`` (``too_many_codes``: policies ``identity.code_sends_per_10_minutes``, ``identity.code_sends_per_day``).

    Codes that went nowhere count like those that were sent.
    """
    earlier = rows.some(Code, {"case_id": case.id, "sent_at__gt": now - _DAY})
    recent = sum(code.sent_at > now - _TEN_MINUTES for code in earlier)
    if recent >= policy.identity_code_sends_per_10_minutes or len(earlier) >= policy.identity_code_sends_per_day:
        raise too_many()


def too_many() -> Refused:
    """The refusal of a code more."""
    return Refused("too many codes were asked for", code="too_many_codes", remedy="Wait, then ask again.")


@dataclass(frozen=True, slots=True)
class Place:
    """Which of the codes to a contact the next one is."""

    contact: Contact
    ordinal: int


def place_for(rows: Store, contact: Contact | None, policy: Policy, now: datetime) -> Place | None:
    """The place of one code more to the contact; None when it has had its share of the day, whatever cases they were for."""
    if contact is None:
        return None
    # Read before the count that decides: whoever sends in between takes this place, and we decide once more.
    last = rows.some(Code, {"contact_id": contact.id}, order="-ordinal", limit=1)
    today = rows.count(Code, {"contact_id": contact.id, "sent_at__gt": now - _DAY})
    if today >= policy.identity_code_sends_per_day:
        return None
    return Place(contact, last[0].ordinal + 1 if last else 1)


def make(case: Case, place: Place | None, action: str, now: datetime, *, tries: int = 0) -> Code:
    """A code for one case and one action, not yet written; earlier ones stop working with it. Without a place it goes nowhere."""
    policy = Policy.from_json(case.policy)
    return Code(
        id=clock.new_id(), case_id=case.id, action=action, contact_id=place.contact.id if place else None, sent_at=now,
        expires_at=now + timedelta(minutes=policy.identity_code_minutes), tries=tries,
        ordinal=place.ordinal if place else 1,
    )  # fmt: skip


def latest(rows: Store, case_id: int, action: str) -> Code | None:
    """The code that counts: the last one made for the case and the action."""
    return next(iter(rows.some(Code, {"case_id": case_id, "action": action}, order="-id", limit=1)), None)


def is_live(code: Code, policy: Policy, now: datetime) -> bool:
    """Whether an answer to it is still taken (policies ``identity.code_minutes``, ``identity.code_tries``)."""
    return code.used_at is None and now < code.expires_at and code.tries < policy.identity_code_tries


def message(case: Case, contact: Contact, code: Code) -> tuple[str, Message]:
    """Which messenger, and the text with the code in it, in the case's language.

    An SMS ends with the line by which browsers bind a code to its site (WHATWG, Origin-bound one-time codes), where the setting
    ``LASTCALL_PUBLIC_HOST`` names the site.
    """
    secret = digits_of(code, Policy.from_json(case.policy))
    facts = {"code": secret, "number": mask_msisdn(case.claimed_msisdn)}
    aloud = code.action.startswith(f"{_ALOUD} ")
    subject, text = texts.notice("code_aloud" if aloud else "code", language=case.language, facts=facts)
    messenger = "mail" if contact.kind == "mail" else "sms"
    host = settings.LASTCALL_PUBLIC_HOST
    if host and messenger == "sms" and not aloud:
        text += f"\n\n@{host} #{secret}"
    return messenger, Message(f"code:{code.id}", contact_address(contact), subject, text, case.language)


def send(database: Database, *, code_id: int, messengers: Mapping[str, Messenger]) -> None:
    """Send one code. One that goes nowhere, was used, has expired or was followed by another is left alone."""
    prepared = database.transact(lambda rows: _prepare(rows, code_id))
    if prepared is not None:
        messenger, text = prepared
        messengers[messenger].send(text)


def _prepare(rows: Store, code_id: int) -> tuple[str, Message] | None:
    code = rows.one(Code, {"id": code_id})
    if code is None or code.contact_id is None:
        return None
    case = rows.one(Case, {"id": code.case_id, "ended_at": None})
    contact = rows.one(Contact, {"id": code.contact_id, "removed_at": None})
    if case is None or contact is None or latest(rows, case.id, code.action) != code:
        return None
    live = is_live(code, Policy.from_json(case.policy), clock.now())
    return message(case, contact, code) if live else None

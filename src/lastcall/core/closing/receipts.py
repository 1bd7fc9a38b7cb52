"""The receipt of a declaration: made at once, readable again by whoever keeps it, copied to the contact that was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.closing import texts
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.receipt_copy import ReceiptCopy
from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Attachment, Message, Messenger
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import Contacted

_WORD_BITS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the declarant keeps. ``reference`` and ``secret``: 80 bits each, kept by us only as keyed hashes.

    ``complete``: whether this door's declaration is the legal act, or must be completed by signature or in person. ``kept``: by
    this alone the receipt can be read again, so it is as secret as the secret. ``declared_by``: as declared, whatever papers came
    afterwards.
    """

    case_id: int
    reference: str
    secret: str
    received_at: datetime
    legal_end: datetime
    complete: bool
    kept: str
    declared_by: str = "holder"


@dataclass(frozen=True, slots=True)
class Receipted:
    """A receipt with what was declared. ``contact``: where its copy goes, masked; empty when none was given or the address had
    its share of the day (policy ``receipt.copies_per_day``)."""

    receipt: Receipt
    case: Case
    declaration: Declaration
    contact: str


Attach = Callable[[Receipted], tuple[Attachment, ...]]
"""What goes with the mail: the receipt as PDF, say."""


def receipt_word(kind: str, key_hash: str) -> str:
    """The ``reference`` or ``secret`` that belongs to a declaration's key."""
    # Derived, not stored: the same key gives the same words again, and the database gives them to nobody.
    return keyed.derived_token(f"receipt.{kind}", key_hash, bits=_WORD_BITS)


def receipt_of(declaration: Declaration) -> Receipt:
    """The receipt as it was given."""
    kept = declaration.receipt
    return Receipt(
        case_id=declaration.case_id,
        reference=receipt_word("reference", declaration.key),
        secret=receipt_word("secret", declaration.key),
        received_at=datetime.fromisoformat(kept["received_at"]),
        legal_end=datetime.fromisoformat(kept["legal_end"]),
        complete=kept["complete"],
        kept=declaration.key,
        declared_by=kept.get("declared_by", "holder"),  # receipts of the first version did not say
    )


@transaction
def read_receipt(rows: Store, *, kept: str) -> Receipted:
    """The receipt again, by what its keeper kept. Raises ``NotFound``."""
    declaration = rows.one(Declaration, {"key": kept})
    case = rows.one(Case, {"id": declaration.case_id}) if declaration else None
    if declaration is None or case is None:
        raise NotFound("no such receipt", remedy="Open the case with the reference and the secret of the receipt.")
    copy = rows.one(ReceiptCopy, {"declaration_key": declaration.key})
    shown = masked(_contact(copy)) if copy is not None and not copy.withheld else ""
    return Receipted(receipt_of(declaration), case, declaration, shown)


def masked(contact: Contacted) -> str:
    """The contact so that its owner knows it and nobody else learns it: ``l…@example.org``, ``+7 916 ***-**-67``."""
    if contact.kind == "mail":
        name, _, host = contact.address.partition("@")
        return f"{name[:1]}…@{host}"
    return mask_msisdn(int(contact.address.removeprefix("+")))


def copy_of_receipt(rows: Store, declaration: Declaration, contact: Contacted | None, policy: Policy) -> Plan:
    """The copy for the contact that was given, and the job that sends it.

    One address gets at most policy ``receipt.copies_per_day`` a day, whoever typed it in how many declarations.
    """
    if contact is None:
        return Plan()
    now, copy_id = declaration.received_at, clock.new_id()
    address_key = keyed.keyed_hash("receipt.address", contact.kind, contact.address)
    today = {"address_key": address_key, "queued_at__gt": now - timedelta(days=1), "withheld": False}
    withheld = rows.count(ReceiptCopy, today) >= policy.receipt_copies_per_day
    copy = ReceiptCopy(
        id=copy_id, case_id=declaration.case_id, declaration_key=declaration.key, kind=contact.kind,
        address_key=address_key, queued_at=now, withheld=withheld,
        sealed_address=keyed.seal(contact.address, bound_to=_binding(copy_id)),
    )  # fmt: skip
    sending = () if withheld else (job("receipt.send", copy_id, due_at=now),)
    return Plan((Insert(copy), *sending))


def _binding(copy_id: int) -> str:
    return f"closing.receipt_copy.address:{copy_id}"


def address_of_copy(copy: ReceiptCopy) -> str:
    """The address that was typed into the declaration, in clear, to compare; never to be logged or shown."""
    return _contact(copy).address


def _contact(copy: ReceiptCopy) -> Contacted:
    return Contacted(copy.kind, keyed.unseal(copy.sealed_address, bound_to=_binding(copy.id)))


def send_copy(
    database: Database, *, copy_id: int, messengers: Mapping[str, Messenger], attach: Attach | None = None
) -> None:
    """Send one copy and note that it went; a mail carries what ``attach`` makes of it. A sent one is left alone, and so is one
    that the messenger refuses for good.

    Raises ``ElementTrouble``, temporary.
    """
    found = database.transact(lambda rows: _unsent(rows, copy_id))
    if found is None:
        return
    copy, receipted = found
    files = attach(receipted) if attach is not None and copy.kind == "mail" else ()
    outcome: dict[str, Any] = {"sent_at": clock.now()}
    try:
        messengers[copy.kind].send(_message(copy, receipted, files))
    except ElementTrouble as trouble:
        if not trouble.permanent:
            raise
        outcome = {"withheld": True}  # an address that was mistyped is nobody's alarm
    sent = Change(ReceiptCopy, {"id": copy_id, "sent_at": None}, outcome)
    database.transact(lambda rows: rows.apply(Plan((sent,))))


def _unsent(rows: Store, copy_id: int) -> tuple[ReceiptCopy, Receipted] | None:
    copy = rows.one(ReceiptCopy, {"id": copy_id, "sent_at": None, "withheld": False})
    if copy is None:
        return None
    declaration, case = rows.one(Declaration, {"key": copy.declaration_key}), rows.one(Case, {"id": copy.case_id})
    assert declaration is not None and case is not None
    return copy, Receipted(receipt_of(declaration), case, declaration, masked(_contact(copy)))


def _message(copy: ReceiptCopy, receipted: Receipted, files: tuple[Attachment, ...]) -> Message:
    receipt, case = receipted.receipt, receipted.case
    facts = {
        "number": mask_msisdn(case.claimed_msisdn), "received_at": receipt.received_at.isoformat(),
        "reference": grouped(receipt.reference), "secret": grouped(receipt.secret),
    }  # fmt: skip
    subject, text = texts.notice("receipt", language=case.language, facts=facts)
    return Message(f"receipt:{copy.id}", _contact(copy).address, subject, text, case.language, files)


def grouped(word: str) -> str:
    """A reference or secret in groups of four, as people read and type it."""
    return "-".join(word[start : start + 4] for start in range(0, len(word), 4))

"""Receiving a declaration: at once, without login, receipted, never lost, never received twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lastcall.core import clock, keyed
from lastcall.core.actor import DOORS, Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.closing.changes import job
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.notices import old_contacts_of_line, queue
from lastcall.core.closing.receipts import Receipt, copy_of_receipt, receipt_of, receipt_word
from lastcall.core.errors import BadInput, Conflict, Refused
from lastcall.core.numbers.life import latest_tenure, range_of
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.inputs import LANGUAGES, Contacted, aware, one_of
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Representative

DECLARANTS = ("holder", "representative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaring:
    """What is declared. ``msisdn``: as an integer; ``language``: ``zh-hans``, ``ru`` or ``en``; ``requested_end``: aware, or None
    for as soon as possible; ``representative_id``: whose papers are used, when not the holder declares; ``contact``: where a copy
    of the receipt shall go. It is never the only contact that hears of the closing, and never a proof of anything."""

    msisdn: int
    door: str
    language: str
    declared_by: str = "holder"
    requested_end: datetime | None = None
    representative_id: int | None = None
    contact: Contacted | None = None

    def body_key(self) -> str:
        """Keyed hash of all of it: the same key with another body is a conflict."""
        parts = (self.msisdn, self.door, self.language, self.declared_by, self.requested_end, self.representative_id)
        contact = () if self.contact is None else (self.contact.kind, self.contact.address)
        return keyed.keyed_hash("declaration.body", *(str(part) for part in parts), *contact)


def declare(database: Database, *, declaring: Declaring, key: str, policy: Policy, actor: Actor) -> Receipt:
    """Receive a declaration. The same ``key`` with the same body gives the same receipt.

    Whether the number is a line of ours makes no difference to the answer. Raises ``BadInput`` (``bad_door``,
    ``bad_language``, ``bad_declarant``, ``naive_moment``, ``end_in_the_past``, ``bad_key``, ``no_such_papers``), ``Refused``
    (``door_closed``, ``not_in_range``), ``Conflict`` (``key_reused``: other body; HTTP 409).
    """
    _validate(declaring, key, policy)
    for _ in range(3):
        try:
            return database.transact(lambda rows: _receive(rows, declaring, key, policy, actor))
        except Conflict as conflict:
            # Another declaration took the same key or the same line in this moment: read again what is there now.
            if conflict.code == "key_reused":
                raise
            lost = conflict
    raise lost


def _validate(declaring: Declaring, key: str, policy: Policy) -> None:
    one_of("door", declaring.door, DOORS)
    one_of("language", declaring.language, LANGUAGES)
    one_of("declarant", declaring.declared_by, DECLARANTS)
    if declaring.door not in policy.termination_act_doors + policy.termination_intake_doors:
        raise Refused(
            f"this operator receives no declaration through the door '{declaring.door}'", code="door_closed",
            remedy=f"One of: {', '.join(policy.termination_act_doors + policy.termination_intake_doors)}.",
        )  # fmt: skip
    if not 8 <= len(key) <= 200:
        raise BadInput("the idempotency key has 8 to 200 characters", code="bad_key", remedy="Use a random one.")
    if declaring.requested_end is not None and aware(declaring.requested_end) < clock.now() - timedelta(days=1):
        raise BadInput(
            "the requested end is in the past", code="end_in_the_past", remedy="Leave it out for 'as soon as possible'."
        )


def _receive(rows: Store, declaring: Declaring, key: str, policy: Policy, actor: Actor) -> Receipt:
    key_hash = keyed.keyed_hash("declaration.key", declaring.door, key)
    if (known := rows.one(Declaration, {"key": key_hash})) is not None:
        if not keyed.same(known.body_key, declaring.body_key()):
            raise Conflict("this key was used for another declaration", code="key_reused", remedy="Use a new key.")
        return receipt_of(known)
    if range_of(rows, declaring.msisdn) is None and latest_tenure(rows, declaring.msisdn) is None:
        raise Refused("this number is in no range of the register", code="not_in_range", remedy="Check the number.")
    known_papers(rows, declaring.representative_id)
    line = free_line(rows, declaring.msisdn)
    case, plan = _open_case(declaring, line, key_hash, policy, actor)
    receipt = _receipt_json(case, policy)
    declaration = Declaration(
        key=key_hash, body_key=declaring.body_key(), case_id=case.id, door=declaring.door,
        received_at=case.declared_at, receipt=receipt,
    )  # fmt: skip
    plan += Plan((Insert(declaration),)) + copy_of_receipt(rows, declaration, declaring.contact, policy)
    rows.apply(plan + tell_those_on_file(rows, case, line, policy))
    return receipt_of(declaration)


def _open_case(
    declaring: Declaring, line: Line | None, key_hash: str, policy: Policy, actor: Actor
) -> tuple[Case, Plan]:
    now = clock.now()
    case = Case(
        id=clock.new_id(), revision=1, state="declared",
        reference_key=keyed.keyed_hash("case.reference", receipt_word("reference", key_hash)),
        secret_key=keyed.keyed_hash("case.secret", receipt_word("secret", key_hash)),
        claimed_msisdn=declaring.msisdn,
        line_id=line.id if line else None, tenure_id=line.tenure_id if line else None,
        door=declaring.door, language=declaring.language, declared_by=declaring.declared_by, opener=str(actor),
        declared_at=now, legal_end=now + timedelta(days=policy.termination_notice_days),
        lapse_at=now + timedelta(days=policy.termination_lapse_days), policy=policy.as_json(),
        representative_id=declaring.representative_id, requested_end=declaring.requested_end,
    )  # fmt: skip
    event = Event(
        at=now, kind="case.declared", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
        door=declaring.door, target="declared", data={"tenure": case.tenure_id, "line": case.line_id},
    )  # fmt: skip
    writes = (
        Insert(case),
        job("case.advance", case.id, due_at=now),
        job("case.advance", case.id, due_at=case.lapse_at, about="lapse"),
    )
    return case, Plan(writes, (event,))


def known_papers(rows: Store, representative_id: int | None) -> None:
    """Raises ``BadInput`` (``no_such_papers``) when an id is given and no representative's papers have it."""
    if representative_id is not None and rows.one(Representative, {"id": representative_id}) is None:
        raise BadInput("no such papers are on file", code="no_such_papers", remedy="Put them on file first.")


def free_line(rows: Store, msisdn: int) -> Line | None:
    """The open line on that number that no open case is about, or None."""
    tenure = latest_tenure(rows, msisdn)
    if tenure is None or tenure.until is not None:
        return None
    line = rows.one(Line, {"tenure_id": tenure.id, "closed_at": None})
    if line is None or rows.one(Case, {"line_id": line.id, "ended_at": None}) is not None:
        return None
    return line


def _receipt_json(case: Case, policy: Policy) -> Json:
    return {
        "received_at": case.declared_at.isoformat(),
        "legal_end": case.legal_end.isoformat(),
        "complete": case.door in policy.termination_act_doors,
        "declared_by": case.declared_by,
    }


def tell_those_on_file(rows: Store, case: Case, line: Line | None, policy: Policy) -> Plan:
    """The notice of the declaration to every contact on file long enough, so that a holder hears of a stranger's.

    Whoever declares and takes back again and again does not reach them more than policy ``notice.declared_per_day`` times.
    """
    if line is None:
        return Plan()
    before = {"claimed_msisdn": case.claimed_msisdn, "declared_at__gt": case.declared_at - timedelta(days=1)}
    if rows.count(Case, before) >= policy.notice_declared_per_day:
        return Plan()
    contacts = old_contacts_of_line(rows, line, case, policy)
    return queue(case, contacts, "declared", now=case.declared_at, received_at=case.declared_at.isoformat())

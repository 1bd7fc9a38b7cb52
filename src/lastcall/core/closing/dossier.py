"""The file of a case as staff may see it: what was declared beside what is on file, compared; nothing that need not be shown.

Numbers are masked, names are initials, of documents and cards there are the last four.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from lastcall.core import clock, keyed
from lastcall.core.audit.reading import Reading, readings
from lastcall.core.closing.callback import Callback, booked
from lastcall.core.closing.case import Case
from lastcall.core.closing.checks.safety import old_contacts, recent_changes
from lastcall.core.closing.facts import Bound, Facts, read_case, read_facts
from lastcall.core.closing.paper import PaperSheet
from lastcall.core.closing.papers import sheets
from lastcall.core.closing.photos import photo_state
from lastcall.core.closing.receipt_copy import ReceiptCopy
from lastcall.core.closing.receipts import address_of_copy
from lastcall.core.closing.scan import Scan
from lastcall.core.closing.story import Story, is_proved, story
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.file import contact_address
from lastcall.core.subscribers.subscriber import Document, Representative

AGREES: Final = "agrees"
DIFFERS: Final = "differs"
NOT_GIVEN: Final = "not_given"
UNCLEAR: Final = "unclear"
OUTCOMES: Final = (AGREES, DIFFERS, NOT_GIVEN, UNCLEAR)


@dataclass(frozen=True, slots=True)
class Side:
    """One thing side by side. ``what``: a code; ``outcome``: one of :data:`OUTCOMES`; ``declared`` and ``on_file``: codes or masked
    values, as ``what`` has it; ``at``: when it was given."""

    what: str
    outcome: str
    declared: tuple[str, ...] = ()
    on_file: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OnFile:
    """A contact on file: its ``kind``, since when, and whether it was there long enough before the declaration to count."""

    kind: str
    since: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class Papers:
    """A representative's papers: initials, the powers they name, and how long they hold."""

    kind: str
    initials: str
    powers: tuple[str, ...]
    notarised: bool
    certificate: bool
    on_file_since: datetime
    valid_until: date | None
    for_this_subscriber: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that the file of a case shows. ``changes``: what was changed shortly before the declaration, and when;
    ``photo``: how it stands, as :func:`~lastcall.core.closing.photos.photo_state` says."""

    case: Case
    number: str
    sides: tuple[Side, ...]
    contacts: tuple[OnFile, ...]
    changes: tuple[tuple[str, datetime], ...]
    papers: Papers | None
    sheets: tuple[PaperSheet, ...]
    story: Story
    readings: tuple[Reading, ...]
    callback: Callback | None
    photo: str


@transaction
def dossier(rows: Store, *, case_id: int) -> Dossier:
    """The file of a case. Whoever reads it has an opening, with which the reading was noted. Raises ``NotFound``."""
    case = read_case(rows, case_id)
    facts = read_facts(rows, case, now=clock.now())
    bound = facts.bound
    return Dossier(
        case=case,
        number=mask_msisdn(case.claimed_msisdn),
        sides=_sides(rows, facts),
        contacts=_contacts(facts, bound) if bound else (),
        changes=tuple(sorted(recent_changes(facts, bound).items())) if bound else (),
        papers=_papers(facts.representative, bound) if facts.representative else None,
        sheets=sheets(rows, case.id),
        story=story(rows, case=case, for_staff=True),
        readings=readings(rows, case_id=case.id),
        callback=booked(rows, case.id),
        photo=photo_state(rows, case),
    )


def initials(name: str) -> str:
    """The first letters of a name, enough to see whether a page is the right one: ``L. W.``"""
    return " ".join(f"{word[0]}." for word in name.split() if word)


def _contacts(facts: Facts, bound: Bound) -> tuple[OnFile, ...]:
    old = {contact.id for contact in old_contacts(facts, bound)}
    return tuple(OnFile(contact.kind, contact.on_file_since, contact.id in old) for contact in bound.contacts)


def _papers(papers: Representative, bound: Bound | None) -> Papers:
    return Papers(
        papers.kind, initials(papers.name), tuple(papers.powers.split()), papers.notarised, bool(papers.certificate_key),
        papers.on_file_since, papers.valid_until, bound is not None and papers.subscriber_id == bound.subscriber.id,
    )  # fmt: skip


def _sides(rows: Store, facts: Facts) -> tuple[Side, ...]:
    case, bound = facts.case, facts.bound
    if bound is None:
        return (Side("number", UNCLEAR, (mask_msisdn(case.claimed_msisdn),)),)
    documents = rows.some(Document, {"subscriber_id": bound.subscriber.id}, order="id")
    scan = next(iter(rows.some(Scan, {"case_id": case.id}, order="-id", limit=1)), None)
    copy = rows.one(ReceiptCopy, {"case_id": case.id})
    return (
        Side("number", AGREES, (mask_msisdn(case.claimed_msisdn),), (mask_msisdn(bound.tenure.msisdn),)),
        _declarant(facts, bound),
        _document(case, documents),
        Side("code", _given(case.code_ok_at), at=case.code_ok_at),
        Side("original", _given(case.in_person_at), at=case.in_person_at),
        _photo(case, scan, documents),
        _sim(case, bound),
        Side("signature", _given(case.signed_at), at=case.signed_at),
        _contact(copy, bound),
        _language(case, bound),
    )


def _given(at: datetime | None) -> str:
    return AGREES if at is not None else NOT_GIVEN


def _declarant(facts: Facts, bound: Bound) -> Side:
    who, holder = facts.case.declared_by, bound.subscriber
    on_file = (initials(holder.name_latin), holder.kind, holder.citizenship)
    if who == "holder":
        sure = is_proved(facts.case) and facts.case.frozen_at is None
        return Side("declarant", AGREES if sure else UNCLEAR, (who,), on_file)
    papers = facts.representative
    right = papers is not None and papers.subscriber_id == holder.id
    return Side("declarant", (AGREES if right else DIFFERS) if papers else NOT_GIVEN, (who,), on_file)


def _document(case: Case, documents: list[Document]) -> Side:
    on_file = tuple(f"{document.kind} {document.issuer} {document.last_four}" for document in documents)
    outcome = AGREES if case.document_ok_at else DIFFERS if case.identity_failures else NOT_GIVEN
    return Side("document", outcome, (), on_file, case.document_ok_at)


_PHOTO: Final = {"": NOT_GIVEN, "reading": UNCLEAR, "unclear": UNCLEAR, "matched": AGREES, "differs": DIFFERS}


def _photo(case: Case, scan: Scan | None, documents: list[Document]) -> Side:
    shown = (f"{scan.kind} {scan.issuer}",) if scan is not None and scan.kind else ()
    on_file = tuple(f"{document.kind} {document.issuer}" for document in documents)
    return Side("photo", _PHOTO[case.photo], shown, on_file, scan.given_at if scan else None)


def _sim(case: Case, bound: Bound) -> Side:
    on_file = (bound.sim.form, bound.sim.iccid[-4:])
    outcome = AGREES if case.sim_custody or bound.sim.form == "esim" else NOT_GIVEN
    return Side("sim", outcome, (case.sim_custody,) if case.sim_custody else (), on_file)


def _contact(copy: ReceiptCopy | None, bound: Bound) -> Side:
    """Whether the contact typed into the declaration is one that is on file."""
    on_file = tuple(contact.kind for contact in bound.contacts)
    if copy is None:
        return Side("contact", NOT_GIVEN, (), on_file)
    typed = address_of_copy(copy)
    known = any([keyed.same(contact_address(contact), typed) for contact in bound.contacts])
    return Side("contact", AGREES if known else DIFFERS, (copy.kind,), on_file)


def _language(case: Case, bound: Bound) -> Side:
    same = case.language == bound.subscriber.language
    return Side("language", AGREES if same else DIFFERS, (case.language,), (bound.subscriber.language,))

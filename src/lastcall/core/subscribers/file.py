"""Opening and keeping a subscriber's file: documents, contacts, representatives, the line lock."""

from __future__ import annotations

from datetime import date, datetime

from lastcall.core import clock, keyed
from lastcall.core.actor import STRANGER, SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound, Refused
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.rows import Json
from lastcall.core.store import Store, transaction
from lastcall.core.subscribers.inputs import LANGUAGES, one_of, parse_country, parse_document_number, parse_name
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import (
    POWERS,
    REPRESENTATIVE_KINDS,
    SUBSCRIBER_KINDS,
    Contact,
    Document,
    Representative,
    Subscriber,
)

CONTACT_KINDS = ("sms", "mail")
"""What is put on file by hand; a line's own number comes on file with the line."""


def document_key(kind: str, issuer: str, number: str) -> str:
    """The keyed hash by which a document number is compared; ``number`` as typed. Raises ``BadInput``."""
    return keyed.keyed_hash("document", kind, issuer.upper(), parse_document_number(kind, number))


def _event(kind: str, subject_id: int, actor: Actor, data: Json | None = None) -> Event:
    return Event(
        at=clock.now(), kind=kind, subject="subscriber", subject_id=subject_id, actor=str(actor), door=actor.door,
        data=data or {},
    )  # fmt: skip


def valid_document_keys(rows: Store, subscriber_id: int) -> list[str]:
    """The keyed hashes of the subscriber's documents that have not run out."""
    today = clock.now().date()
    documents = rows.some(Document, {"subscriber_id": subscriber_id})
    return [row.number_key for row in documents if row.valid_until is None or row.valid_until >= today]


@transaction
def open_file(
    rows: Store,
    *,
    name: str,
    actor: Actor,
    kind: str = "person",
    name_latin: str = "",
    citizenship: str = "RU",
    language: str = "ru",
) -> Subscriber:
    """A new subscriber. ``language``: ``zh-hans``, ``ru`` or ``en``; ``citizenship``: ISO 3166 alpha-2.

    Raises ``BadInput`` for a name that is none, ``bad_kind``, ``bad_language``, ``bad_country``.
    """
    subscriber = Subscriber(
        id=clock.new_id(), kind=one_of("kind", kind, SUBSCRIBER_KINDS), name=parse_name(name),
        name_latin=parse_name(name_latin or name), citizenship=parse_country(citizenship),
        language=one_of("language", language, LANGUAGES), created_at=clock.now(),
    )  # fmt: skip
    rows.apply(Plan((Insert(subscriber),), (_event("subscriber.opened", subscriber.id, actor),)))
    return subscriber


@transaction
def put_document_on_file(
    rows: Store,
    *,
    subscriber_id: int,
    kind: str,
    issuer: str,
    number: str,
    actor: Actor,
    valid_until: date | None = None,
) -> Document:
    """Keep a document: its kind, issuer (ISO 3166 alpha-2), last four and keyed hash; the number itself is dropped.

    Raises ``BadInput``, ``NotFound`` (the subscriber), ``Conflict`` when it is on file already.
    """
    plain = parse_document_number(kind, number)
    _known(rows, subscriber_id)
    document = Document(
        id=clock.new_id(), subscriber_id=subscriber_id, kind=kind, issuer=parse_country(issuer), last_four=plain[-4:],
        number_key=document_key(kind, issuer, number), on_file_since=clock.now(), valid_until=valid_until,
    )  # fmt: skip
    rows.apply(
        Plan((Insert(document),), (_event("subscriber.document_on_file", subscriber_id, actor, {"kind": kind}),))
    )
    return document


def _known(rows: Store, subscriber_id: int) -> None:
    if rows.one(Subscriber, {"id": subscriber_id}) is None:
        raise NotFound("no such subscriber", remedy="Open their file first.")


def contact_binding(contact_id: int) -> str:
    """What a contact's sealed address is bound to."""
    return f"subscribers.contact.address:{contact_id}"


def contact_address(contact: Contact) -> str:
    """The contact's address in clear, to send to; never to be logged."""
    return keyed.unseal(contact.sealed_address, bound_to=contact_binding(contact.id))


def line_contact(line: Line, *, address: str, now: datetime) -> Contact:
    """The line's own number as a contact, on file since the line began."""
    contact_id = clock.new_id()
    return Contact(
        id=contact_id, subscriber_id=line.subscriber_id, kind="line", line_id=line.id, on_file_since=now,
        sealed_address=keyed.seal(address, bound_to=contact_binding(contact_id)),
    )  # fmt: skip


@transaction
def put_contact_on_file(rows: Store, *, subscriber_id: int, kind: str, address: str, actor: Actor) -> Contact:
    """Keep a contact (``sms``, ``mail``). Adding one to a file that has some counts as a contact change.

    Raises ``BadInput`` (``bad_kind``), ``NotFound`` (the subscriber).
    """
    one_of("kind", kind, CONTACT_KINDS)
    _known(rows, subscriber_id)
    contact_id, now = clock.new_id(), clock.now()
    contact = Contact(
        id=contact_id, subscriber_id=subscriber_id, kind=kind, on_file_since=now,
        sealed_address=keyed.seal(address, bound_to=contact_binding(contact_id)),
    )  # fmt: skip
    changed = rows.count(Contact, {"subscriber_id": subscriber_id, "kind__ne": "line"}) > 0
    writes: tuple[Insert | Change, ...] = (Insert(contact),)
    if changed:
        writes += (Change(Subscriber, {"id": subscriber_id}, {"contact_changed_at": now}),)
    rows.apply(Plan(writes, (_event("subscriber.contact_on_file", subscriber_id, actor, {"kind": kind}),)))
    return contact


@transaction
def put_representative_on_file(
    rows: Store,
    *,
    subscriber_id: int,
    kind: str,
    name: str,
    document: tuple[str, str, str],
    powers: tuple[str, ...],
    notarised: bool,
    actor: Actor,
    valid_until: date | None = None,
    certificate: str = "",
) -> Representative:
    """Keep a representative's papers. ``document``: (kind, issuer, number); ``certificate``: the death certificate's number.

    Raises ``BadInput`` (``bad_kind``, ``bad_power``, the document's), ``NotFound`` (the subscriber).
    """
    one_of("kind", kind, REPRESENTATIVE_KINDS)
    for power in powers:
        one_of("power", power, POWERS)
    _known(rows, subscriber_id)
    representative = Representative(
        id=clock.new_id(), subscriber_id=subscriber_id, kind=kind, name=parse_name(name),
        document_key=document_key(*document), powers=" ".join(sorted(powers)), notarised=notarised,
        on_file_since=clock.now(), valid_until=valid_until,
        certificate_key=keyed.keyed_hash("certificate", certificate) if certificate else "",
    )  # fmt: skip
    rows.apply(
        Plan(
            (Insert(representative),),
            (_event("subscriber.representative_on_file", subscriber_id, actor, {"kind": kind}),),
        )
    )
    return representative


@transaction
def set_line_lock(rows: Store, *, line_id: int, locked: bool, actor: Actor) -> Line:
    """Lock a line against closing and SIM change, or unlock it. Free of charge.

    The holder or staff locks, staff unlocks. Raises ``Refused`` (``not_the_holder``, ``not_staff``), ``NotFound``.
    """
    if actor.role == STRANGER:
        raise Refused("only the holder locks a line", code="not_the_holder", remedy="Show who you are first.")
    if not locked:
        _staff_only(actor, "unlocks a line")
    return _mark(rows, line_id, actor, "line.locked" if locked else "line.unlocked", "locked_at", on=locked)


@transaction
def set_legal_hold(rows: Store, *, line_id: int, held: bool, actor: Actor) -> Line:
    """A court or authority forbids the closing, or no longer does. Raises ``Refused`` (``not_staff``), ``NotFound``."""
    _staff_only(actor, "enters or lifts a legal hold")
    return _mark(rows, line_id, actor, "line.legal_hold" if held else "line.legal_hold_ended", "legal_hold_at", on=held)


def _staff_only(actor: Actor, act: str) -> None:
    if not actor.is_staff and actor.role != SYSTEM:
        raise Refused(f"only staff {act}", code="not_staff", remedy="Come to a shop with your document.")


def _mark(rows: Store, line_id: int, actor: Actor, kind: str, column: str, *, on: bool) -> Line:
    line = rows.one(Line, {"id": line_id})
    if line is None:
        raise NotFound("no such line", remedy="Check its id.")
    before, now = getattr(line, column), clock.now()
    if (before is not None) == on:
        return line
    rows.apply(
        Plan(
            (Change(Line, {"id": line_id, column: before}, {column: now if on else None}),),
            (Event(at=now, kind=kind, subject="line", subject_id=line_id, actor=str(actor), door=actor.door),),
        )
    )
    changed = rows.one(Line, {"id": line_id})
    assert changed is not None
    return changed

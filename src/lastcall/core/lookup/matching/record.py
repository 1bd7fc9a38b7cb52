"""What we hold of the holder of a line, as far as a relying party may compare with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lastcall.core.errors import BadInput
from lastcall.core.keyed import same
from lastcall.core.store import Store
from lastcall.core.subscribers.file import contact_address, document_key
from lastcall.core.subscribers.subscriber import Contact, Document, Subscriber

LONGEST_NUMBER = 100
"""No document number is longer, spaces included; what is longer is not looked at."""


@dataclass(frozen=True, slots=True)
class DocumentOnFile:
    """An identity document: ``kind`` is one of ours, ``issuer`` ISO 3166 alpha-2, ``number_key`` the keyed hash of its number."""

    kind: str
    issuer: str
    number_key: str
    valid_until: date | None = None

    def has_number(self, typed: str) -> bool:
        """Whether ``typed`` is its number, compared by keyed hash; the number itself is kept nowhere."""
        if len(typed) > LONGEST_NUMBER:
            return False
        try:
            return same(self.number_key, document_key(self.kind, self.issuer, typed))
        except BadInput:
            return False

    def is_valid(self, on: date) -> bool:
        """Whether it has not run out on that day."""
        return self.valid_until is None or self.valid_until >= on


@dataclass(frozen=True, slots=True)
class Record:
    """``names``: the holder's name as written on file, each script once; ``citizenship``: empty for an organisation.

    ``mails``: addresses on file now, in clear: never logged, never told.
    """

    names: tuple[str, ...]
    citizenship: str
    documents: tuple[DocumentOnFile, ...] = ()
    mails: tuple[str, ...] = ()


def read_record(rows: Store, *, subscriber_id: int, with_mails: bool) -> Record:
    """The record of a subscriber. ``with_mails``: open the sealed addresses too; only when they were asked about."""
    subscriber = rows.one(Subscriber, {"id": subscriber_id})
    assert subscriber is not None
    documents = rows.some(Document, {"subscriber_id": subscriber_id})
    mails = (
        rows.some(Contact, {"subscriber_id": subscriber_id, "kind": "mail", "removed_at": None}) if with_mails else []
    )
    return Record(
        names=tuple(dict.fromkeys((subscriber.name, subscriber.name_latin))),
        citizenship=subscriber.citizenship if subscriber.kind == "person" else "",
        documents=tuple(DocumentOnFile(row.kind, row.issuer, row.number_key, row.valid_until) for row in documents),
        mails=tuple(map(contact_address, mails)),
    )

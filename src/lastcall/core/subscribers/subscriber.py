"""The subscriber: the person or organisation in the agreement, and what is on file about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

SUBSCRIBER_KINDS = ("person", "organisation")
REPRESENTATIVE_KINDS = ("power_of_attorney", "heir")
POWERS = ("close", "money", "reactivate")


@table("subscribers", constraints=(holds("subscriber_kind", models.Q(kind__in=["person", "organisation"])),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber(Row):
    """``name`` as in the document, any script; ``language``: ``zh-hans``, ``ru`` or ``en``; ``citizenship``: ISO 3166 alpha-2.

    ``self_ban``: has forbidden new agreements in their name; ``numbers_elsewhere``: numbers at other operators, as last
    reported by the state's monitoring system (policy ``limits.citizen``, ``limits.foreigner``).
    """

    id: int
    kind: str
    name: str
    name_latin: str
    citizenship: str
    language: str
    created_at: datetime
    self_ban: bool = False
    numbers_elsewhere: int = 0
    contact_changed_at: datetime | None = None


@table(
    "subscribers",
    references={"subscriber_id": "subscribers.Subscriber"},
    constraints=(unique("document_once", "subscriber_id", "kind", "number_key"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Row):
    """An identity document on file: ``number_key`` is a keyed hash; the number itself is kept nowhere."""

    id: int
    subscriber_id: int
    kind: str
    issuer: str
    last_four: str
    number_key: str
    on_file_since: datetime
    valid_until: date | None = None


@table(
    "subscribers",
    references={"subscriber_id": "subscribers.Subscriber"},
    constraints=(holds("contact_kind", models.Q(kind__in=["sms", "mail", "line"])),),
    indexes=(models.Index(fields=["subscriber_id"], name="contact_subscriber"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Row):
    """A way to reach the subscriber: ``sms``, ``mail`` or ``line`` (the closing line's own number, while it works).

    ``sealed_address``: encrypted, bound to the subscriber; ``on_file_since`` decides whether a notice to it counts.
    """

    id: int
    subscriber_id: int
    kind: str
    sealed_address: str
    on_file_since: datetime
    removed_at: datetime | None = None
    line_id: int | None = None


@table(
    "subscribers",
    references={"subscriber_id": "subscribers.Subscriber"},
    constraints=(holds("representative_kind", models.Q(kind__in=["power_of_attorney", "heir"])),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Representative(Row):
    """Acts for a subscriber: by ``power_of_attorney`` with its scope, or as ``heir`` with the death certificate on file.

    ``powers``: words among ``close``, ``money``, ``reactivate``, separated by spaces; ``certificate_key``: keyed hash of the
    death certificate's number, empty for a power of attorney (policies ``poa.notarised``, ``poa.money_clause``).
    """

    id: int
    subscriber_id: int
    kind: str
    name: str
    document_key: str
    powers: str
    notarised: bool
    on_file_since: datetime
    valid_until: date | None = None
    certificate_key: str = ""

    def may(self, power: str, *, on: date) -> bool:
        """Whether the papers give ``power`` on that day."""
        return power in self.powers.split() and (self.valid_until is None or on <= self.valid_until)

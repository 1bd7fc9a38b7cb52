"""KYC Match: what a relying party believes of a line's holder against what we hold. Pure; only what was asked is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from lastcall.core.errors import Refused
from lastcall.core.lookup.days import read_day
from lastcall.core.lookup.matching import documents, texts
from lastcall.core.lookup.matching.record import DocumentOnFile, Record
from lastcall.core.lookup.matching.result import NOT_AVAILABLE, Result, of

Given = Mapping[str, str]
"""Attribute -> what the relying party says it is."""

_COMPARED: Final[Mapping[str, Callable[[Given, Record], Result]]] = {
    "idDocument": lambda given, record: documents.compare_number(given["idDocument"], record.documents),
    "idDocumentType": lambda given, record: documents.compare_type(given["idDocumentType"], _meant(given, record)),
    "idDocumentExpiryDate": lambda given, record: documents.compare_last_day(
        read_day(given["idDocumentExpiryDate"]), _meant(given, record)
    ),
    "name": lambda given, record: texts.compare_name(given["name"], record.names),
    "email": lambda given, record: texts.compare_mail(given["email"], record.mails),
    "nationality": lambda given, record: (
        of(given["nationality"].strip().upper() == record.citizenship) if record.citizenship else NOT_AVAILABLE
    ),
}
HELD: Final = frozenset(_COMPARED)
"""The attributes that we hold anything about. Of the others (a name's parts, address, birth, gender) we hold nothing."""
SCORED: Final = frozenset({
    "name", "givenName", "familyName", "nameKanaHankaku", "nameKanaZenkaku", "middleNames", "familyNameAtBirth", "address",
    "streetName", "streetNumber", "region", "locality", "email", "cityOfBirth",
})  # fmt: skip
"""The attributes for which KYC Match 0.4.0 defines a score."""


def match(given: Given, record: Record, *, with_scores: bool = True) -> dict[str, Result]:
    """The result of each attribute given, in order. ``with_scores``: tell how alike what differs is, where it is defined."""
    found = {name: _COMPARED[name](given, record) if name in HELD else NOT_AVAILABLE for name in given}
    return {name: result if with_scores and name in SCORED else Result(result.match) for name, result in found.items()}


def require_document(given: Given, record: Record, *, on: date) -> None:
    """The check that comes before all others where the operator demands it (policy ``lookup.match_needs_document``).

    Raises ``Refused``: ``id_document_required``, ``id_document_mismatch`` (also when no valid document is on file).
    """
    if "idDocument" not in given:
        raise Refused("the document's number is needed", code="id_document_required", remedy="Send idDocument.")
    if not documents.proves(given["idDocument"], record.documents, on=on):
        raise Refused(
            "the document's number is not the one on file",
            code="id_document_mismatch",
            remedy="Ask the subscriber again.",
        )


def _meant(given: Given, record: Record) -> Sequence[DocumentOnFile]:
    return documents.meant(record.documents, number=given.get("idDocument"), kind=given.get("idDocumentType"))

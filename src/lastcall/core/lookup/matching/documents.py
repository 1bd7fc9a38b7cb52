"""Comparing an identity document: its number by keyed hash, its type, its last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from lastcall.core.lookup.matching.record import DocumentOnFile
from lastcall.core.lookup.matching.result import FALSE, NOT_AVAILABLE, TRUE, Result, of

TYPES: Final = (
    "passport", "national_id_card", "residence_permit", "diplomatic_id", "driver_licence", "social_security_id", "other",
)  # fmt: skip
"""KYC Match 0.4.0, idDocumentType."""

_TYPES_OF: Final[Mapping[str, frozenset[str]]] = {
    # Russia's internal passport is its national identity card and is called a passport; both words mean it.
    "ru_passport": frozenset({"passport", "national_id_card"}),
    "foreign_passport": frozenset({"passport"}),
    "residence_permit": frozenset({"residence_permit"}),
    "refugee_certificate": frozenset({"other"}),
    "other": frozenset({"other"}),
}
_UNKNOWN_KIND: Final = "other"


def compare_number(number: str, documents: Sequence[DocumentOnFile]) -> Result:
    """Whether it is the number of one of the documents; every one is compared."""
    return of(bool(_with_number(number, documents))) if documents else NOT_AVAILABLE


def compare_type(asked: str, meant: Sequence[DocumentOnFile]) -> Result:
    """Whether a document ``meant`` is of the type. On one whose kind we do not know, nothing but ``other`` can be told."""
    if any(asked in _TYPES_OF[document.kind] for document in meant):
        return TRUE
    return FALSE if any(document.kind != _UNKNOWN_KIND for document in meant) else NOT_AVAILABLE


def compare_last_day(asked: date, meant: Sequence[DocumentOnFile]) -> Result:
    """Whether a document ``meant`` runs out on the day."""
    days = [document.valid_until for document in meant if document.valid_until is not None]
    return of(asked in days) if days else NOT_AVAILABLE


def meant(documents: Sequence[DocumentOnFile], *, number: str | None, kind: str | None) -> Sequence[DocumentOnFile]:
    """Which documents a question is about: the one with the given number, else those of the given type, else all."""
    numbered = _with_number(number, documents) if number is not None else []
    typed = [document for document in documents if kind in _TYPES_OF[document.kind]]
    return numbered or typed or documents


def proves(number: str, documents: Iterable[DocumentOnFile], *, on: date) -> bool:
    """Whether it is the number of a document that has not run out on that day."""
    return any([document.has_number(number) and document.is_valid(on) for document in documents])


def _with_number(number: str, documents: Sequence[DocumentOnFile]) -> list[DocumentOnFile]:
    return [document for document in documents if document.has_number(number)]

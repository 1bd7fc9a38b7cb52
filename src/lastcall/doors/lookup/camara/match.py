"""KYC Match 0.4.0: is what a relying party believes of the holder of a line what we have on file?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lastcall.core.lookup import subject
from lastcall.core.lookup.days import today
from lastcall.core.lookup.documented import MATCH
from lastcall.core.lookup.matching.documents import TYPES
from lastcall.core.lookup.matching.match import match, require_document
from lastcall.core.lookup.matching.record import Record, read_record
from lastcall.core.lookup.matching.result import Result
from lastcall.core.policies.present import present_policy
from lastcall.core.store import Store
from lastcall.doors.lookup.answer import Answer, json_answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.camara.question import Question, answering, ask, error
from lastcall.doors.lookup.camara.shape import PHONE_NUMBER, Property, Shape
from lastcall.doors.lookup.lookup import as_of_header

GENDERS: Final = ("MALE", "FEMALE", "OTHER")
ATTRIBUTES: Final = (
    Property(
        "idDocument", "The number of the identity document; letters of either case, spaces and dashes are no matter."
    ),
    Property("idDocumentType", "The kind of the identity document.", choices=TYPES),
    Property("idDocumentExpiryDate", "The last day of the identity document.", format="date"),
    Property("name", "The complete name; the order of its parts is no matter."),
    Property("givenName", "The given name."),
    Property("familyName", "The family name."),
    Property("nameKanaHankaku", "The complete name in half-width kana (Japan)."),
    Property("nameKanaZenkaku", "The complete name in full-width kana (Japan)."),
    Property("middleNames", "The middle names."),
    Property("familyNameAtBirth", "The family name at birth."),
    Property("address", "The complete address."),
    Property("streetName", "The street, without its type."),
    Property("streetNumber", "The number in the street."),
    Property("postalCode", "The postal code."),
    Property("region", "The region of the address."),
    Property("locality", "The locality of the address."),
    Property("country", "The country of the address, ISO 3166-1 alpha-2."),
    Property("houseNumberExtension", "What tells houses of one number apart."),
    Property("birthdate", "The day of birth.", format="date"),
    Property("email", "The mail address.", format="email"),
    Property("gender", "The gender.", choices=GENDERS),
    Property("cityOfBirth", "The city of birth."),
    Property("countryOfBirth", "The country of birth, ISO 3166-1 alpha-2."),
    Property("nationality", "The nationality, ISO 3166-1 alpha-2."),
)
READING: Final = "match"
SHAPE: Final = Shape(
    "MatchQuestion", "What is believed of the holder: at least one attribute beside phoneNumber.",
    (PHONE_NUMBER, *ATTRIBUTES),
)  # fmt: skip


@answering(MATCH)
def match_holder(asked: Asked) -> Answer:
    """``<attribute>Match`` for each attribute given and no other; beside a false also ``<attribute>MatchScore``, if defined."""
    assert asked.access is not None
    given = SHAPE.read(asked.document())
    attributes = {name: value for name, value in given.items() if name != PHONE_NUMBER.name}
    if not attributes:
        raise error(MATCH, "INVALID_PARAM_COMBINATION")
    question = ask(MATCH, asked.access, given, subject.agreeing)
    question.note(READING)
    record, policy = _record(question), present_policy()
    if policy.lookup_match_needs_document or (question.life is not None and question.life.needs_document):
        require_document(attributes, record, on=today())
    results = match(attributes, record, with_scores=policy.lookup_match_scores)
    return json_answer(_document(results), headers=(as_of_header(),))


def _record(question: Question) -> Record:
    if question.life is None:
        return question.real(lambda rows: _of_holder(rows, question))
    if not question.life.is_held:
        raise error(MATCH, "IDENTIFIER_NOT_FOUND")
    return question.life.record()


def _of_holder(rows: Store, question: Question) -> Record:
    return read_record(rows, subscriber_id=question.held(rows).subscriber_id, with_mails="email" in question.given)


def _document(results: Mapping[str, Result]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for name, result in results.items():
        document[f"{name}Match"] = result.match
        if result.score is not None:
            document[f"{name}MatchScore"] = result.score
    return document

"""KYC Match as a rule: what is held is compared, what is not held is not guessed, and nothing else is said."""

from __future__ import annotations

from datetime import date

import pytest

from lastcall.core.errors import Refused
from lastcall.core.lookup.matching.match import HELD, SCORED, match, require_document
from lastcall.core.lookup.matching.record import DocumentOnFile, Record
from lastcall.core.subscribers.file import document_key
from tests.cast import ANNAS_PASSPORT, PASSPORT, SERGEIS_PASSPORT

TODAY = date(2026, 1, 12)


def on_file(document: tuple[str, str, str], valid_until: date | None = None) -> DocumentOnFile:
    """A document as it is kept: without its number."""
    return DocumentOnFile(document[0], document[1], document_key(*document), valid_until)


LI_WEI = Record(("李伟", "Li Wei"), "CN", (on_file(PASSPORT, date(2031, 5, 4)),), ("li@example.org",))
ANNA = Record(("Анна Петрова", "Anna Petrova"), "RU", (on_file(ANNAS_PASSPORT),), ())
NOBODYS = ("givenName", "familyName", "middleNames", "familyNameAtBirth", "nameKanaHankaku", "nameKanaZenkaku", "address",
           "streetName", "streetNumber", "postalCode", "region", "locality", "country", "houseNumberExtension", "birthdate",
           "gender", "cityOfBirth", "countryOfBirth")  # fmt: skip


def said(record: Record, **given: str) -> dict[str, str]:
    """Attribute -> true, false or not_available."""
    return {name: result.match for name, result in match(given, record).items()}


@pytest.mark.parametrize("written", ["E12345678", "e12345678", "E 1234 5678", "E-12345678", "Е12345678"])
def test_a_document_number_is_known_again_however_it_is_written(written: str) -> None:
    """The last one begins with a Cyrillic letter that looks like the Latin one."""
    assert said(LI_WEI, idDocument=written) == {"idDocument": "true"}


@pytest.mark.parametrize("written", ["E12345679", "12345678", "", "-", "E" * 5000])
def test_another_document_number_is_false(written: str) -> None:
    assert said(LI_WEI, idDocument=written) == {"idDocument": "false"}


def test_a_document_number_never_has_a_score() -> None:
    assert match({"idDocument": "E12345679"}, LI_WEI)["idDocument"].score is None


@pytest.mark.parametrize(
    ("record", "kind", "expected"),
    [
        (LI_WEI, "passport", "true"),
        (LI_WEI, "national_id_card", "false"),
        (LI_WEI, "residence_permit", "false"),
        (ANNA, "passport", "true"),
        (ANNA, "national_id_card", "true"),
        (ANNA, "driver_licence", "false"),
        (Record(("A",), "RU", (on_file(("other", "RU", "77")),)), "other", "true"),
        (Record(("A",), "RU", (on_file(("other", "RU", "77")),)), "driver_licence", "not_available"),
        (Record(("A",), "RU"), "passport", "not_available"),
    ],
)
def test_the_type_of_a_document(record: Record, kind: str, expected: str) -> None:
    """The Russian internal passport is both; of what is on file as "other" we do not know what it is."""
    assert said(record, idDocumentType=kind) == {"idDocumentType": expected}


def test_the_type_and_last_day_are_of_the_document_that_was_named() -> None:
    permit = ("residence_permit", "RU", "8212345")
    record = Record(("Li Wei",), "CN", (on_file(PASSPORT, date(2031, 5, 4)), on_file(permit, date(2027, 1, 1))))
    named = said(record, idDocument="8212345", idDocumentType="passport", idDocumentExpiryDate="2031-05-04")
    assert named == {"idDocument": "true", "idDocumentType": "false", "idDocumentExpiryDate": "false"}
    assert said(record, idDocumentType="residence_permit", idDocumentExpiryDate="2027-01-01") == {
        "idDocumentType": "true", "idDocumentExpiryDate": "true",
    }  # fmt: skip


def test_a_last_day_that_is_not_on_file_is_not_guessed() -> None:
    assert said(ANNA, idDocumentExpiryDate="2031-05-04") == {"idDocumentExpiryDate": "not_available"}


def test_nationality_is_the_citizenship_of_a_person() -> None:
    assert said(LI_WEI, nationality="CN") == {"nationality": "true"}
    assert said(LI_WEI, nationality="RU") == {"nationality": "false"}
    assert said(Record(("ООО Ромашка",), ""), nationality="RU") == {"nationality": "not_available"}


@pytest.mark.parametrize("attribute", NOBODYS)
def test_what_we_do_not_hold_is_not_available(attribute: str) -> None:
    """A full name is on file, its parts are not: cutting it into parts would be a guess."""
    assert attribute not in HELD
    assert said(LI_WEI, **{attribute: "Li"}) == {attribute: "not_available"}


def test_only_what_was_asked_is_answered() -> None:
    assert list(match({"email": "li@example.org", "name": "Li Wei"}, LI_WEI)) == ["email", "name"]


def test_scores_can_be_left_out() -> None:
    assert match({"name": "Li Wen"}, LI_WEI)["name"].score is not None
    assert match({"name": "Li Wen"}, LI_WEI, with_scores=False)["name"].score is None


def test_scores_are_given_for_texts_alone() -> None:
    assert SCORED.isdisjoint({"idDocument", "idDocumentType", "idDocumentExpiryDate", "nationality", "postalCode", "country",
                              "birthdate", "gender", "countryOfBirth", "houseNumberExtension"})  # fmt: skip


def test_the_document_comes_first_where_it_is_needed() -> None:
    require_document({"idDocument": "E12345678", "name": "?"}, LI_WEI, on=TODAY)
    with pytest.raises(Refused, match="needed") as missing:
        require_document({"name": "Li Wei"}, LI_WEI, on=TODAY)
    assert missing.value.code == "id_document_required"


@pytest.mark.parametrize(
    "record",
    [ANNA, Record(("Li Wei",), "CN"), Record(("Li Wei",), "CN", (on_file(PASSPORT, date(2026, 1, 11)),))],
    ids=["of another", "without a document", "run out"],
)
def test_a_number_of_no_valid_document_opens_nothing(record: Record) -> None:
    with pytest.raises(Refused) as refused:
        require_document({"idDocument": PASSPORT[2]}, record, on=TODAY)
    assert refused.value.code == "id_document_mismatch"


def test_no_error_holds_the_number() -> None:
    with pytest.raises(Refused) as refused:
        require_document({"idDocument": SERGEIS_PASSPORT[2]}, ANNA, on=TODAY)
    assert SERGEIS_PASSPORT[2] not in f"{refused.value.message} {refused.value.remedy}"

"""Papers by post at the desk: scanned in by their barcode, put on file, never twice."""

from __future__ import annotations

import pytest

from lastcall.core.closing import papers
from lastcall.core.closing.case import Case
from lastcall.core.closing.paper import PaperSheet
from lastcall.core.closing.withdraw import withdraw
from lastcall.core.staff.opening import Opening
from lastcall.core.subscribers.subscriber import Representative
from tests.cast import FREE_MSISDN, ON_THE_WEB
from tests.core.tools import only, some
from tests.doors.desk.samples.files import open_to_irina
from tests.doors.desk.samples.papers import announced, open_to
from tests.doors.desk.staffed import Staffed
from tests.doors.desk.test_review import read, refusals, url

POWER = {
    "kind": "power_of_attorney", "name": "Сергей Кузнецов", "document_kind": "ru_passport", "issuer": "ru",
    "number": "4512 999888", "powers": ["close", "money"], "notarised": "on", "valid_until": "31.12.2026",
}  # fmt: skip


def scan(staffed: Staffed, barcode: str, login: str = "olga", **more: str) -> str:
    """Scan; where it leads, or the page."""
    answer = staffed.at_desk(login).post(url("papers_scan"), {"barcode": barcode} | more)
    return str(answer.headers.get("Location") or answer.content.decode())


@pytest.mark.parametrize(("login", "role"), [("olga", "clerk"), ("irina", "reviewer")])
def test_a_scanned_sheet_opens_its_case_to_whoever_has_the_envelope(staffed: Staffed, login: str, role: str) -> None:
    receipt, sheet = announced(staffed, "statement", "power_of_attorney")
    where = scan(staffed, sheet.barcode.lower(), login)
    opening = only(staffed.base, Opening, case_id=receipt.case_id)
    assert where == url("papers_case", opening.id)
    assert (opening.ground, opening.ground_id, opening.login) == ("papers", sheet.id, login)
    shown = read(staffed.at_desk(login), where)
    assert "the statement, signed" in shown and "the power of attorney" in shown
    assert only(staffed.base, PaperSheet, id=sheet.id).received_by == f"{role}:{login}"
    assert "1 sheet came today" in read(staffed.at_desk(login), url("papers_scan"))


def test_scanned_twice_it_says_so_and_can_be_opened_again(staffed: Staffed) -> None:
    receipt, sheet = announced(staffed)
    scan(staffed, sheet.barcode)
    assert "scanned in before" in scan(staffed, sheet.barcode, "oleg")
    assert scan(staffed, sheet.barcode, "oleg", again="1").startswith("/desk/papers/")
    assert {opening.login for opening in some(staffed.base, Opening, case_id=receipt.case_id)} == {"olga", "oleg"}


def test_whatever_is_no_barcode_of_ours_hears_the_same_words(staffed: Staffed) -> None:
    for barcode in ("LC1-0000000000000000", "hello", "4006381333931"):
        assert "No cover sheet has this barcode" in scan(staffed, barcode)
    assert some(staffed.base, Opening) == []
    assert "Scan the barcode" in scan(staffed, "")
    _, sheet = announced(staffed)
    assert staffed.at_desk("olga").post(url("papers_scan"), {"barcode": sheet.barcode, "again": "1"}).status_code == 404


def test_the_signed_statement_completes_the_act(staffed: Staffed) -> None:
    opening = open_to(staffed, "olga", "clerk")
    olga = staffed.at_desk("olga")
    olga.post(url("papers_signed", opening.id))
    assert only(staffed.base, Case, id=opening.case_id).signed_at == staffed.cast.time.now()
    assert "It is on file" in read(olga, url("papers_case", opening.id))


def test_a_power_of_attorney_is_put_on_file_and_the_case_is_its_bearers(staffed: Staffed) -> None:
    opening = open_to(staffed, "irina", "reviewer")
    irina = staffed.at_desk("irina")
    assert irina.post(url("papers_representative", opening.id), POWER).status_code == 302
    filed = only(staffed.base, Representative)
    assert (filed.powers, filed.notarised, str(filed.valid_until)) == ("close money", True, "2026-12-31")
    case = only(staffed.base, Case, id=opening.case_id)
    assert (case.representative_id, case.declared_by) == (filed.id, "representative")
    shown = read(irina, url("file", opening.id))
    assert "С. К." in shown and "Кузнецов" not in shown and "999888" not in shown


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": ""}, "Choose which papers these are"),
        ({"name": " "}, "Enter the name"),
        ({"number": "12"}, "not the number of such a document"),
        ({"issuer": "Russia"}, "two letters"),
        ({"valid_until": "31.02.2026"}, "Enter a date such as"),
        ({"valid_until": "01.01.2020"}, "have run out"),
        ({"kind": "heir"}, "number of the death certificate"),
    ],
)
def test_papers_that_are_typed_wrong_are_not_kept(staffed: Staffed, change: dict[str, str], words: str) -> None:
    opening = open_to(staffed, "olga", "clerk")
    answer = staffed.at_desk("olga").post(url("papers_representative", opening.id), POWER | change)
    assert words in answer.content.decode()
    assert some(staffed.base, Representative) == []


def test_an_heir_brings_the_certificate(staffed: Staffed) -> None:
    opening = open_to(staffed, "olga", "clerk")
    staffed.at_desk("olga").post(
        url("papers_representative", opening.id), POWER | {"kind": "heir", "certificate": "II-АК 123456"}
    )
    assert only(staffed.base, Representative).certificate_key


def test_after_the_end_nothing_is_put_on_file(staffed: Staffed) -> None:
    receipt, sheet = announced(staffed)
    withdraw(staffed.base, case_id=receipt.case_id, actor=ON_THE_WEB)
    where = scan(staffed, sheet.barcode)
    olga = staffed.at_desk("olga")
    assert "takes no papers any more" in read(olga, where)
    opening = only(staffed.base, Opening, case_id=receipt.case_id)
    assert "the case has moved on" in olga.post(url("papers_representative", opening.id), POWER).content.decode()
    assert olga.post(url("papers_signed", opening.id)).status_code == 403
    assert some(staffed.base, Representative) == []


def test_without_a_line_of_ours_there_is_nobody_to_act_for(staffed: Staffed) -> None:
    receipt = staffed.cast.declare(FREE_MSISDN, door="hotline")
    sheet = papers.announce(staffed.base, case_id=receipt.case_id, kinds=("other",), actor=ON_THE_WEB)
    where = scan(staffed, sheet.barcode)
    olga = staffed.at_desk("olga")
    assert "No line of ours is known" in read(olga, where)
    opening = only(staffed.base, Opening, case_id=receipt.case_id)
    assert "No line of ours" in olga.post(url("papers_representative", opening.id), POWER).content.decode()


def test_only_those_who_take_papers_in_and_only_their_own_openings(staffed: Staffed) -> None:
    opening = open_to(staffed, "olga", "clerk")
    read(staffed.at_desk("oleg"), url("papers_case", opening.id), 404)
    for login in ("timur", "nikolai", "arkady", "alla"):
        read(staffed.at_desk(login), url("papers_scan"), 403)
    assert ("agent:timur", "no_right") in refusals(staffed)


def test_a_file_opened_on_another_ground_is_no_envelope(staffed: Staffed) -> None:
    opening = open_to_irina(staffed)
    read(staffed.at_desk("irina"), url("papers_case", opening.id), 404)

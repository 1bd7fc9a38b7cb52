"""The case file and the photo: for whoever has it open, for as long, and a photo in no other way than in its page."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.audit.reading import readings
from lastcall.core.closing.freeze import freeze
from tests.cast import SOMEBODY
from tests.doors.desk.samples.files import HEADERS, open_to_irina, with_photo
from tests.doors.desk.staffed import Staffed
from tests.doors.desk.test_review import read, url

IN_A_PAGE = HEADERS["file_photo"]


def test_the_file_shows_both_sides_and_nothing_in_clear(staffed: Staffed) -> None:
    opening = open_to_irina(staffed)
    shown = read(staffed.at_desk("irina"), url("file", opening.id))
    assert "Declared and on file" in shown and "350.50" in shown and "a reviewer – to decide about the closing" in shown
    for secret in ("79000001001", "Wei", "李伟", "example.org", "345678"):
        assert secret not in shown


def test_the_bill_tells_of_the_bonus_that_is_not_paid_out(staffed: Staffed) -> None:
    """Without that line a reviewer would see a balance and a smaller refund, and no reason for it."""
    line = staffed.cast.li_wei.line
    assert line is not None
    staffed.cast.elements.billing.grant_bonus(line.id, amount=5_000, key="a gift")
    shown = read(staffed.at_desk("irina"), url("file", open_to_irina(staffed).id))
    assert "400.50" in shown and "Bonus, not paid out" in shown and "350.50" in shown


def test_a_frozen_case_and_an_ended_one_are_shown_too(staffed: Staffed) -> None:
    opening = open_to_irina(staffed)
    freeze(staffed.base, case_id=opening.case_id, actor=SOMEBODY)
    irina = staffed.at_desk("irina")
    assert "Somebody said that this was not them" in read(irina, url("file", opening.id))


def test_it_is_open_to_one_member_for_a_while_and_until_closed(staffed: Staffed) -> None:
    opening = open_to_irina(staffed)
    read(staffed.at_desk("roman"), url("file", opening.id), 404)
    read(staffed.at_desk("alla"), url("file", opening.id), 403)
    irina = staffed.at_desk("irina")
    assert irina.post(url("file_close", opening.id)).status_code == 302
    read(irina, url("file", opening.id), 404)
    assert irina.post(url("file_close", opening.id)).status_code == 404


def test_it_closes_by_itself(staffed: Staffed) -> None:
    opening = open_to_irina(staffed)
    staffed.cast.time.advance(timedelta(minutes=staffed.cast.policy.staff_opening_minutes))
    read(staffed.at_desk("irina"), url("file", opening.id), 404)


def test_the_photo_comes_into_its_page_alone_and_each_look_is_noted(staffed: Staffed) -> None:
    opening = with_photo(staffed)
    irina, address = staffed.at_desk("irina"), url("file_photo", opening.id)
    for headers in ({}, {"Sec-Fetch-Dest": "document"}, IN_A_PAGE | {"Sec-Fetch-Site": "cross-site"}):
        assert irina.get(address, headers=headers).status_code == 404
    answer = irina.get(address, headers=IN_A_PAGE)
    assert (answer.status_code, answer["Content-Type"], answer["Content-Disposition"], answer["Cache-Control"]) == (
        200, "image/jpeg", "inline", "no-store",
    )  # fmt: skip
    seen = staffed.base.transact(lambda rows: readings(rows, case_id=opening.case_id))
    assert [(look.role, look.reason) for look in seen] == [("reviewer", "review")] * 2
    assert staffed.at_desk("roman").get(address, headers=IN_A_PAGE).status_code == 404
    assert staffed.at_desk("olga").get(address, headers=IN_A_PAGE).status_code == 403


def test_where_there_is_no_photo_nothing_is_there(staffed: Staffed) -> None:
    opening = open_to_irina(staffed)
    irina = staffed.at_desk("irina")
    assert irina.get(url("file_photo", opening.id), headers=IN_A_PAGE).status_code == 404
    assert "img class" not in read(irina, url("file", opening.id))

"""The auditor's log: every reading with its reason, and never whose file it was."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core.audit.reading import note_reading
from lastcall.core.closing.receipts import Receipt
from lastcall.core.staff.opening import Opening, open_file
from tests.cast import ANNA_MSISDN
from tests.doors.desk.staffed import Staffed


def opened(staffed: Staffed, receipt: Receipt, login: str, right: str, ground: str, reason: str) -> Opening:
    return open_file(
        staffed.base, case_id=receipt.case_id, actor=staffed.actor(login, right), ground=ground, ground_id=receipt.case_id,
        reason=reason, policy=staffed.cast.policy,
    )  # fmt: skip


def test_every_reading_is_there_with_who_why_and_on_what_ground(staffed: Staffed) -> None:
    receipt = staffed.cast.declare()
    opened(staffed, receipt, "olga", "counter.work", "counter", "subscriber_present")
    opened(staffed, receipt, "irina", "review.decide", "review", "review")
    page = staffed.at_desk("arkady").get("/desk/log/").content.decode()
    assert page.index("irina") < page.index("olga")
    assert "the subscriber was there" in page
    assert "a visit" in page
    assert "李伟" not in page
    assert "9000001001" not in page


def test_readings_are_found_by_day_role_and_reason(staffed: Staffed) -> None:
    receipt = staffed.cast.declare()
    opened(staffed, receipt, "olga", "counter.work", "counter", "subscriber_present")
    first = staffed.cast.time.now().date()
    staffed.cast.time.advance(timedelta(days=1))
    opened(staffed, receipt, "irina", "review.decide", "review", "review")
    arkady = staffed.at_desk("arkady")

    def shown(query: str) -> tuple[bool, bool]:
        page = arkady.get(f"/desk/log/?{query}").content.decode()
        return "olga" in page, "irina" in page

    assert shown(f"day={first}") == (True, False)
    assert shown(f"day={first + timedelta(days=1)}") == (False, True)
    assert shown("role=reviewer") == (False, True)
    assert shown("reason=subscriber_present") == (True, False)
    assert shown("reason=complaint") == (False, False)
    assert shown("day=nonsense&before=x") == (True, True)


def test_the_log_is_read_page_by_page(staffed: Staffed) -> None:
    receipt = staffed.cast.declare()
    actor = staffed.actor("irina", "review.decide")
    for _ in range(60):
        staffed.base.transact(
            lambda rows: rows.apply(note_reading(case_id=receipt.case_id, actor=actor, reason="review"))
        )
    arkady = staffed.at_desk("arkady")
    page = arkady.get("/desk/log/?role=reviewer").content.decode()
    assert page.count("<tr><td>") == 50
    older = page.rpartition('<p><a href="?')[2].partition('"')[0].replace("&amp;", "&")
    assert arkady.get(f"/desk/log/?{older}").content.decode().count("<tr><td>") == 10


def test_the_auditor_who_opens_a_file_is_in_the_log_as_well(staffed: Staffed) -> None:
    receipt = staffed.cast.declare(ANNA_MSISDN)
    opened(staffed, receipt, "olga", "counter.work", "counter", "subscriber_present")
    arkady = staffed.at_desk("arkady")
    event_id = arkady.get("/desk/log/").content.decode().partition('action="/desk/log/')[2].partition("/")[0]
    answer = arkady.post(f"/desk/log/{event_id}/file/")
    assert answer["Location"].startswith("/desk/files/")
    assert arkady.get(answer["Location"]).status_code == 200
    assert "arkady" in arkady.get("/desk/log/").content.decode()
    assert arkady.post("/desk/log/1/file/").status_code in {302, 404}


def test_the_subscriber_sees_what_the_auditor_sees(staffed: Staffed) -> None:
    from lastcall.core.audit.reading import readings

    receipt = staffed.cast.declare()
    opened(staffed, receipt, "olga", "counter.work", "counter", "subscriber_present")
    (look,) = staffed.base.transact(lambda rows: readings(rows, case_id=receipt.case_id))
    assert (look.role, look.reason, look.ground) == ("clerk", "subscriber_present", "counter")

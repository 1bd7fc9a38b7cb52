"""The number room: searching with a reason, lives, counts, early release by two, stuck orders."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from lastcall.core.audit.event import Event
from lastcall.core.closing.case import Case
from lastcall.core.job import Alert, Job
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.pools import count_pools
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.numbers.sweep import sweep
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.load import load
from tests.cast import LI_WEI_MSISDN, Cast
from tests.core.tools import change, only, some
from tests.doors.desk.samples.numbers import asked, looked, resting, stuck
from tests.doors.desk.staffed import Staffed

NUMBER = "+7 900 000-10-01"
ASKING = {"reason": "shortage", "reference": "ORD-2026/17"}


def words(page: Any) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def search(browser: Client, number: str = NUMBER, reason: str = "complaint") -> Any:
    return browser.post("/desk/numbers/", {"number": number, "reason": reason}, follow=True)


def refusals(staffed: Staffed) -> list[tuple[str, str]]:
    return [(event.actor.partition(":")[2], event.reason) for event in some(staffed.base, Event, kind="staff.refused")]


def life_path(staffed: Staffed, login: str = "nikolai") -> str:
    return f"/desk/numbers/life/{looked(staffed, login)['look_id']}/"


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def test_a_search_with_a_reason_shows_the_whole_life_and_no_holder(staffed: Staffed) -> None:
    resting(staffed)
    page = search(staffed.at_desk("nikolai"))
    said = words(page)
    assert page.status_code == 200
    for part in (NUMBER, "In quarantine", "Holder A", "The number was assigned.", "Closing 1: Closed", "A SIM was put in.",
                 "Looked at by the number manager: a complaint."):  # fmt: skip
        assert part in said
    for secret in ("Li Wei", "李伟", "E12345678", "example.org"):
        assert secret not in said
    assert only(staffed.base, Event, kind="number.read").reason == "complaint"


def test_no_address_and_no_title_holds_a_number(staffed: Staffed) -> None:
    page = search(staffed.at_desk("nikolai"))
    path = page.redirect_chain[-1][0]
    assert "9000001001" not in path
    title = re.search(r"<title>(.*?)</title>", page.content.decode())
    assert title is not None and "900" not in title[1]


@pytest.mark.parametrize(
    ("number", "reason", "code"),
    [(NUMBER, "", "bad_reason"), (NUMBER, "curiosity", "bad_reason"), ("+7 900 000", "complaint", ""), ("", "complaint", ""),
     ("900000*", "complaint", "")],
    ids=["no reason", "no such reason", "a part", "nothing", "a pattern"],
)  # fmt: skip
def test_nothing_is_found_without_a_reason_or_by_a_part(staffed: Staffed, number: str, reason: str, code: str) -> None:
    page = search(staffed.at_desk("nikolai"), number, reason)
    assert page.status_code == 400 and "Holder" not in words(page)
    assert some(staffed.base, Event, kind="number.read") == []
    assert refusals(staffed) == ([("nikolai", code)] if code else [])


def test_a_number_of_another_operators_range_is_told_as_such(staffed: Staffed) -> None:
    other = (Operator(inn="7799999999", name="Somebody Else"),
             Range(id=7, first=79990000000, last=79990009999, operator_id="7799999999", region="North", territory=""))  # fmt: skip
    staffed.base.transact(lambda rows: rows.apply(Plan(tuple(Insert(row) for row in other))))
    said = words(search(staffed.at_desk("nikolai"), "+7 999 000-00-01"))
    assert "Somebody Else , North · in no range of ours" in said or "Somebody Else, North · in no range of ours" in said
    assert "nobody ever held it" in said


def test_a_look_is_its_owners_and_runs_out(staffed: Staffed) -> None:
    path = life_path(staffed)
    assert staffed.at_desk("nadia").get(path).status_code == 404
    browser = staffed.at_desk("nikolai")
    assert browser.get(path).status_code == 200
    staffed.cast.time.advance(timedelta(minutes=staffed.cast.policy.staff_opening_minutes))
    assert staffed.at_desk("nikolai").get(path).status_code == 404


def test_an_auditor_looks_but_asks_for_nothing(staffed: Staffed) -> None:
    resting(staffed)
    browser = staffed.at_desk("arkady")
    page = search(browser, reason="audit")
    assert page.status_code == 200 and "Ask for an early release" not in words(page)
    path = page.redirect_chain[-1][0]
    assert browser.post(f"{path}early/", ASKING).status_code == 403
    assert refusals(staffed) == [("arkady", "no_right")]


@pytest.mark.parametrize("login", ["olga", "timur", "irina", "alla"])
def test_others_do_not_look(staffed: Staffed, login: str) -> None:
    browser = staffed.at_desk(login)
    assert search(browser).status_code == 403
    assert browser.get("/desk/numbers/calendar/").status_code == 403
    assert some(staffed.base, Event, kind="number.read") == []
    assert refusals(staffed)[0] == (login, "no_right")


def test_early_release_is_asked_by_one_and_approved_by_another(staffed: Staffed) -> None:
    resting(staffed)
    nikolai = staffed.at_desk("nikolai")
    path = search(nikolai).redirect_chain[-1][0]
    page = nikolai.post(f"{path}early/", ASKING, follow=True)
    assert "You asked for it: another number manager decides." in words(page)
    nadia = staffed.at_desk("nadia")
    listed = words(nadia.get("/desk/numbers/early/"))
    assert "nikolai" in listed and "ORD-2026/17" in listed and "900 000" not in listed
    request = only(staffed.base, ReleaseRequest)
    opened = nadia.post(f"/desk/numbers/early/{request.id}/", follow=True)
    assert NUMBER in words(opened) and "Approve" in words(opened)
    done = nadia.post(
        f"{opened.redirect_chain[-1][0]}decide/", {"request": request.id, "decision": "approve"}, follow=True
    )
    assert "The next sweep releases the number." in words(done)
    assert state(staffed.cast) == "quarantined"
    assert sweep(staffed.base).released == 1
    assert state(staffed.cast) == "available"


def test_nobody_approves_ones_own_request_and_the_try_is_on_record(staffed: Staffed) -> None:
    request = asked(staffed)
    browser = staffed.at_desk("nikolai")
    page = browser.post(f"{life_path(staffed)}decide/", {"request": request.id, "decision": "approve"})
    assert page.status_code == 403 and "Whoever asked does not decide." in words(page)
    assert only(staffed.base, ReleaseRequest).state == "asked"
    assert refusals(staffed) == [("nikolai", "own_request")]


def test_a_colleague_refuses_and_who_asked_takes_back(staffed: Staffed) -> None:
    request = asked(staffed)
    nadia = staffed.at_desk("nadia")
    nadia.post(f"{life_path(staffed, 'nadia')}decide/", {"request": request.id, "decision": "refuse"})
    assert only(staffed.base, ReleaseRequest).state == "refused"
    again = asked(staffed)
    nikolai = staffed.at_desk("nikolai")
    nikolai.post(f"{life_path(staffed)}decide/", {"request": again.id, "decision": "take_back"})
    assert only(staffed.base, ReleaseRequest, id=again.id).state == "withdrawn"


@pytest.mark.parametrize(
    ("posted", "code"),
    [({"reason": "", "reference": "ORD-1"}, "bad_reason"), ({"reason": "friend", "reference": "ORD-1"}, "bad_reason"),
     ({"reason": "shortage", "reference": ""}, "bad_reference"), ({"reason": "shortage", "reference": "Sergei"}, "bad_reference")],
    ids=["no reason", "a friend", "no order", "a name"],
)  # fmt: skip
def test_nothing_is_freed_without_a_reason_and_an_order(staffed: Staffed, posted: dict[str, str], code: str) -> None:
    resting(staffed)
    page = staffed.at_desk("nikolai").post(f"{life_path(staffed)}early/", posted)
    assert page.status_code == 400
    assert some(staffed.base, ReleaseRequest) == []
    assert refusals(staffed) == [("nikolai", code)]


def test_a_number_that_does_not_rest_or_not_long_enough_is_not_freed(staffed: Staffed) -> None:
    browser = staffed.at_desk("nikolai")
    page = browser.post(f"{life_path(staffed)}early/", ASKING)
    assert page.status_code == 400
    staffed.cast.policy = load("demo", on=staffed.cast.time.now().date()).policy()
    receipt = staffed.cast.closed()
    case = staffed.cast.case(receipt)
    change(staffed.base, Case, case.id, policy=case.policy | {"quarantine_floor_days": 90})
    staffed.cast.time.advance(timedelta(days=61))
    sweep(staffed.base)
    page = staffed.at_desk("nikolai").post(f"{life_path(staffed)}early/", ASKING)
    assert "The number has not rested long enough" in words(page)
    assert refusals(staffed) == [("nikolai", "not_allowed"), ("nikolai", "below_floor")]


def test_the_calendar_shows_counts_and_never_a_number(staffed: Staffed) -> None:
    staffed.cast.closed()
    browser = staffed.at_desk("nikolai")
    now = browser.get("/desk/numbers/calendar/")
    later = browser.get("/desk/numbers/calendar/?month=2026-05")
    assert (now.status_code, later.status_code) == (200, 200)
    assert "May 2026" in words(later) and "The same as a table" in words(later)
    assert not re.search(r"7?\d{10}|\d{3}-\d{2}-\d{2}", words(later))
    for wrong in ("2020-01", "2099-01", "13", "2026-5", "x"):
        assert browser.get(f"/desk/numbers/calendar/?month={wrong}").status_code == 400


def test_the_ranges_show_their_last_counts_with_their_age(staffed: Staffed) -> None:
    browser = staffed.at_desk("nikolai")
    assert "Not counted yet" in words(browser.get("/desk/numbers/ranges/"))
    count_pools(staffed.base, operator_inn="7700000000")
    staffed.cast.time.advance(timedelta(minutes=7))
    said = words(browser.get("/desk/numbers/ranges/"))
    assert "+7 900 000-00-00 – +7 900 999-99-99" in said and "9 999 998" in said
    assert "(7 minutes ago)" in said.replace("\xa0", " ")
    assert "10-01" not in said


def test_sweeps_are_shown_with_what_they_moved(staffed: Staffed) -> None:
    browser = staffed.at_desk("arkady")
    assert "No sweep moved anything" in words(browser.get("/desk/numbers/sweeps/"))
    resting(staffed)
    assert "Whole day 1 0 0" in words(staffed.at_desk("arkady").get("/desk/numbers/sweeps/"))


@pytest.mark.parametrize("login", ["nikolai", "alla"])
def test_a_stuck_order_is_tried_again(staffed: Staffed, login: str) -> None:
    alert = stuck(staffed)
    browser = staffed.at_desk(login)
    said = words(browser.get("/desk/numbers/stuck/"))
    assert "Switching a line off" in said and "still_in_service" in said and "still serves" not in said
    assert ("Look at the number" in said) == (login == "nikolai")
    page = browser.post(f"/desk/numbers/stuck/{alert.job_id}/retry/", follow=True)
    assert "It is tried again now." in words(page)
    assert only(staffed.base, Job, id=alert.job_id).state == "queued"
    assert browser.post(f"/desk/numbers/stuck/{alert.job_id}/retry/").status_code == 404


def test_an_alert_is_closed_with_a_word(staffed: Staffed) -> None:
    alert = stuck(staffed)
    browser = staffed.at_desk("nikolai")
    assert browser.post(f"/desk/numbers/alerts/{alert.id}/", {"how": "never mind"}).status_code == 400
    browser.post(f"/desk/numbers/alerts/{alert.id}/", {"how": "passed_on"})
    assert only(staffed.base, Alert, id=alert.id).resolved_by == "number_manager:nikolai"
    assert "Nothing is stuck." in words(browser.get("/desk/numbers/stuck/"))


def test_the_number_behind_a_stuck_order_is_opened_for_that_reason(staffed: Staffed) -> None:
    alert = stuck(staffed)
    page = staffed.at_desk("nikolai").post(f"/desk/numbers/stuck/{alert.job_id}/number/", follow=True)
    assert "+7 900 000-10-02" in words(page)
    assert only(staffed.base, Event, kind="number.read").reason == "stuck"


def test_a_click_on_an_address_that_only_acts_does_nothing(staffed: Staffed) -> None:
    alert, browser = stuck(staffed), staffed.at_desk("nikolai")
    for path in (f"stuck/{alert.job_id}/retry", f"stuck/{alert.job_id}/number", f"alerts/{alert.id}", "early/5"):
        assert browser.get(f"/desk/numbers/{path}/").status_code == 302
    assert only(staffed.base, Alert, id=alert.id).resolved_at is None
    assert only(staffed.base, Job, id=alert.job_id).state == "dead"
    assert some(staffed.base, Event, kind="number.read") == []


@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_every_page_is_there_in_each_language(staffed: Staffed, language: str) -> None:
    asked(staffed)
    browser = staffed.at_desk("nikolai")
    browser.cookies["django_language"] = language
    for path in ("", "calendar/", "ranges/", "sweeps/", "early/", "stuck/"):
        assert browser.get(f"/desk/numbers/{path}").status_code == 200
    assert browser.get(life_path(staffed)).status_code == 200

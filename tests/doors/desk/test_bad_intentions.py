"""Staff with bad intentions: each is refused, and it is on record that they tried."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from lastcall.core.audit.event import Event
from lastcall.core.plan import Change, Plan
from lastcall.core.staff.glass import Glass
from lastcall.core.staff.member import Member
from lastcall.core.staff.opening import Opening
from tests.doors.desk.staffed import Staffed

Answer = Any
"""What Django's test client gives."""

WHY = "caller is locked in and we must reach the family"


def refused(staffed: Staffed) -> list[tuple[str, str]]:
    """Who was refused, and with which code."""
    found = staffed.base.transact(lambda rows: rows.some(Event, {"kind": "staff.refused"}, order="id"))
    return [(event.actor, event.reason) for event in found]


def give_roles(staffed: Staffed, login: str, roles: str) -> None:
    more = Change(Member, {"login": login}, {"roles": roles})
    staffed.base.transact(lambda rows: rows.apply(Plan((more,))))


def ask(staffed: Staffed, reference: str, login: str = "timur") -> Answer:
    asked = {"reference": reference, "reason": "danger", "words": WHY}
    return staffed.at_desk(login).post("/desk/glass/", asked)


def glass(staffed: Staffed) -> Glass:
    return staffed.base.transact(lambda rows: rows.some(Glass, {}, order="-id"))[0]


def openings(staffed: Staffed) -> int:
    return staffed.base.transact(lambda rows: rows.count(Opening, {}))


def test_approving_ones_own_break_glass(staffed: Staffed) -> None:
    """Also for somebody who holds both roles."""
    give_roles(staffed, "timur", "agent administrator")
    ask(staffed, staffed.cast.declare().reference)
    answer = staffed.at_desk("timur").post(f"/desk/glass/requests/{glass(staffed).id}/", {"decision": "approve"})
    assert answer.status_code == 403
    assert openings(staffed) == 0
    assert refused(staffed) == [("administrator:timur", "own_glass")]


def test_reviewing_the_break_glass_that_one_approved(staffed: Staffed) -> None:
    ask(staffed, staffed.cast.declare().reference)
    arkady, found = staffed.at_desk("arkady"), glass(staffed)
    arkady.post(f"/desk/glass/requests/{found.id}/", {"decision": "approve"})
    assert arkady.post(f"/desk/glass/requests/{found.id}/review/", {"verdict": "right"}).status_code == 403
    assert refused(staffed) == [("auditor:arkady", "own_glass")]


def test_extending_a_break_glass(staffed: Staffed) -> None:
    """Neither by a second approval nor by asking again; not even while a friend would approve."""
    receipt = staffed.cast.declare()
    ask(staffed, receipt.reference)
    found = glass(staffed)
    for _ in range(2):
        answer = staffed.at_desk("alla").post(f"/desk/glass/requests/{found.id}/", {"decision": "approve"})
    assert answer.status_code == 403
    staffed.cast.time.advance(timedelta(minutes=29))
    assert "asked for this file lately" in ask(staffed, receipt.reference).content.decode()
    staffed.cast.time.advance(timedelta(hours=22))
    assert "asked for this file lately" in ask(staffed, receipt.reference).content.decode()
    assert openings(staffed) == 1
    assert refused(staffed) == [
        ("administrator:alla", "not_allowed"), ("agent:timur", "glass_pause"), ("agent:timur", "glass_pause"),
    ]  # fmt: skip


def test_changing_ones_own_rights(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    page = alla.post("/desk/people/of/alla/", {"roles": ["administrator", "auditor"], "shop": ""}).content.decode()
    assert "Nobody changes their own rights" in page
    assert alla.post("/desk/people/of/alla/reset/").status_code == 403
    assert alla.post("/desk/people/of/alla/leave/").status_code == 403
    assert refused(staffed) == [("administrator:alla", "own_rights")] * 3


def test_giving_oneself_rights_that_are_anothers_to_give(staffed: Staffed) -> None:
    timur = staffed.at_desk("timur")
    answer = timur.post("/desk/people/of/timur/", {"roles": ["administrator"], "shop": ""})
    assert answer.status_code == 403
    assert refused(staffed) == [("agent:timur", "no_right")]


def test_getting_rid_of_every_other_administrator(staffed: Staffed) -> None:
    """Alla removes Boris, and is then the last: nobody removes her, herself included."""
    alla = staffed.at_desk("alla")
    assert alla.post("/desk/people/of/boris/leave/").status_code == 302
    assert alla.post("/desk/people/of/alla/leave/").status_code == 403


def test_reading_a_file_without_an_opening(staffed: Staffed) -> None:
    """Somebody else's opening, one that is over, or a number made up: the same answer."""
    ask(staffed, staffed.cast.declare().reference)
    staffed.at_desk("alla").post(f"/desk/glass/requests/{glass(staffed).id}/", {"decision": "approve"})
    opening_id = glass(staffed).opening_id
    pages = [staffed.at_desk("tamara").get(f"/desk/files/{number}/") for number in (opening_id, 1)]
    staffed.cast.time.advance(timedelta(minutes=30))
    pages.append(staffed.at_desk("timur").get(f"/desk/files/{opening_id}/"))
    assert [page.status_code for page in pages] == [404] * 3
    assert all("李伟" not in page.content.decode() for page in pages)


def test_guessing_references(staffed: Staffed) -> None:
    """After a few wrong ones even a right one is not taken for a while, and the lock is on record."""
    receipt = staffed.cast.declare()
    for number in range(staffed.cast.policy.staff_sign_in_tries):
        assert "No case has this reference" in ask(staffed, f"WRONG{number}WRONG").content.decode()
    assert "Too many wrong tries" in ask(staffed, receipt.reference).content.decode()
    codes = [code for _, code in refused(staffed)]
    assert codes == ["unknown_reference"] * staffed.cast.policy.staff_sign_in_tries + ["sign_in_locked"]
    locked = staffed.base.transact(lambda rows: rows.some(Event, {"kind": "staff.locked"}))
    assert [(event.reason, event.subject_id) for event in locked] == [("reference", staffed.members["timur"].id)]


def test_the_log_is_read_by_auditors_alone_and_shows_who_was_refused(staffed: Staffed) -> None:
    for login in ("olga", "timur", "irina", "nikolai", "alla"):
        for page in ("/desk/log/", "/desk/log/alerts/", "/desk/log/refusals/"):
            assert staffed.at_desk(login).get(page).status_code == 403
    shown = staffed.at_desk("arkady").get("/desk/log/refusals/").content.decode()
    assert all(login in shown for login in ("olga", "timur", "irina", "nikolai", "alla"))

"""The desk's first page, and what every page of the desk asks for."""

from __future__ import annotations

from django.test import Client

from lastcall.core.audit.event import Event
from tests.doors.desk.staffed import Staffed


def test_a_stranger_is_led_to_the_sign_in_and_back(staffed: Staffed) -> None:
    """Nothing of the desk is shown before."""
    answer = Client(headers={"host": "localhost"}).get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"] == "/desk/signin/?next=%2Fdesk%2F"


def test_a_password_alone_opens_nothing(staffed: Staffed) -> None:
    """The second factor comes first."""
    answer = staffed.at_desk("olga", second=False).get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/signin/second/")


def test_a_member_sees_the_ways_to_their_own_work(staffed: Staffed) -> None:
    """And no others."""
    assert staffed.at_desk("olga").get("/desk/").status_code == 200


def test_who_has_left_is_led_to_the_sign_in(staffed: Staffed) -> None:
    """A session does not outlive the work."""
    browser = staffed.at_desk("olga")
    from lastcall.core import clock
    from lastcall.core.plan import Change, Plan
    from lastcall.core.staff.member import Member

    gone = Change(Member, {"login": "olga"}, {"left_at": clock.now()})
    staffed.base.transact(lambda rows: rows.apply(Plan((gone,))))
    assert browser.get("/desk/")["Location"].startswith("/desk/signin/")


def refusals(staffed: Staffed) -> list[Event]:
    """What was refused to staff, newest last."""
    return staffed.base.transact(lambda rows: rows.some(Event, {"kind": "staff.refused"}, order="id"))

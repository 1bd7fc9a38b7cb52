"""The desk's first page, and what every page of the desk asks for."""

from __future__ import annotations

from django.test import Client

from lastcall.core import clock
from lastcall.core.plan import Change, Plan
from lastcall.core.staff.member import Member
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
    gone = Change(Member, {"login": "olga"}, {"left_at": clock.now()})
    staffed.base.transact(lambda rows: rows.apply(Plan((gone,))))
    assert browser.get("/desk/")["Location"].startswith("/desk/signin/")


def test_another_language_keeps_the_way_back(staffed: Staffed) -> None:
    """Whoever is on the way to a page and asks for another language still gets there."""
    stranger = Client(headers={"host": "localhost"})
    shown = stranger.get("/desk/signin/?next=%2Fdesk%2Fcounter%2F").content.decode()
    assert 'href="?next=%2Fdesk%2Fcounter%2F&amp;lang=ru"' in shown
    answer = stranger.get("/desk/signin/?next=%2Fdesk%2Fcounter%2F&lang=ru")
    assert answer["Location"] == "/desk/signin/?next=%2Fdesk%2Fcounter%2F"

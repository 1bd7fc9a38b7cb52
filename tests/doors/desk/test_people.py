"""The administrator's pages: who works here."""

from __future__ import annotations

import re

from django.test import Client

from lastcall.core.audit.event import Event
from lastcall.core.staff.member import Member
from tests.doors.desk.staffed import Staffed


def member(staffed: Staffed, login: str) -> Member:
    found = staffed.base.transact(lambda rows: rows.one(Member, {"login": login}))
    assert found is not None
    return found


def test_an_administrator_takes_somebody_in_and_hands_over_a_link(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    assert alla.get("/desk/people/new/").status_code == 200
    given = {"login": "vera", "name": "Вера", "language": "ru", "roles": ["clerk", "agent"], "shop": "north"}
    page = alla.post("/desk/people/new/", given).content.decode()
    found = re.search(r"http://localhost(/desk/signin/start/)#([0-9A-Z]{32})", page)
    assert found is not None
    chosen = {"word": found[2], "new": "four quiet words here", "again": "four quiet words here"}
    assert Client(headers={"host": "localhost"}).post(found[1], chosen).status_code == 302
    assert member(staffed, "vera").roles == "clerk agent"
    assert "Вера" in alla.get("/desk/people/").content.decode()


def test_what_is_wrong_is_said_at_the_form(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    given = {"login": "olga", "name": "Olga", "language": "ru", "roles": ["agent"], "shop": ""}
    assert "This login is taken" in alla.post("/desk/people/new/", given).content.decode()
    assert (
        "A clerk works in a shop"
        in alla.post("/desk/people/new/", given | {"login": "vera", "roles": ["clerk"]}).content.decode()
    )


def test_rights_change_from_the_next_click_on(staffed: Staffed) -> None:
    timur = staffed.at_desk("timur")
    assert timur.get("/desk/log/").status_code == 403
    changed = staffed.at_desk("alla").post("/desk/people/of/timur/", {"roles": ["auditor"], "shop": ""})
    assert changed.status_code == 302
    assert timur.get("/desk/log/").status_code == 200


def test_who_leaves_is_asked_about_once_and_is_out_at_once(staffed: Staffed) -> None:
    timur, alla = staffed.at_desk("timur"), staffed.at_desk("alla")
    assert timur.get("/desk/").status_code == 200
    assert "closed" in alla.get("/desk/people/of/timur/leave/").content.decode()
    assert alla.post("/desk/people/of/timur/leave/").status_code == 302
    assert timur.get("/desk/").status_code == 302
    assert alla.get("/desk/people/of/timur/").status_code == 404


def test_a_new_link_ends_the_old_password_at_once(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    words = [re.search(r"#([0-9A-Z]{32})", alla.post("/desk/people/of/timur/reset/").content.decode()) for _ in "12"]
    assert words[0] and words[1]
    browser = Client(headers={"host": "localhost"})
    chosen = {"new": "four quiet words here", "again": "four quiet words here"}
    assert browser.post("/desk/signin/start/", chosen | {"word": words[0][1]}).status_code == 200
    assert browser.post("/desk/signin/start/", chosen | {"word": words[1][1]}).status_code == 302
    alla.post("/desk/people/of/timur/reset/")
    assert browser.get("/desk/signin/setup/")["Location"].startswith("/desk/signin/")
    assert browser.post("/desk/signin/", {"login": "timur", "password": chosen["new"]}).status_code == 200


def test_shops_are_opened_and_closed(staffed: Staffed) -> None:
    alla = staffed.at_desk("alla")
    assert alla.post("/desk/people/shops/", {"code": "south", "name": "Юг"}).status_code == 302
    assert "Юг" in alla.get("/desk/people/shops/").content.decode()
    assert alla.post("/desk/people/shops/south/close/").status_code == 302
    assert "Юг" not in alla.get("/desk/people/shops/").content.decode()
    assert alla.post("/desk/people/shops/centre/close/").status_code == 403
    assert [event.kind for event in staffed.base.transact(lambda rows: rows.some(Event, {"subject": "shop"}, order="id"))] == [
        "shop.opened", "shop.closed",
    ]  # fmt: skip

"""``lastcall staff``: the first shop and the first administrator, and everybody after them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lastcall.core.clock import ManualClock
from tests.site.terminal import Terminal

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def add(lastcall: Terminal, login: str, *more: str) -> str:
    """A member's setting-up word."""
    found: str = lastcall("staff", "add", login, "--name", login.title(), *more, "--json").document["link"]
    return found.partition("#")[2]


def test_a_member_is_taken_in_and_the_link_works_once(lastcall: Terminal, time: ManualClock) -> None:
    assert lastcall("staff", "shop", "centre", "--name", "Центр").code == 0
    word = add(lastcall, "olga", "--role", "clerk", "--role", "agent", "--shop", "centre")
    chosen = {"word": word, "new": "four quiet words here", "again": "four quiet words here"}
    statuses = [Client(headers={"host": "localhost"}).post("/desk/signin/start/", chosen).status_code for _ in range(2)]
    assert statuses == [302, 200]
    (listed,) = lastcall("staff", "list", "--json").document
    assert (listed["login"], listed["roles"], listed["shop"]) == ("olga", ["clerk", "agent"], "centre")
    assert "olga" in lastcall("staff", "list").out


def test_people_read_the_link_whole(lastcall: Terminal) -> None:
    printed = lastcall("staff", "add", "alla", "--name", "Alla", "--role", "administrator").out
    assert re.search(r"/desk/signin/start/#[0-9A-Z]{32}\n", printed)


def test_roles_change_and_members_leave(lastcall: Terminal, time: ManualClock) -> None:
    add(lastcall, "timur", "--role", "agent")
    assert lastcall("staff", "roles", "timur", "--role", "reviewer", "--json").document["roles"] == ["reviewer"]
    assert "timur" in lastcall("staff", "remove", "timur").out
    assert lastcall("staff", "remove", "timur", "--json").error["code"] == "no_such_member"


def test_a_lost_factor_is_replaced_by_a_new_link(lastcall: Terminal, time: ManualClock) -> None:
    first = add(lastcall, "timur", "--role", "agent")
    second = lastcall("staff", "reset", "timur", "--json").document["link"].partition("#")[2]
    chosen = {"new": "four quiet words here", "again": "four quiet words here"}
    browser = Client(headers={"host": "localhost"})
    assert browser.post("/desk/signin/start/", chosen | {"word": first}).status_code == 200
    assert browser.post("/desk/signin/start/", chosen | {"word": second}).status_code == 302


def test_the_last_administrator_stays_and_a_clerk_needs_a_shop(lastcall: Terminal) -> None:
    add(lastcall, "alla", "--role", "administrator")
    refused = lastcall("staff", "remove", "alla", "--json")
    assert (refused.code, refused.error["code"]) == (3, "last_administrator")
    refused = lastcall("staff", "add", "olga", "--name", "Olga", "--role", "clerk", "--json")
    assert (refused.code, refused.error["code"]) == (2, "clerk_without_shop")


def test_nobody_acts_for_themselves_or_without_the_right(lastcall: Terminal) -> None:
    add(lastcall, "alla", "--role", "administrator")
    add(lastcall, "boris", "--role", "administrator")
    own = lastcall("staff", "remove", "alla", "--as", "administrator:alla", "--json")
    assert own.error["code"] == "own_rights"
    assert lastcall("staff", "remove", "alla", "--as", "clerk:olga", "--json").error["code"] == "no_right"

"""Whoever has no token, or one that is over, hears one and the same; a sign-in at the desk opens nothing here."""

from __future__ import annotations

from typing import Final

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.simcard import readers
from tests.core.counter.conftest import OLGA
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import nothing_changes, some
from tests.doors.desk.readers.conftest import Program
from tests.doors.desk.staffed import Staffed
from tests.doors.desk.test_rights_matrix import FOR_PROGRAMS

PATHS: Final = ("leave", "order/{}/card", "order/{}/backup", "order/{}/done", "order/{}/failed")


def say(program: Program, path: str, handling_id: int) -> tuple[int, bytes, str]:
    where = path.format(handling_id)
    answer = program.send(where, bytes(10)) if path.endswith("backup") else program.say(where, {})
    return answer.status_code, answer.content, answer["WWW-Authenticate"]


def test_every_address_for_programs_is_looked_at_here() -> None:
    assert len(FOR_PROGRAMS) == len(PATHS) + 2


@pytest.mark.parametrize("path", PATHS)
def test_without_a_living_token_the_answer_is_one_and_the_same(visit: Visit, path: str) -> None:
    asked, ended = visit.ask(), visit.token
    readers.leave(visit.base, token=ended)
    strangers = [Program(token) for token in ("", "nobodys", ended, "x" * 300, "é", visit.token[::-1])]
    with nothing_changes():
        heard = {say(stranger, path, number) for stranger in strangers for number in (asked.id, 1, 10**30)}
        heard |= {(answer.status_code, answer.content, answer["WWW-Authenticate"])
                  for answer in (stranger.ask("order") for stranger in strangers)}  # fmt: skip
    assert len(heard) == 1
    [(status, body, challenge)] = heard
    assert (status, challenge) == (401, "Bearer") and b"reader_ended" in body


def test_another_scheme_is_no_token(visit: Visit) -> None:
    for shown in (f"Basic {visit.token}", visit.token, f"Bearer{visit.token}", "Bearer "):
        answer = Program().client.get("/desk/readers/order", headers={"authorization": shown})
        assert answer.status_code == 401


def test_a_sign_in_at_the_desk_is_no_token(visit: Visit, staffed: Staffed) -> None:
    browser = staffed.at_desk("olga")
    assert browser.get("/desk/readers/order").status_code == 401
    assert browser.post("/desk/readers/leave", {}, content_type="application/json").status_code == 401


def test_a_code_that_is_none_is_not_found_whatever_it_lacks(visit: Visit) -> None:
    used = readers.offer(visit.base, actor=OLGA, shop_id=visit.counter.shop.id, policy=visit.cast.policy)
    readers.pair(visit.base, code=used, name="Window 3")
    heard = set()
    with nothing_changes():
        for code in (used, "ABCD1234", "", "\ud800", "x" * 2000):
            answer = Program().say("pair", {"code": code, "name": "Window 3"})
            heard.add((answer.status_code, answer.content))
    assert len(heard) == 1
    assert next(iter(heard))[0] == 404


def test_no_answer_sets_a_cookie_or_is_kept(visit: Visit, program: Program) -> None:
    visit.ask()
    for answer in (program.ask("order"), Program().ask("order"), Program().say("pair", {})):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


def test_refused_strangers_leave_no_event(visit: Visit) -> None:
    before = len(some(visit.base, Event))
    Program("nobodys").ask("order")
    assert len(some(visit.base, Event)) == before

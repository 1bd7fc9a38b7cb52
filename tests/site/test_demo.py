"""``lastcall demo``: a newcomer sees a line closed; a machine gets one document."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import NotFound
from lastcall.core.staff.members import STAFF_ROLES
from lastcall.core.staff.setting_up import look_at_link
from lastcall.site.demo import staff
from lastcall.site.home import home
from tests.site.terminal import Terminal


def test_it_ends_with_one_document(lastcall: Terminal, time: ManualClock) -> None:
    left = lastcall("demo", "--auto", "--json")
    assert left.code == 0, left.err
    document = left.document
    assert document["case"]["state"] == "closed"
    assert len(document["case"]["reference"]) == 16
    assert document["number"]["state"] == "pending_release"
    assert document["number"]["reclaim_until"] < document["number"]["quarantine_until"]
    assert document["sim"] == {"state": "dead", "custody": "subscriber"}
    assert document["hlr"]["before"]["in_service"]
    assert not document["hlr"]["after"]["in_service"]
    assert document["final_bill"]["refund"] == 8_000
    kinds = [event["kind"] for event in document["case"]["events"]]
    assert kinds[0] == "case.declared"
    assert kinds.count("tenure.ceased") == 1
    assert document["bank"] == [
        {"camara": "true", "disconnect": "yes", "rich": "reissued"},
        {"camara": "false", "disconnect": "yes", "rich": "returned"},
        {"camara": "true", "disconnect": "yes", "rich": "pending_release"},
    ]


def test_the_bank_of_the_demonstration_can_ask_by_itself(lastcall: Terminal, time: ManualClock, tmp_path: Path) -> None:
    lastcall("demo", "--auto", "--json")
    left = lastcall("check", str(home() / "bank.csv"), str(tmp_path / "answers.csv"), "--semantics", "rich", "--json")
    assert left.code == 0, left.err
    assert {name: count for name, count in left.document["answers"].items() if count} == {
        "reissued": 1, "returned": 1, "pending_release": 1,
    }  # fmt: skip
    assert lastcall("consumer", "token", "Careful Bank", "--json").code == 0


def test_it_can_be_played_again(lastcall: Terminal, time: ManualClock) -> None:
    lastcall("demo", "--auto", "--json")
    assert lastcall("demo", "--auto", "--json").document["case"]["state"] == "closed"


def test_it_tells_what_happens_as_it_happens(lastcall: Terminal, time: ManualClock) -> None:
    said = lastcall("demo", "--auto").out
    for words in ("given on", "given back", "declared", "hold", "read back: no service", "closed properly"):
        assert words in said
    asked = said[said.index("And a bank asks") :]
    assert "just closed" in asked and "pending release" in asked and "disconnect" in asked
    assert "…" not in asked  # nothing is cut at 80 columns


def test_an_hlr_that_is_not_there_is_said_in_one_line(lastcall: Terminal, time: ManualClock) -> None:
    left = lastcall("demo", "--auto", "--hlr", "osmo", "--hlr-address", "127.0.0.1:1:1", "--json")
    assert left.code == 5
    assert left.error["remedy"]


def test_a_port_that_is_taken_is_said_before_anything_is_played(lastcall: Terminal, time: ManualClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        left = lastcall("demo", "--port", str(taken.getsockname()[1]))
    assert left.code == 2
    assert "--port" in left.err
    assert lastcall("case", "list", "--json").document == []


def test_the_staff_of_the_demonstration_get_fresh_links_each_time(base: DjangoDatabase, time: ManualClock) -> None:
    first, second = staff.invite(base), staff.invite(base)
    assert [one.login for one in first] == [one.login for one in second] == ["olga", "irina", "arkady"]
    assert {word for one in first for word in one.roles.split()} == set(STAFF_ROLES), "every role is there to be tried"
    for before, now in zip(first, second, strict=True):
        assert look_at_link(base, word=now.path.partition("#")[2]).login == now.login
        with pytest.raises(NotFound):
            look_at_link(base, word=before.path.partition("#")[2])

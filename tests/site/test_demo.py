"""``lastcall demo``: a newcomer sees a line closed; a machine gets one document."""

from __future__ import annotations

import socket

from lastcall.core.clock import ManualClock
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


def test_it_can_be_played_again(lastcall: Terminal, time: ManualClock) -> None:
    lastcall("demo", "--auto", "--json")
    assert lastcall("demo", "--auto", "--json").document["case"]["state"] == "closed"


def test_it_tells_what_happens_as_it_happens(lastcall: Terminal, time: ManualClock) -> None:
    said = lastcall("demo", "--auto").out
    for words in ("given on", "given back", "declared", "hold", "read back: no service", "closed properly"):
        assert words in said


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

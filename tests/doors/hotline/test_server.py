"""The server among peers of every kind: too many, hostile, gone early, and its own end."""

from __future__ import annotations

import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from lastcall.core.hotline import calls
from lastcall.doors.hotline.server import Limits
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, PASSPORT, Cast
from tests.doors.hotline.conftest import ONE_DATABASE, Line, serving
from tests.doors.hotline.phone import Phone
from tests.secrecy import stands_in

LI_WEI = f"{LI_WEI_MSISDN}#"
RIGHT = f"{PASSPORT[2][-4:]}#"


def raw(port: int, sent: bytes, *, close: bool = False) -> bytes:
    """What the server answers to these octets until it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        peer.sendall(sent)
        if close:
            return b""
        got = b""
        try:
            while more := peer.recv(4096):
                got += more
        except ConnectionResetError:
            pass
        return got


@ONE_DATABASE
@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00\xff" * 50 + b"\n",
        b"agi_x: " + b"y" * 50_000 + b"\n\n",
        b"agi_network_script: hotline\n\n",
        b"agi_network_script: gone?call=1;DROP\n\n",
        b"agi_network_script: gone?call=99999999999999999999999\n\n",
        b"agi_network_script: gone?call=5\n\n",
    ],
)
def test_whoever_does_not_speak_agi_is_let_go_and_no_call_is_written(line: Line, sent: bytes) -> None:
    assert raw(line.port, sent) == b""
    assert not line.calls()
    phone = line.call("3")
    assert phone.keys_heard() == ["main"], "the next caller is served"
    phone.hang_up()


@ONE_DATABASE
def test_peers_that_leave_at_once_cost_nothing(line: Line) -> None:
    for sent in (b"", b"agi_uniqueid: 1\n", b"agi_un"):
        raw(line.port, sent, close=True)
    phone = line.call("3")
    assert len(line.calls()) == 1
    phone.hang_up()


@ONE_DATABASE
def test_a_silent_peer_is_let_go_after_its_time(cast: Cast, hummed: Path) -> None:
    with serving(cast, hummed, limits=Limits(patience=0.2)) as line:
        assert raw(line.port, b"agi_uniqueid: 1\nagi_half") == b""
        phone = Phone(line.port)
        phone.command()  # set LASTCALL_CALL, never answered
        call = line.over(phone)
        assert (call.state, call.outcome) == ("gone", "failed")
        phone.close()


@ONE_DATABASE
def test_a_call_that_never_ends_is_ended(cast: Cast, hummed: Path) -> None:
    with serving(cast, hummed, limits=Limits(longest_call=0.3)) as line:
        phone = Phone(line.port)
        assert (line.over().state, line.last().outcome) == ("gone", "stopped")
        phone.close()


@ONE_DATABASE
def test_more_callers_than_there_are_lines_hear_that_all_are_busy(cast: Cast, hummed: Path) -> None:
    with serving(cast, hummed, limits=Limits(calls=1)) as line:
        first = line.call("3")
        second = Phone(line.port, query="lang=ru")
        assert not second.listen()
        assert second.heard == ["ru/busy"] and second.variables == {"LASTCALL_RESULT": "busy"}
        assert len(line.calls()) == 1, "nothing is written for a caller who was not served"
        first.hang_up()
        line.over(first)
        third = line.call("3")
        assert third.keys_heard() == ["main"]
        third.hang_up()


@ONE_DATABASE
def test_those_who_hear_that_all_are_busy_are_bounded_too(cast: Cast, hummed: Path) -> None:
    with serving(cast, hummed, limits=Limits(calls=1)) as line:
        first = line.call("3")
        second = Phone(line.port, query="lang=ru")
        second.listen(until="busy")
        assert raw(line.port, b"") == b""
        second.close()
        first.hang_up()


def test_many_callers_at_once_each_get_their_own_call(line: Line) -> None:
    def one(number: int) -> str:
        phone = line.call("3", "1", f"{(LI_WEI_MSISDN, ANNA_MSISDN)[number % 2]}#", "1", "#")
        reference = phone.reference()
        phone.hang_up()
        return reference

    with ThreadPoolExecutor(12) as pool:
        references = list(pool.map(one, range(24)))
    assert len(set(references)) == 24
    assert {call.state for call in line.calls()} == {"gone"} and len({call.case_id for call in line.calls()}) == 24


def test_the_end_of_the_server_ends_the_calls_in_the_menu(cast: Cast, hummed: Path) -> None:
    with serving(cast, hummed) as line:
        phone = line.call("3", "1", LI_WEI, "1")
        queued = line.call("3", "0")
    assert [(call.state, call.outcome) for call in line.calls()] == [("gone", "stopped"), ("queued", "")]
    assert line.calls()[0].case_id is not None, "the declaration stays"
    assert not phone.command()
    phone.close()
    queued.close()


def test_the_end_of_the_server_while_a_call_is_being_written_leaves_it_over(
    cast: Cast, hummed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, go_on, begin = threading.Event(), threading.Event(), calls.begin

    def slow(*words: object, **named: object) -> object:
        call = begin(*words, **named)  # type: ignore[arg-type]
        written.set()
        go_on.wait(20)
        return call

    monkeypatch.setattr(calls, "begin", slow)
    with serving(cast, hummed) as line:
        phone = Phone(line.port)
        assert written.wait(20)
        threading.Timer(0.1, go_on.set).start()
        line.run(line.hotline.stop())
        assert (line.last().state, line.last().outcome) == ("gone", "stopped")
        phone.close()


def test_a_server_that_was_killed_leaves_no_call_standing_for_ever(cast: Cast, hummed: Path) -> None:
    call = calls.begin(cast.base, channel="lost")
    cast.time.advance(timedelta(hours=1))
    with serving(cast, hummed) as line:
        assert (line.last().id, line.last().state, line.last().outcome) == (call.id, "gone", "abandoned")


def test_the_same_channel_again_is_the_same_call_until_that_is_over(line: Line) -> None:
    phone = line.call("2", channel="17.9")
    again = line.call(channel="17.9")
    assert again.heard == ["ru/main"] and len(line.calls()) == 1
    phone.hang_up()
    again.close()
    line.over(phone)
    new = line.call(channel="17.9")
    assert len(line.calls()) == 2
    new.hang_up()


def test_a_hang_up_in_the_queue_is_told_by_the_dialplan(line: Line) -> None:
    phone = line.call("3", "0")
    call = phone.variables["LASTCALL_CALL"]
    for _ in range(2):
        gone = Phone(line.port, script="gone", query=f"call={call}")
        assert not gone.listen()
    assert (line.last().state, line.last().outcome) == ("gone", "hung_up")


@ONE_DATABASE
def test_no_number_and_no_key_gets_into_the_log(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        phone = line.call("3", "1", LI_WEI, "1", "0001#", RIGHT, "2")
        phone.say("nonsense 79000001001")
        assert not phone.command() and line.over(phone).state == "gone"
        phone.close()
    assert not [said for said in ("79000001001", "79000009999", "0001", "5678") if stands_in(said, caplog.text)]
    assert "a line that is no answer" in caplog.text


def test_the_database_away_ends_the_call_and_nothing_else(
    cast: Cast, hummed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(cast, hummed) as line:
        away = threading.Event()
        begin = calls.begin

        def failing(*words: object, **named: object) -> object:
            if away.is_set():
                raise ConnectionError("the database is away")
            return begin(*words, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(calls, "begin", failing)
        away.set()
        phone = Phone(line.port)
        assert not phone.listen() and phone.variables == {}, "the dialplan sends the caller on by itself"
        away.clear()
        phone = line.call("3")
        assert phone.keys_heard() == ["main"]
        phone.hang_up()

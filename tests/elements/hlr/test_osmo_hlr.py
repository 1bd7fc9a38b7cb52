"""What is OsmoHLR's own: troubles on the wire, what is asked and what never, and its quirks."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import HlrEntry
from lastcall.elements.hlr.ctrl import CtrlClient
from lastcall.elements.hlr.osmo_hlr import OsmoHlr
from lastcall.elements.hlr.vty import VtyClient
from lastcall.elements.hlr.wire import Wire
from lastcall.elements.network import Deadline

from .fakes import (
    Behaviour,
    FakeServer,
    Recorder,
    answering,
    command_line,
    dripping,
    flooding,
    frame,
    hanging_up,
    saying,
    silent,
)
from .network import OsmoNetwork
from .osmo import CTRL_PORT, VTY_PORT, OsmoHlrProcess, program

IMSI = "250010000000001"
MSISDN = "79990000001"
SHORT = 0.4


def info(imsi: str = IMSI, msisdn: str = MSISDN, cs: str = "1", ps: str = "1") -> str:
    return f"\nid\t7\nimsi\t{imsi}\nmsisdn\t{msisdn}\nnam_cs\t{cs}\nnam_ps\t{ps}\nvlr_number\tVLR-1"


def reply(question: str, value: str) -> str:
    verb, number, variable, *_ = question.split(" ")
    return f"{verb}_REPLY {number} {variable} {value}"


def in_service(question: str) -> str:
    return reply(question, info())


@contextmanager
def hlr_made_of(ctrl: Behaviour, vty: Behaviour = silent, *, timeout: float = SHORT) -> Iterator[OsmoHlr]:
    with FakeServer(ctrl) as ctrl_server, FakeServer(vty) as vty_server:
        yield OsmoHlr("127.0.0.1", vty_server.port, ctrl_server.port, timeout)


def trouble_of(act: Callable[[], object]) -> ElementTrouble:
    with pytest.raises(ElementTrouble) as raised:
        act()
    return raised.value


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_making_the_adapter_opens_nothing() -> None:
    with FakeServer(silent) as server:
        OsmoHlr("127.0.0.1", server.port, server.port)
        assert server.connections == 0


def test_an_hlr_that_is_down_is_trouble_for_now() -> None:
    trouble = trouble_of(lambda: OsmoHlr("127.0.0.1", closed_port(), closed_port()).look(IMSI))

    assert (trouble.permanent, trouble.code) == (False, "unreachable")
    assert "127.0.0.1" in trouble.message


def test_a_host_without_an_address_is_trouble_for_now() -> None:
    assert trouble_of(lambda: OsmoHlr("hlr.invalid").look(IMSI)).code == "unreachable"


@pytest.mark.parametrize(
    "ctrl",
    [
        silent,
        dripping(b"\x00\xff\xee\x00" + b"x" * 200),
        dripping(frame("TRAP 0 x y")),
        flooding(frame("TRAP 0 x y")),
        saying(b"\x00"),
    ],
    ids=["silent", "dripping", "dripping news", "flooding news", "half a head"],
)
def test_no_control_interface_holds_us_longer_than_agreed(ctrl: Behaviour) -> None:
    with hlr_made_of(ctrl) as hlr:
        began = time.monotonic()
        trouble = trouble_of(lambda: hlr.look(IMSI))
        took = time.monotonic() - began

    assert (trouble.permanent, trouble.code) == (False, "timeout")
    assert SHORT * 0.9 < took < SHORT * 3


@pytest.mark.parametrize("vty", [silent, dripping(b"x"), dripping(b"a line\r\n")], ids=["silent", "dripping", "lines"])
def test_no_vty_holds_us_longer_than_agreed(vty: Behaviour) -> None:
    with hlr_made_of(answering(in_service), vty) as hlr:
        began = time.monotonic()
        trouble = trouble_of(lambda: hlr.bar(IMSI))
        took = time.monotonic() - began

    assert (trouble.permanent, trouble.code) == (False, "timeout")
    assert took < SHORT * 3


def test_the_time_is_for_the_whole_operation_not_for_each_question() -> None:
    def slowly(question: str) -> str:
        time.sleep(SHORT * 0.7)
        return reply(question, info())

    with hlr_made_of(answering(slowly), command_line(lambda _: "")) as hlr:
        began = time.monotonic()
        trouble = trouble_of(lambda: hlr.bar(IMSI))  # looks twice: 1.4 times what is allowed
        took = time.monotonic() - began

    assert trouble.code == "timeout"
    assert took < SHORT * 3


@pytest.mark.parametrize(
    "ctrl",
    [
        saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        saying(b"\xff\xff\xee\x00" + b"x" * 70_000),
        saying(b"\x00\x00\xee\x00"),
        saying(b"\x00\x05\xfe\x00abcd"),
        saying(b"\x00\x05\xee\x00\xff\xff\xff\xff"),
        saying(frame("nonsense")),
        answering(lambda _: "GET_REPLY 9 subscriber.by-imsi-" + IMSI + ".info " + info()),
        answering(lambda _: "ERROR err Request type unknown"),
        answering(lambda question: in_service(question).replace("info ", "info-x ")),
        answering(lambda question: reply(question, "")),
        answering(lambda question: reply(question, info(cs="yes"))),
        answering(lambda question: reply(question, info(imsi="250010000000002"))),
    ],
    ids=[
        "another protocol",
        "too long a frame",
        "an empty frame",
        "another IPA stream",
        "no ASCII",
        "nonsense",
        "another question's answer",
        "an error to nothing",
        "another variable",
        "no fields",
        "a flag that is none",
        "another line's entry",
    ],
)
def test_an_answer_that_cannot_be_read_is_trouble_for_now(ctrl: Behaviour) -> None:
    with hlr_made_of(ctrl) as hlr:
        trouble = trouble_of(lambda: hlr.look(IMSI))

    assert (trouble.permanent, trouble.code) == (False, "garbled")
    assert "10000000" not in str(trouble)


@pytest.mark.parametrize(
    "vty",
    [flooding(b"no prompt here\r\n"), flooding(b"x"), command_line(lambda _: "", echo=False)],
    ids=["endless lines", "an endless line", "no echo"],
)
def test_a_vty_that_cannot_be_read_is_trouble_for_now(vty: Behaviour) -> None:
    with hlr_made_of(answering(in_service), vty, timeout=5.0) as hlr:
        trouble = trouble_of(lambda: hlr.bar(IMSI))

    assert (trouble.permanent, trouble.code) == (False, "garbled")


@pytest.mark.parametrize("words", [b"", b"\x00\xba\xee\x00GET_R"], ids=["at once", "in the middle"])
def test_an_hlr_that_hangs_up_is_trouble_for_now(words: bytes) -> None:
    with hlr_made_of(hanging_up(words)) as hlr:
        trouble = trouble_of(lambda: hlr.look(IMSI))

    assert (trouble.permanent, trouble.code) == (False, "unreachable")


def test_an_error_of_the_hlr_is_told_without_the_full_imsi() -> None:
    with hlr_made_of(answering(lambda _: f"ERROR 1 Database is full of {IMSI}.")) as hlr:
        trouble = trouble_of(lambda: hlr.look(IMSI))

    assert (trouble.permanent, trouble.code) == (False, "not_done")
    assert "Database is full of …0001." in str(trouble)


def test_a_refused_creation_is_trouble_for_now() -> None:
    def answer(question: str) -> str:
        return "ERROR 1 No such subscriber." if question.startswith("GET") else "ERROR 2 Invalid IMSI value."

    with hlr_made_of(answering(answer)) as hlr:
        assert trouble_of(lambda: hlr.provision(IMSI, MSISDN)).code == "not_done"


@pytest.mark.parametrize("words", ["", "% Error: cannot disable"], ids=["silently", "with words"])
def test_a_barring_without_effect_is_noticed(words: str) -> None:
    vty = command_line(lambda command: "" if command == "enable" else words)
    with hlr_made_of(answering(in_service), vty) as hlr:
        assert trouble_of(lambda: hlr.bar(IMSI)).code == "not_done"


def test_a_number_refused_for_another_reason_is_not_called_in_use() -> None:
    def vty(command: str) -> str:
        return "" if command == "enable" else "% Error: cannot update MSISDN"

    def ctrl(question: str) -> str:
        return f"ERROR {question.split()[1]} No such subscriber." if "msisdn" in question else in_service(question)

    with hlr_made_of(answering(ctrl), command_line(vty)) as hlr:
        trouble = trouble_of(lambda: hlr.provision(IMSI, "79990000002"))

    assert (trouble.permanent, trouble.code) == (False, "not_done")


def test_answers_in_single_octets_and_news_between_them_are_read_all_the_same() -> None:
    ctrl = answering(in_service, before=frame("TRAP 0 subscriber.x y"), in_octets=True)
    with hlr_made_of(ctrl, command_line(lambda _: "", in_octets=True), timeout=5.0) as hlr:
        entry = hlr.look(IMSI)
        trouble = trouble_of(lambda: hlr.bar(IMSI))  # got through every step to the look afterwards

    assert entry == HlrEntry(IMSI, MSISDN, circuit_switched=True, packet_switched=True, serving_vlr="VLR-1")
    assert trouble.code == "not_done"


@pytest.mark.parametrize(
    "bad",
    [f"{IMSI} delete", f"{IMSI}\nsubscriber imsi {IMSI} delete", f"{IMSI}\n", "none", "1.info-all 250010", "²" * 8],
    ids=["a second word", "a second line", "a line feed", "a keyword", "another variable", "digits of a kind"],
)
def test_nothing_slips_into_a_command(bad: str) -> None:
    with FakeServer(silent) as server:
        hlr = OsmoHlr("127.0.0.1", server.port, server.port, SHORT)
        for act in (hlr.look, hlr.bar, hlr.grant, hlr.take_number_off, hlr.remove):
            with pytest.raises(BadInput):
                act(bad)
        with pytest.raises(BadInput):
            hlr.provision(IMSI, bad)
        assert server.connections == 0


@pytest.mark.parametrize("line", ["", "enable\nexit", "enable\r", "größe", "x" * 201])
def test_the_vty_client_itself_gives_no_second_line(line: str) -> None:
    with (
        FakeServer(command_line(lambda _: "")) as server,
        Wire("127.0.0.1", server.port, Deadline(5.0), where="a fake") as wire,
        pytest.raises(ValueError, match="one line"),
    ):
        VtyClient(wire).command(line)


@pytest.mark.element
def test_the_keys_are_never_asked_for(osmo_hlr: OsmoHlrProcess, imsi: str, msisdn: str, other_imsi: str) -> None:
    ctrl = Recorder(osmo_hlr.address, CTRL_PORT)
    vty = Recorder(osmo_hlr.address, VTY_PORT)
    with hlr_made_of(ctrl.behave, vty.behave, timeout=5.0) as hlr:
        hlr.provision(imsi, msisdn)
        trouble_of(lambda: hlr.provision(other_imsi, msisdn))
        hlr.bar(imsi)
        hlr.grant(imsi)
        hlr.bar(imsi)
        hlr.take_number_off(imsi)
        hlr.remove(imsi)
        assert hlr.look(imsi) is None

    assert ctrl.asked.count(b".info") == ctrl.asked.count(b"GET ")
    assert b".info-" not in ctrl.asked
    assert b"aud" not in ctrl.asked + vty.asked
    assert b"show" not in vty.asked
    assert ctrl.asked.count(b"SET ") == ctrl.asked.count(b"subscriber.create")  # every other order is by VTY


@pytest.mark.element
def test_nothing_is_changed_when_only_the_vty_is_down(osmo: OsmoNetwork, imsi: str, msisdn: str) -> None:
    osmo.hlr.provision(imsi, msisdn)
    half = OsmoHlr(osmo.address, closed_port(), CTRL_PORT)

    assert trouble_of(lambda: half.bar(imsi)).code == "unreachable"

    entry = osmo.hlr.look(imsi)
    assert entry is not None
    assert entry.in_service


@pytest.mark.element
def test_a_barring_cut_off_before_its_answer_can_be_given_again(osmo: OsmoNetwork, imsi: str, msisdn: str) -> None:
    def swallow(peer: socket.socket) -> None:
        with Wire(osmo.address, VTY_PORT, Deadline(5.0), where="OsmoHLR") as wire:
            VtyClient(wire).command(f"subscriber imsi {imsi} update network-access-mode none")
        silent(peer)

    osmo.hlr.provision(imsi, msisdn)
    osmo.attach(imsi)
    with hlr_made_of(Recorder(osmo.address, CTRL_PORT).behave, swallow) as cut_off:
        assert trouble_of(lambda: cut_off.bar(imsi)).code == "timeout"

    osmo.hlr.bar(imsi)

    assert osmo.deletions(imsi) == 2  # of the first order alone


@pytest.mark.element
def test_the_control_interface_would_tell_the_vlr_nothing(osmo: OsmoNetwork, imsi: str, msisdn: str) -> None:
    osmo.hlr.provision(imsi, msisdn)
    osmo.attach(imsi)

    with Wire(osmo.address, CTRL_PORT, Deadline(5.0), where="OsmoHLR") as wire:
        ctrl = CtrlClient(wire)
        for domain in ("cs", "ps"):
            assert ctrl.set(f"subscriber.by-imsi-{imsi}.{domain}-enabled", "0").done

    assert osmo.deletions(imsi) == 0  # the reason why orders go by VTY


@pytest.mark.element
def test_a_vlr_that_was_away_at_the_barring_is_never_told(osmo: OsmoNetwork, imsi: str, msisdn: str) -> None:
    osmo.hlr.provision(imsi, msisdn)
    osmo.attach(imsi)
    osmo.disconnect()

    osmo.hlr.bar(imsi)
    osmo.connect()

    assert osmo.deletions(imsi) == 0
    assert osmo.attach(imsi).cause == 11


@pytest.mark.element
def test_a_real_hlr_that_was_stopped_is_trouble_until_it_is_back(tmp_path: Path, imsi: str, msisdn: str) -> None:
    with OsmoHlrProcess(tmp_path) as process:
        hlr = OsmoHlr(process.address)
        hlr.provision(imsi, msisdn)
        process.stop()
        assert trouble_of(lambda: hlr.bar(imsi)).code == "unreachable"

        process.start()
        hlr.bar(imsi)

        entry = hlr.look(imsi)
    assert entry is not None
    assert not entry.in_service


def test_a_missing_program_skips_unless_everything_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("LASTCALL_TEST_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        program()

    monkeypatch.setenv("LASTCALL_TEST_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="must be"):
        program()

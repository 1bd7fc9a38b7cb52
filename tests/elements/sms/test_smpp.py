"""SMS over SMPP, to a real SMSC on this machine."""

from __future__ import annotations

import itertools
import logging
import socket
import struct
import threading
import time as system_time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Attachment, Message
from lastcall.elements.sms.parts import DEFAULT_ALPHABET, MOST_PARTS, UCS2
from lastcall.elements.sms.smpp import SmppAccount, SmppSms
from tests import smsc as numbers
from tests.smsc import Smsc

pytestmark = pytest.mark.element
_serial = itertools.count(1)

CHINESE = "您的号码 ****67 将于 3 月 4 日注销。如非本人操作，请立即联系我们。"
RUSSIAN = "Ваша линия ****67 закрывается 4 марта. Если это не вы, позвоните нам."
ENGLISH = "Your line ****67 closes on 4 March. Not you? [Call us] {now} for 0 € ~ @ $ _ ^ | \\"
GSM = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡AZÄÖÑÜ§¿azäöñüà\f^{}\\[~]|€"


def message_to(address: str, text: str = RUSSIAN) -> Message:
    return Message(f"notice {next(_serial)}", address, "", text, "ru")


def fresh_number() -> str:
    return f"+7999777{next(_serial):04d}"


@pytest.mark.parametrize(
    ("text", "coding"),
    [
        (CHINESE, UCS2),
        (RUSSIAN, UCS2),
        (ENGLISH, DEFAULT_ALPHABET),
        (GSM, DEFAULT_ALPHABET),
        ("`", UCS2),
        ("\x1b", UCS2),
    ],
)
def test_a_text_arrives_as_it_was(smsc: Smsc, sms: SmppSms, text: str, coding: int) -> None:
    to = fresh_number()
    sms.send(message_to(to, text))
    assert smsc.text(to) == text
    (message,) = smsc.messages(to=to)
    assert (message.data_coding, len(message.parts)) == (coding, 1)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 304, 2), ("a" * 305, 3), ("€" * 80, 1), ("€" * 81, 2), ("a" + "€" * 152, 3),
        ("я" * 70, 1), ("я" * 71, 2), ("я" * 132, 2), ("я" * 133, 3), ("😀" * 35, 1), ("я" + "😀" * 35, 2),
        (CHINESE * 10, 7), ("я" * 66 * MOST_PARTS, MOST_PARTS),
    ],
)  # fmt: skip
def test_a_long_text_is_joined_again(smsc: Smsc, sms: SmppSms, text: str, parts: int) -> None:
    to = fresh_number()
    sms.send(message_to(to, text))
    assert smsc.text(to) == text
    assert len(smsc.messages(to=to)[0].parts) == parts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(st.sampled_from(GSM), min_size=1, max_size=700),
        st.text(st.sampled_from("您的号码将注销，бюллетень Ёж a1 😀👩‍👩‍👧🇷🇺€{"), min_size=1, max_size=500),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=300),
    ).filter(str.strip)
)
@example(text="я" * 65 + "😀" * 70)
@example(text="a" * 151 + "€" * 20)
def test_what_goes_in_comes_out_and_no_sign_is_cut(smsc: Smsc, sms: SmppSms, text: str) -> None:
    to = fresh_number()
    sms.send(message_to(to, text))
    assert smsc.text(to) == text
    for part in smsc.messages(to=to)[0].parts:
        part.encode()  # fails on half of a surrogate pair
        assert "\x1b" in text or "\x1b" not in part  # nor is an escape parted from its sign


def test_a_text_of_too_many_parts_is_refused_for_good(smsc: Smsc, sms: SmppSms) -> None:
    to = fresh_number()
    with pytest.raises(ElementTrouble) as caught:
        sms.send(message_to(to, "я" * (66 * MOST_PARTS + 1)))
    assert (caught.value.code, caught.value.permanent) == ("message_too_long", True)
    assert smsc.messages(to=to) == []


@pytest.mark.parametrize(
    ("sender", "ton", "npi", "source"),
    [
        ("Lastcall", 5, 0, "Lastcall"),
        ("Op 1.2-3", 5, 0, "Op 1.2-3"),
        ("8800", 3, 0, "8800"),
        ("+79990000001", 1, 1, "79990000001"),
    ],
)
def test_the_phone_shows_the_sender(smsc: Smsc, tmp_path: Path, sender: str, ton: int, npi: int, source: str) -> None:
    to = fresh_number()
    with at(smsc.account(sender=sender), tmp_path) as sms:
        sms.send(message_to(to))
    smsc.text(to)
    (message,) = smsc.messages(to=to)
    assert (message.source_ton, message.source_npi, message.source) == (ton, npi, source)


def test_attachments_are_left_out(smsc: Smsc, sms: SmppSms) -> None:
    to = fresh_number()
    sms.send(replace(message_to(to), attachments=(Attachment("letter.pdf", "application/pdf", b"%PDF"),)))
    assert smsc.text(to) == RUSSIAN


@pytest.mark.parametrize(
    ("number", "code", "permanent"),
    [
        (numbers.INVALID + "1", "invalid_destination", True),
        (numbers.STATUS + "001", "message_too_long", True),
        (numbers.STATUS + "080", "invalid_destination", True),
        (numbers.STATUS + "101", "message_refused", True),
        (numbers.STATUS + "102", "message_refused", True),
        (numbers.THROTTLED + "1", "throttled", False),
        (numbers.QUEUE_FULL + "1", "queue_full", False),
        (numbers.STATUS + "008", "not_taken", False),
        (numbers.STATUS + "010", "sender_refused", False),
        (numbers.STATUS + "100", "not_taken", False),
        (numbers.STATUS + "255", "not_taken", False),
        (numbers.STATUS + "999", "not_taken", False),
        (numbers.CUT_OFF + "1", "unreachable", False),
    ],
)
def test_each_refusal_is_told_apart(smsc: Smsc, sms: SmppSms, number: str, code: str, permanent: bool) -> None:
    message = message_to(number)
    with pytest.raises(ElementTrouble) as caught:
        sms.send(message)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)
    assert number[1:] not in f"{caught.value} {caught.value.remedy}"
    to = fresh_number()
    sms.send(message_to(to))
    assert smsc.text(to) == RUSSIAN


def test_an_smsc_that_says_nothing_is_left_in_time(smsc: Smsc, tmp_path: Path) -> None:
    with at(smsc.account(), tmp_path, timeout=0.4) as sms:
        began = system_time.monotonic()
        with pytest.raises(ElementTrouble) as caught:
            sms.send(message_to(numbers.NEVER_ANSWERED + "1"))
        assert (caught.value.code, caught.value.permanent) == ("timeout", False)
        assert system_time.monotonic() - began < 3


def test_threads_that_wait_for_one_another_are_left_in_time_too(smsc: Smsc, tmp_path: Path) -> None:
    def attempt(sms: SmppSms, place: int) -> str | None:
        with pytest.raises(ElementTrouble) as caught:
            sms.send(message_to(f"{numbers.NEVER_ANSWERED}{place}"))
        return caught.value.code

    with at(smsc.account(), tmp_path, timeout=0.5) as sms, ThreadPoolExecutor(4) as pool:
        began = system_time.monotonic()
        assert set(pool.map(lambda place: attempt(sms, place), range(4))) == {"timeout"}
        assert system_time.monotonic() - began < 2


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"system_id": "somebody"}])
def test_a_refused_bind_is_trouble_for_now(smsc: Smsc, tmp_path: Path, wrong: dict[str, str]) -> None:
    with at(smsc.account(**wrong), tmp_path) as sms:
        for _ in range(2):
            with pytest.raises(ElementTrouble) as caught:
                sms.send(message_to(fresh_number()))
            assert (caught.value.code, caught.value.permanent) == ("bind_refused", False)


def test_a_bind_without_answer_is_left_in_time(smsc: Smsc, tmp_path: Path) -> None:
    with at(smsc.account(system_id="silent"), tmp_path, timeout=0.3) as sms, pytest.raises(ElementTrouble) as caught:
        sms.send(message_to(fresh_number()))
    assert caught.value.code == "timeout"


def test_it_comes_back_after_the_smsc_does(smsc: Smsc, sms: SmppSms) -> None:
    sms.send(message_to(fresh_number()))
    smsc.stop()
    lost, to = message_to(fresh_number()), fresh_number()
    with pytest.raises(ElementTrouble) as caught:
        sms.send(lost)
    assert (caught.value.code, caught.value.permanent) == ("unreachable", False)
    smsc.start()
    sms.send(lost)
    sms.send(message_to(to))
    assert smsc.text(lost.address) == smsc.text(to) == RUSSIAN


def test_a_connection_cut_while_idle_costs_no_message(smsc: Smsc, sms: SmppSms) -> None:
    sms.send(message_to(fresh_number()))
    for _ in range(5):
        to, mark = fresh_number(), smsc.mark()
        smsc.command("drop")
        smsc.wait("dropped", after=mark)
        sms.send(message_to(to))
        assert smsc.text(to) == RUSSIAN
        assert len(smsc.told("bind", after=mark)) == 1


def test_threads_share_one_connection(smsc: Smsc, sms: SmppSms) -> None:
    mark = smsc.mark()
    messages = [message_to(fresh_number(), f"{place} " + RUSSIAN * 3) for place in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(sms.send, messages))
    assert [smsc.text(message.address) for message in messages] == [message.text for message in messages]
    assert len(smsc.told("bind", after=mark)) == 1


def test_receipts_are_acknowledged_while_nobody_sends(smsc: Smsc, sms: SmppSms) -> None:
    delivered, undeliverable = fresh_number(), numbers.UNDELIVERABLE + "1"
    sms.send(message_to(delivered))
    sms.send(message_to(undeliverable))
    smsc.wait("receipt", destination=delivered[1:], stat="DELIVRD")
    smsc.wait("receipt", destination=undeliverable[1:], stat="UNDELIV")


def test_each_side_asks_whether_the_other_lives(smsc: Smsc, tmp_path: Path) -> None:
    mark = smsc.mark()
    with at(smsc.account(), tmp_path, idle=0.1) as sms:
        sms.send(message_to(fresh_number()))
        smsc.wait("enquired", after=mark)
        smsc.command("enquire")
        smsc.wait("answered", after=mark)
        sms.send(message_to(fresh_number()))
    assert len(smsc.told("bind", after=mark)) == 1


def test_what_was_refused_for_now_goes_out_later_and_once(smsc: Smsc, sms: SmppSms) -> None:
    message = message_to(numbers.THROTTLED_ONCE + f"{next(_serial)}", RUSSIAN * 4)
    with pytest.raises(ElementTrouble):
        sms.send(message)
    sms.send(message)
    sms.send(message)
    assert smsc.text(message.address) == message.text
    assert len(smsc.messages(to=message.address)) == 1


def test_a_message_handed_over_before_a_restart_is_not_handed_over_again(smsc: Smsc, tmp_path: Path) -> None:
    message = message_to(fresh_number())
    for _ in range(2):
        with at(smsc.account(), tmp_path) as sms:
            sms.send(message)
    smsc.text(message.address)
    assert len(smsc.messages(to=message.address)) == 1


def test_parts_submitted_again_fit_those_that_went_before(smsc: Smsc, tmp_path: Path) -> None:
    message = message_to(fresh_number(), CHINESE * 4)
    for place in range(2):
        with at(smsc.account(), tmp_path / f"{place}") as sms:  # a memory that was lost
            sms.send(message)
    smsc.text(message.address)
    one, other = smsc.messages(to=message.address)
    assert one == other and one.reference is not None


def test_nothing_secret_is_shown_or_kept(smsc: Smsc, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = message_to(numbers.INVALID + "9", "Your code is 845213")
    account = smsc.account()
    with at(account, tmp_path) as sms, pytest.raises(ElementTrouble) as caught:
        sms.send(secret)
    with at(smsc.account(password="wr0ngpw"), tmp_path) as sms, pytest.raises(ElementTrouble) as refused:
        sms.send(secret)
    kept = "".join(f"{path.name} {path.read_bytes()!r}" for path in tmp_path.rglob("*") if path.is_file())
    errors = (caught.value, refused.value)
    shown = f"{account!r} {errors!r} {[error.remedy for error in errors]} {caplog.text} {kept}"
    assert kept
    for word in (numbers.PASSWORD, "wr0ngpw", secret.address[1:], "845213", secret.key):
        assert word not in shown


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", struct.pack(">LLLL", 0, 0, 0, 0), struct.pack(">LLLL", 2**31, 9, 0, 1)],
)
def test_what_is_no_smsc_is_trouble_for_now(tmp_path: Path, answer: bytes) -> None:
    with (
        answering(lambda connection: connection.sendall(answer)) as port,
        at(SmppAccount("127.0.0.1", port, "a", "b", "Lastcall"), tmp_path) as sms,
        pytest.raises(ElementTrouble) as caught,
    ):
        sms.send(message_to(fresh_number()))
    assert (caught.value.code, caught.value.permanent) == ("garbled", False)


def test_an_smsc_that_lets_octets_drip_is_left_in_time(tmp_path: Path) -> None:
    def drip(connection: socket.socket) -> None:
        for _ in range(100):
            connection.sendall(b"\x00")
            system_time.sleep(0.05)

    with answering(drip) as port, at(SmppAccount("127.0.0.1", port, "a", "b", "8800"), tmp_path, timeout=0.4) as sms:
        began = system_time.monotonic()
        with pytest.raises(ElementTrouble) as caught:
            sms.send(message_to(fresh_number()))
        assert caught.value.code == "timeout"
        assert system_time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"password": "ninechars"}, "password"),
        ({"password": "пароль"}, "password"),
        ({"system_id": "s" * 16}, "system_id"),
        ({"system_id": "a\x00b"}, "system_id"),
        ({"sender": ""}, "sender"),
        ({"sender": "12345678901"}, "sender"),
        ({"sender": "Мой оператор"}, "sender"),
        ({"sender": "TwelveLetter"}, "sender"),
        ({"sender": "+0123456789"}, "sender"),
    ],
)
def test_an_account_that_cannot_work_is_refused(given: dict[str, str], named: str) -> None:
    good = {"host": "smsc", "port": 2775, "system_id": "lastcall", "password": "pw", "sender": "Lastcall"}
    with pytest.raises(BadInput, match=f"^{named}") as caught:
        SmppAccount(**(good | given))  # type: ignore[arg-type]
    assert given.get("password", "no password") not in str(caught.value)


@contextmanager
def at(account: SmppAccount, folder: Path, *, timeout: float = 5.0, idle: float = 30.0) -> Iterator[SmppSms]:
    sms = SmppSms(account, memory=folder / "handed-over", timeout=timeout, idle=idle)
    try:
        yield sms
    finally:
        sms.close()


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on this machine that takes one connection and answers what comes first; yields its port."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(1000)
            try:
                answer(connection)
                connection.recv(1000)
            except OSError:
                pass  # the client has left, as it should

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)

"""SMS through a real Kannel in front of the SMSC."""

from __future__ import annotations

import itertools
import logging
import socket
import threading
import time as system_time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Message
from lastcall.elements.sms.kannel import KannelAccount, KannelSms
from lastcall.elements.sms.parts import MOST_PARTS
from tests import kannel as parts
from tests.kannel import Kannel
from tests.smsc import Smsc

pytestmark = pytest.mark.element
_serial = itertools.count(1)

RUSSIAN = "Ваша линия закрывается 4 марта. Если это не вы, позвоните нам."


def message_to(address: str, text: str = RUSSIAN) -> Message:
    return Message(f"notice {next(_serial)}", address, "", text, "ru")


def fresh_number() -> str:
    return f"+7999666{next(_serial):04d}"


@contextmanager
def at(account: KannelAccount, folder: Path, *, timeout: float = 5.0) -> Iterator[KannelSms]:
    yield KannelSms(account, memory=folder / "handed-over", timeout=timeout)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Your line closes on 4 March for 0 € ~ @ $ _ ^ | \\ {now}", 1),
        ("您的号码将于 3 月 4 日注销。", 1),
        (RUSSIAN, 1),
        (RUSSIAN * 5, 5),
        ("a" * 151 + "€" * 20, 2),
        ("я" * 65 + "😀" * 70, 4),
        ("я" * 66 * MOST_PARTS, MOST_PARTS),
    ],
)
def test_a_text_arrives_as_it_was(behind_kannel: Smsc, kannel: Kannel, tmp_path: Path, text: str, count: int) -> None:
    to = fresh_number()
    with at(kannel.account(), tmp_path) as sms:
        sms.send(message_to(to, text))
    assert behind_kannel.text(to) == text
    (message,) = behind_kannel.messages(to=to)
    assert (len(message.parts), message.source) == (count, "0000")


def test_a_text_of_too_many_parts_is_refused_for_good(kannel: Kannel, tmp_path: Path) -> None:
    with at(kannel.account(), tmp_path) as sms, pytest.raises(ElementTrouble) as caught:
        sms.send(message_to(fresh_number(), "я" * (66 * MOST_PARTS + 1)))
    assert (caught.value.code, caught.value.permanent) == ("message_too_long", True)


def test_the_message_may_name_its_own_sender(behind_kannel: Smsc, kannel: Kannel, tmp_path: Path) -> None:
    to = fresh_number()
    with at(kannel.account(), tmp_path) as sms:
        sms.send(Message("own sender", to, "", "text", "en", sender="8800"))
    behind_kannel.text(to)
    assert behind_kannel.messages(to=to)[0].source == "8800"


def test_a_refused_login_is_trouble_for_now(kannel: Kannel, tmp_path: Path) -> None:
    with at(kannel.account(password="wrong"), tmp_path) as sms, pytest.raises(ElementTrouble) as caught:
        sms.send(message_to(fresh_number()))
    assert (caught.value.code, caught.value.permanent) == ("login_refused", False)


def test_kannel_away_is_trouble_for_now(tmp_path: Path) -> None:
    account = KannelAccount("127.0.0.1", parts.free_port(), "lastcall", "pw", "0000")
    with at(account, tmp_path) as sms, pytest.raises(ElementTrouble) as caught:
        sms.send(message_to(fresh_number()))
    assert (caught.value.code, caught.value.permanent) == ("unreachable", False)


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server on this machine that answers one connection; yields its port."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(4000)
            with suppress(OSError):  # the client has left, as it should
                answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


@pytest.mark.parametrize(
    ("answer", "code", "permanent"),
    [
        (b"HTTP/1.1 400 Bad Request\r\nServer: Kannel\r\n\r\nEmpty text", "message_refused", True),
        (b"HTTP/1.1 503 x\r\nServer: Kannel\r\n\r\nTemporal failure", "queue_full", False),
        (b"HTTP/1.1 404 x\r\nServer: Kannel\r\n\r\n", "not_taken", False),
        (b"HTTP/1.1 200 OK\r\nServer: Apache\r\n\r\nhello", "not_taken", False),
        (b"\x00\x00\x00\x10", "garbled", False),
        (b"", "garbled", False),
    ],
)
def test_each_answer_is_told_apart(tmp_path: Path, answer: bytes, code: str, permanent: bool) -> None:
    with answering(lambda connection: connection.sendall(answer)) as port:
        account = KannelAccount("127.0.0.1", port, "lastcall", "pw", "0000")
        with at(account, tmp_path) as sms, pytest.raises(ElementTrouble) as caught:
            sms.send(message_to(fresh_number()))
    assert (caught.value.code, caught.value.permanent) == (code, permanent)


def test_an_answer_that_drips_is_left_in_time(tmp_path: Path) -> None:
    def drip(connection: socket.socket) -> None:
        for _ in range(100):
            connection.sendall(b"H")
            system_time.sleep(0.05)

    with answering(drip) as port:
        account = KannelAccount("127.0.0.1", port, "lastcall", "pw", "0000")
        began = system_time.monotonic()
        with at(account, tmp_path, timeout=0.4) as sms, pytest.raises(ElementTrouble) as caught:
            sms.send(message_to(fresh_number()))
    assert caught.value.code == "timeout" and system_time.monotonic() - began < 2


def test_nothing_secret_is_shown_or_kept(kannel: Kannel, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    account, secret = kannel.account(password="wr0ngpw"), message_to(fresh_number(), "Your code is 845213")
    with at(account, tmp_path) as sms, pytest.raises(ElementTrouble) as caught:
        sms.send(secret)
    kept = "".join(f"{path.name} {path.read_bytes()!r}" for path in (tmp_path / "handed-over").iterdir())
    shown = f"{account!r} {caught.value!r} {caught.value.remedy} {caplog.text} {kept}"
    for word in ("wr0ngpw", secret.address[1:], "845213", secret.key):
        assert word not in shown


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"user": ""}, "user"),
        ({"user": "a b"}, "user"),
        ({"password": "pw\r\nX-Kannel-To: 1"}, "password"),
        ({"sender": "Мой оператор"}, "sender"),
        ({"reports": "ftp://host/"}, "reports"),
        ({"reports": "http://host/%d"}, "reports"),
        ({"reports": "http://host/\r\nX: y"}, "reports"),
    ],
)
def test_an_account_that_cannot_work_is_refused(given: dict[str, str], named: str) -> None:
    good = {"host": "kannel", "port": 13013, "user": "lastcall", "password": "pw", "sender": "0000"}
    with pytest.raises(BadInput, match=f"^{named}"):
        KannelAccount(**(good | given))  # type: ignore[arg-type]

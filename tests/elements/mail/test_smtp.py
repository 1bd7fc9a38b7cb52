"""Mail over SMTP, to a real server on this machine."""

from __future__ import annotations

import logging
import socket
import threading
import time as system_time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Attachment, Message
from lastcall.elements.mail import letter
from lastcall.elements.mail.smtp import SmtpAccount, SmtpMail
from tests.elements.mail.server import PASSWORD, USER, MailServer

SENDER = "no-reply@operator.example"
TO_ANNA = Message("notice 1", "anna@example.org", "Ваша линия закрывается", "Здравствуйте!\n.\n\nДо свидания.", "ru")
PDF = Attachment("Bestätigung 注销.pdf", "application/pdf", b"%PDF-1.7\r\n.\r\n\x00\xff" * 100)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def mail(server: MailServer, tmp_path: Path) -> SmtpMail:
    return to(server, tmp_path)


def to(
    server: MailServer, folder: Path, *, security: str = "none", user: str = "", password: str = "", host: str = ""
) -> SmtpMail:
    account = SmtpAccount(host or "127.0.0.1", server.port, security, user, password)
    return SmtpMail(account, sender=SENDER, memory=folder / "handed-over", timeout=5.0)


def test_a_mail_arrives_as_it_was(server: MailServer, mail: SmtpMail) -> None:
    message = replace(TO_ANNA, attachments=(PDF,))
    mail.send(message)
    (envelope,) = server.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["anna@example.org"])
    assert [letter.read(content) for content in server.contents()] == [message]


def test_a_cyrillic_domain_is_addressed_in_ascii(server: MailServer, mail: SmtpMail) -> None:
    mail.send(replace(TO_ANNA, address="anna@почта.рф"))
    assert server.mails[0].rcpt_tos == ["anna@xn--80a1acny.xn--p1ai"]


@pytest.mark.parametrize(
    ("command", "answer", "code", "permanent"),
    [
        ("rcpt", "550 5.1.1 no such mailbox anna@example.org", "mailbox_refused", True),
        ("rcpt", "450 4.2.1 mailbox busy", "mailbox_refused", False),
        ("rcpt", "421 4.3.2 closing", "mailbox_refused", False),
        ("data", "554 5.7.1 looks like spam", "mail_refused", True),
        ("data", "552 5.3.4 too big", "mail_refused", True),
        ("data", "451 4.3.0 later", "mail_refused", False),
        ("mail", "550 5.7.1 not your sender", "sender_refused", False),
        ("mail", "452 4.3.1 disk full", "sender_refused", False),
    ],
)
def test_each_refusal_is_told_apart(
    server: MailServer, mail: SmtpMail, command: str, answer: str, code: str, permanent: bool
) -> None:
    server.answers[command] = answer
    with pytest.raises(ElementTrouble) as caught:
        mail.send(TO_ANNA)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)
    assert answer[:9] in str(caught.value)
    assert "anna" not in f"{caught.value} {caught.value.remedy}"
    assert server.mails == []


def test_what_was_refused_for_now_goes_out_later(server: MailServer, mail: SmtpMail) -> None:
    server.answers["rcpt"] = "450 4.2.1 mailbox busy"
    with pytest.raises(ElementTrouble):
        mail.send(TO_ANNA)
    server.answers.clear()
    mail.send(TO_ANNA)
    mail.send(TO_ANNA)
    assert len(server.mails) == 1


def test_a_mail_handed_over_before_a_restart_is_not_handed_over_again(server: MailServer, tmp_path: Path) -> None:
    to(server, tmp_path).send(TO_ANNA)
    to(server, tmp_path).send(TO_ANNA)
    assert len(server.mails) == 1


def test_threads_send_side_by_side(server: MailServer, mail: SmtpMail) -> None:
    messages = [replace(TO_ANNA, key=f"notice {number}", text=f"text {number}") for number in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(mail.send, messages))
    assert {letter.read(content).text for content in server.contents()} == {message.text for message in messages}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str) -> None:
    with MailServer(tmp_path, security=security, login=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        to(server, tmp_path, security=security, user=USER, password=PASSWORD).send(TO_ANNA)
    assert len(server.mails) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, security: str) -> None:
    with (
        MailServer(tmp_path, security=security) as server,
        pytest.raises(ElementTrouble, match="CERTIFICATE") as caught,
    ):
        to(server, tmp_path, security=security).send(TO_ANNA)
    assert (caught.value.code, caught.value.permanent) == ("unreachable", False)
    assert server.mails == []


def test_a_certificate_of_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with MailServer(tmp_path, security="tls") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with pytest.raises(ElementTrouble, match="CERTIFICATE"):
            to(server, tmp_path, security="tls", host="localhost").send(TO_ANNA)


def test_a_server_without_encryption_gets_no_mail(server: MailServer, tmp_path: Path) -> None:
    with pytest.raises(ElementTrouble) as caught:
        to(server, tmp_path, security="starttls").send(TO_ANNA)
    assert (caught.value.code, caught.value.permanent) == ("not_offered", False)
    assert server.mails == []


def test_a_wrong_password_is_trouble_for_now_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="lastcall")
    with MailServer(tmp_path, security="starttls", login=True) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        mail = to(server, tmp_path, security="starttls", user=USER, password="not the one")
        with pytest.raises(ElementTrouble) as caught:
            mail.send(TO_ANNA)
    assert (caught.value.code, caught.value.permanent) == ("login_refused", False)
    shown = f"{caught.value!r} {caught.value.remedy} {caplog.text} {mail._account!r}"
    assert "not the one" not in shown and "anna" not in shown


def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(ElementTrouble) as caught:
        SmtpMail(SmtpAccount("127.0.0.1", port, "none"), sender=SENDER, memory=tmp_path).send(TO_ANNA)
    assert (caught.value.code, caught.value.permanent) == ("unreachable", False)


def test_a_server_that_says_nothing_is_left_in_time(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        account = SmtpAccount("127.0.0.1", silent.getsockname()[1], "none")
        began = system_time.monotonic()
        with pytest.raises(ElementTrouble) as caught:
            SmtpMail(account, sender=SENDER, memory=tmp_path, timeout=0.3).send(TO_ANNA)
    assert (caught.value.code, caught.value.permanent) == ("timeout", False)
    assert system_time.monotonic() - began < 3


def test_a_server_slow_to_take_the_mail_is_left_in_time_and_asked_again(server: MailServer, tmp_path: Path) -> None:
    server.gate.clear()
    account = SmtpAccount("127.0.0.1", server.port, "none")
    mail = SmtpMail(account, sender=SENDER, memory=tmp_path, timeout=0.5)
    with pytest.raises(ElementTrouble) as caught:
        mail.send(TO_ANNA)
    assert caught.value.code == "timeout"
    server.gate.set()
    mail.send(TO_ANNA)
    ids = [message_from_bytes(server_mail)["Message-ID"] for server_mail in server.contents()]
    assert ids and len(set(ids)) == 1 and None not in ids


def test_what_is_no_mail_server_is_trouble_for_now(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def answer() -> None:
            connection, _ = other.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(100)

        thread = threading.Thread(target=answer)
        thread.start()
        account = SmtpAccount("127.0.0.1", other.getsockname()[1], "none")
        with pytest.raises(ElementTrouble) as caught:
            SmtpMail(account, sender=SENDER, memory=tmp_path, timeout=5).send(TO_ANNA)
        thread.join(10)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"security": "ssl"}, "security"),
        ({"security": "none", "user": "u", "password": "p"}, "security"),
        ({"user": "u"}, "user"),
        ({"password": "p"}, "user"),
        ({"user": "u", "password": "пароль"}, "user"),
    ],
)
def test_an_account_that_cannot_work_is_refused(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}") as caught:
        SmtpAccount("mail.example.org", 587, **given)
    assert "пароль" not in str(caught.value)

"""Mail into a folder and onto the screen."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.ports import Message
from lastcall.elements.mail.console import ConsoleMail
from lastcall.elements.mail.file import FileMail

SENDER = "no-reply@operator.example"
TO_ANNA = Message("notice 1", "anna@example.org", "Ваша линия закрывается", "Здравствуйте!\n\nДо свидания.", "ru")
TO_LI_WEI = Message("notice 2", "li.wei@example.org", "线路注销通知", "您好。", "zh-hans")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def written(folder: Path, message: Message) -> tuple[bytes, EmailMessage]:
    with clock.use(clock.ManualClock(NOON)):
        FileMail(folder, sender=SENDER).send(message)
    (path,) = folder.glob("*.eml")
    content = path.read_bytes()
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return content, mail


def test_messages_come_back_as_they_were(tmp_path: Path) -> None:
    mail = FileMail(tmp_path, sender=SENDER)
    mail.send(TO_LI_WEI)
    mail.send(TO_ANNA)
    assert mail.messages() == [TO_LI_WEI, TO_ANNA]


def test_it_is_a_mail_by_the_book(tmp_path: Path) -> None:
    content, mail = written(tmp_path, TO_ANNA)
    assert mail["From"] == SENDER
    assert mail["To"] == "anna@example.org"
    assert mail["Subject"] == "Ваша линия закрывается"
    assert mail["Date"].datetime == NOON
    assert mail["Message-ID"].endswith("@operator.example>")
    assert mail["Content-Language"] == "ru"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content() == "Здравствуйте!\r\n\r\nДо свидания.\r\n"
    assert not mail.defects
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize(
    "subject",
    [
        "线路注销通知" * 30,
        "Ваша линия закрывается, " * 9 + "да",
        "plain words " * 20 + "end",
        "x" * 255,
        "spaces   inside",
        '"quoted" <and> (more), 100 %',
    ],
)
def test_long_and_odd_subjects_survive(tmp_path: Path, subject: str) -> None:
    _, mail = written(tmp_path, replace(TO_ANNA, subject=subject))
    assert mail["Subject"] == subject
    assert mail["To"] == "anna@example.org"


@pytest.mark.parametrize("field", ["subject", "key", "address"])
def test_nothing_is_smuggled_in_as_encoded_text(tmp_path: Path, field: str) -> None:
    smuggled = "=?utf-8?q?a=0D=0ABcc:sergei?=@example.org"
    with pytest.raises(BadInput, match=field):
        FileMail(tmp_path, sender=SENDER).send(replace(TO_ANNA, **{field: smuggled}))


def test_the_key_makes_the_message_id_and_does_not_show_in_it(tmp_path: Path) -> None:
    _, one = written(tmp_path / "one", TO_ANNA)
    _, again = written(tmp_path / "again", replace(TO_ANNA, text="other"))
    _, other = written(tmp_path / "other", replace(TO_ANNA, key="notice 3"))
    assert one["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert "notice" not in one["Message-ID"]


@pytest.mark.parametrize("key", ["уведомление 1", "k" * 200, "case:77/notice,<a@b>"])
def test_any_key_comes_back(tmp_path: Path, key: str) -> None:
    mail = FileMail(tmp_path, sender=SENDER)
    mail.send(replace(TO_ANNA, key=key))
    assert [message.key for message in mail.messages()] == [key]


def test_a_cyrillic_domain_is_written_in_ascii(tmp_path: Path) -> None:
    _, mail = written(tmp_path, replace(TO_ANNA, address="anna@почта.рф"))
    assert mail["To"] == "anna@xn--80a1acny.xn--p1ai"


@pytest.mark.parametrize("address", ['"anna b"@example.org', "anna@.org", "Anna <anna@example.org>"])
def test_it_refuses_an_odd_address(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadInput, match=r"^address") as caught:
        FileMail(tmp_path, sender=SENDER).send(replace(TO_ANNA, address=address))
    assert address not in str(caught.value)


def test_a_quoted_mailbox_is_written_to_as_it_is(tmp_path: Path) -> None:
    _, mail = written(tmp_path, replace(TO_ANNA, address='"anna,petrova"@example.org'))
    (to,) = mail["To"].addresses
    assert (to.username, to.domain) == ("anna,petrova", "example.org")


def test_a_mail_needs_a_subject(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="subject"):
        FileMail(tmp_path, sender=SENDER).send(replace(TO_ANNA, subject=" "))


@pytest.mark.parametrize("sender", ["", "operator", "a@example.org\nBcc: b@example.org"])
def test_it_refuses_a_sender_that_is_no_address(tmp_path: Path, sender: str) -> None:
    with pytest.raises(BadInput, match="sender"):
        FileMail(tmp_path, sender=sender)


def test_the_screen_masks_the_address() -> None:
    out = io.StringIO()
    ConsoleMail(out).send(TO_ANNA)
    assert out.getvalue() == ("Mail to a***@example.org [ru]: Ваша линия закрывается\nЗдравствуйте!\n\nДо свидания.\n")

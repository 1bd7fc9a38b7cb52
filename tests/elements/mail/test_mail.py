"""Mail into a folder and onto the screen."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.ports import Attachment, Message
from lastcall.elements.mail import letter
from lastcall.elements.mail.console import ConsoleMail
from lastcall.elements.mail.file import FileMail

SENDER = "no-reply@operator.example"
TO_ANNA = Message("notice 1", "anna@example.org", "Ваша линия закрывается", "Здравствуйте!\n\nДо свидания.", "ru")
TO_LI_WEI = Message("notice 2", "li.wei@example.org", "线路注销通知", "您好。", "zh-hans")
PDF = Attachment("confirmation.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff\n.\n" * 50)
PICTURE = Attachment("Закрытие 销户.png", "image/png", b"\x89PNG\r\n\x1a\n")
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
    changed: dict[str, Any] = {field: smuggled}
    with pytest.raises(BadInput, match=field):
        FileMail(tmp_path, sender=SENDER).send(replace(TO_ANNA, **changed))


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


def test_attachments_come_back_as_they_were(tmp_path: Path) -> None:
    mail = FileMail(tmp_path, sender=SENDER)
    message = replace(TO_LI_WEI, attachments=(PDF, PICTURE, Attachment("notes.txt", "text/plain", b"a\nb\r\nc")))
    mail.send(message)
    assert mail.messages() == [message]


def test_a_mail_with_attachments_is_one_by_the_book(tmp_path: Path) -> None:
    content, mail = written(tmp_path, replace(TO_ANNA, attachments=(PDF, PICTURE)))
    _, plain = written(tmp_path / "plain", TO_ANNA)
    assert mail.get_content_type() == "multipart/mixed"
    assert mail["Content-Language"] == "ru"
    assert mail["Message-ID"] == plain["Message-ID"]
    text, *files = mail.iter_parts()
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "Здравствуйте!\r\n\r\nДо свидания.\r\n")
    assert [(part.get_content_disposition(), part.get_filename()) for part in files] == [
        ("attachment", PDF.name),
        ("attachment", PICTURE.name),
    ]
    assert not mail.defects and not any(part.defects for part in mail.walk())
    assert content.isascii() and b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


def test_the_same_mail_with_attachments_is_the_same_to_the_octet(tmp_path: Path) -> None:
    message = replace(TO_ANNA, attachments=(PDF,))
    assert written(tmp_path / "one", message)[0] == written(tmp_path / "other", message)[0]


@pytest.mark.parametrize(
    "name",
    ["", ".", " .", ".bashrc", "../letter.pdf", "a/b.pdf", "a\\b.pdf", "C:letter.pdf", "a\r\nX: y.pdf", "a\x00.pdf", 'a"b.pdf',
     "a\u202efdp.exe", "n" * 101, "=?utf-8?q?a?=.pdf"],
)  # fmt: skip
def test_it_refuses_a_file_name_that_is_not_safe(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"^attachments"):
        FileMail(tmp_path, sender=SENDER).send(replace(TO_ANNA, attachments=(replace(PDF, name=name),)))
    assert FileMail(tmp_path, sender=SENDER).messages() == []


@pytest.mark.parametrize(
    "media_type", ["", "pdf", "multipart/mixed", "message/rfc822", "application/pdf\r\nX: y", "text/html; x=y"]
)
def test_it_refuses_what_is_no_media_type_of_a_file(tmp_path: Path, media_type: str) -> None:
    with pytest.raises(BadInput, match=r"^attachments"):
        FileMail(tmp_path, sender=SENDER).send(replace(TO_ANNA, attachments=(replace(PDF, media_type=media_type),)))


def test_it_refuses_more_than_a_mailbox_takes(tmp_path: Path) -> None:
    half = replace(PDF, content=bytes(letter.ATTACHMENTS_SIZE // 2 + 1))
    mail = FileMail(tmp_path, sender=SENDER)
    mail.send(replace(TO_ANNA, attachments=(half,)))
    with pytest.raises(BadInput, match=r"^attachments"):
        mail.send(replace(TO_LI_WEI, attachments=(half, half)))


def test_the_screen_names_what_is_attached() -> None:
    out = io.StringIO()
    ConsoleMail(out).send(replace(TO_ANNA, attachments=(PICTURE,)))
    assert out.getvalue().endswith("До свидания.\n[attached: Закрытие 销户.png, 8 octets]\n")

"""SMS and mail as the settings choose them, and what is said when a setting is missing."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from lastcall.core.errors import BadInput
from lastcall.elements.mail.file import FileMail
from lastcall.elements.mail.smtp import SmtpMail
from lastcall.elements.sms.file import FileSms
from lastcall.elements.sms.kannel import KannelSms
from lastcall.elements.sms.smpp import SmppSms
from lastcall.site.channels import make_messengers, start_listening

SMPP = {
    "LASTCALL_SMS": "smpp",
    "LASTCALL_SMPP_ADDRESS": "smsc.operator.example:3550",
    "LASTCALL_SMPP_SYSTEM_ID": "lastcall",
    "LASTCALL_SMS_SENDER": "Operator",
}
KANNEL = {
    "LASTCALL_SMS": "kannel",
    "LASTCALL_KANNEL_ADDRESS": "kannel.operator.example",
    "LASTCALL_KANNEL_USER": "lastcall",
    "LASTCALL_SMS_SENDER": "Operator",
}
SMTP = {
    "LASTCALL_MAIL": "smtp",
    "LASTCALL_SMTP_ADDRESS": "mail.operator.example",
    "LASTCALL_MAIL_SENDER": "no-reply@operator.example",
}


@pytest.fixture(autouse=True)
def no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "LASTCALL_SMPP_PASSWORD",
        "LASTCALL_SMTP_PASSWORD",
        "LASTCALL_KANNEL_PASSWORD",
        "LASTCALL_KANNEL_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def made(folder: Path, **chosen: Any) -> tuple[Any, Any]:
    with override_settings(**chosen):
        messengers = make_messengers(folder)
    return messengers["sms"], messengers["mail"]


def refusal(folder: Path, **chosen: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        made(folder, **chosen)
    return caught.value


def test_without_settings_both_go_into_folders(tmp_path: Path) -> None:
    sms, mail = made(tmp_path)
    assert isinstance(sms, FileSms) and isinstance(mail, FileMail)


def test_smpp_and_smtp_are_made_of_their_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTCALL_SMPP_PASSWORD", "pw")
    (tmp_path / "password").write_text("from a file\n")
    monkeypatch.setenv("LASTCALL_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    sms, mail = made(tmp_path, **SMPP, **SMTP, LASTCALL_SMTP_USER="lastcall")
    assert isinstance(sms, SmppSms) and isinstance(mail, SmtpMail)
    assert (sms._account.host, sms._account.port, sms._account.password) == ("smsc.operator.example", 3550, "pw")
    assert (mail._account.port, mail._account.security, mail._account.password) == (587, "starttls", "from a file")
    assert not (tmp_path / "sms").exists()


def test_kannel_is_made_of_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTCALL_KANNEL_PASSWORD", "pw")
    sms, _ = made(tmp_path, **KANNEL)
    assert isinstance(sms, KannelSms)
    assert (sms._account.host, sms._account.port, sms._account.reports) == ("kannel.operator.example", 13013, "")
    monkeypatch.setenv("LASTCALL_KANNEL_TOKEN", "0123456789abcdef")
    sms, _ = made(tmp_path, **KANNEL, LASTCALL_KANNEL_CALLBACK="http://10.0.0.5:8000/")
    assert sms._account.reports == "http://10.0.0.5:8000/text/kannel/0123456789abcdef/report"
    assert "0123456789abcdef" not in repr(sms._account)


def test_only_an_smsc_is_listened_to(tmp_path: Path) -> None:
    with override_settings(LASTCALL_SMS="file"):
        assert start_listening(make_messengers(tmp_path), threading.Event()) is None


def test_a_mail_server_needs_no_login(tmp_path: Path) -> None:
    _, mail = made(tmp_path, **SMTP, LASTCALL_SMTP_SECURITY="tls")
    assert (mail._account.port, mail._account.user) == (465, "")


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    error = refusal(tmp_path, LASTCALL_SMS="smpp")
    assert error.code == "setting_missing"
    for name in (*SMPP, "LASTCALL_SMPP_PASSWORD", "LASTCALL_SMPP_PASSWORD_FILE"):
        assert name in error.message + error.remedy
    error = refusal(tmp_path, LASTCALL_SMS="kannel")
    assert all(name in error.message + error.remedy for name in (*KANNEL, "LASTCALL_KANNEL_PASSWORD"))
    error = refusal(tmp_path, LASTCALL_MAIL="smtp")
    assert "LASTCALL_SMTP_ADDRESS" in error.remedy and "LASTCALL_MAIL_SENDER" in error.remedy


@pytest.mark.parametrize(
    ("chosen", "named"),
    [
        (SMPP | {"LASTCALL_SMPP_ADDRESS": "smsc:port"}, "LASTCALL_SMPP_ADDRESS"),
        (SMPP | {"LASTCALL_SMS_SENDER": "Мой оператор"}, "LASTCALL_SMS_SENDER"),
        (SMPP | {"LASTCALL_SMPP_SYSTEM_ID": "s" * 16}, "LASTCALL_SMPP_SYSTEM_ID"),
        ({"LASTCALL_TEXT_NUMBER": "Operator"}, "LASTCALL_TEXT_NUMBER"),
        ({"LASTCALL_TEXT_NUMBER": "00"}, "LASTCALL_TEXT_NUMBER"),
        (KANNEL | {"LASTCALL_KANNEL_ADDRESS": "kannel:port"}, "LASTCALL_KANNEL_ADDRESS"),
        (KANNEL | {"LASTCALL_KANNEL_USER": "last call"}, "LASTCALL_KANNEL_USER"),
        (KANNEL | {"LASTCALL_SMS_SENDER": "Мой оператор"}, "LASTCALL_SMS_SENDER"),
        (KANNEL | {"LASTCALL_KANNEL_CALLBACK": "10.0.0.5:8000"}, "LASTCALL_KANNEL_CALLBACK"),
        (SMTP | {"LASTCALL_SMTP_SECURITY": "ssl"}, "LASTCALL_SMTP_SECURITY"),
        (SMTP | {"LASTCALL_SMTP_USER": "lastcall"}, "LASTCALL_SMTP_USER"),
        (SMTP | {"LASTCALL_MAIL_SENDER": "operator"}, "LASTCALL_MAIL_SENDER"),
        ({"LASTCALL_SMS": "pigeon"}, "LASTCALL_SMS"),
        ({"LASTCALL_MAIL": "pigeon"}, "LASTCALL_MAIL"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, str], named: str
) -> None:
    for name in ("LASTCALL_SMPP_PASSWORD", "LASTCALL_KANNEL_PASSWORD"):
        monkeypatch.setenv(name, "pw")
    monkeypatch.setenv("LASTCALL_KANNEL_TOKEN", "0123456789abcdef")
    assert refusal(tmp_path, **chosen).message.startswith(named)


def test_a_password_that_cannot_work_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTCALL_SMPP_PASSWORD", "far too long")
    error = refusal(tmp_path, **SMPP)
    assert error.message.startswith("LASTCALL_SMPP_PASSWORD") and "far too long" not in error.message + error.remedy


def test_a_password_given_twice_or_in_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LASTCALL_SMPP_PASSWORD_FILE", str(tmp_path / "missing"))
    assert refusal(tmp_path, **SMPP).code == "setting_unreadable"
    monkeypatch.setenv("LASTCALL_SMPP_PASSWORD", "pw")
    assert refusal(tmp_path, **SMPP).code == "setting_twice"


@pytest.mark.parametrize("words", [("work",), ("serve", "--port", "1"), ("serve", "--no-worker", "--port", "1")])
def test_what_is_missing_is_said_at_the_start(tmp_path: Path, words: tuple[str, ...]) -> None:
    environment = os.environ | {"LASTCALL_HOME": str(tmp_path), "LASTCALL_SMS": "smpp"}
    command = [sys.executable, "-m", "lastcall.site.main", *words]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "LASTCALL_SMS=smpp needs LASTCALL_SMPP_ADDRESS" in ended.stderr
    assert "Traceback" not in ended.stderr

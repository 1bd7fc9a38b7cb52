"""How SMS and mail leave this installation, as its settings say."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from lastcall.core.errors import BadInput
from lastcall.core.ports import Messenger
from lastcall.elements.address import read_address
from lastcall.elements.mail import DEFAULT_SENDER, make_mail
from lastcall.elements.mail.smtp import DEFAULT_PORTS, SmtpAccount
from lastcall.elements.sms import make_sms
from lastcall.elements.sms.smpp import DEFAULT_PORT, SmppAccount

_SMPP: Final = {
    "LASTCALL_SMPP_ADDRESS": "host or host:port of the SMSC",
    "LASTCALL_SMPP_SYSTEM_ID": "who Lastcall is there",
    "LASTCALL_SMPP_PASSWORD": "or LASTCALL_SMPP_PASSWORD_FILE, a file that holds it",
    "LASTCALL_SMS_SENDER": "what the phone shows: a short code, a number with +, or up to 11 Latin letters",
}
_SMTP: Final = {
    "LASTCALL_SMTP_ADDRESS": "host or host:port of the mail server",
    "LASTCALL_MAIL_SENDER": "the address that mail comes from",
}


def make_messengers(folder: Path) -> dict[str, Messenger]:
    """The ways to reach a contact, by its kind; what they keep lies in ``folder``. Nothing is connected yet.

    Raises :class:`BadInput` naming each setting that is missing or cannot work.
    """
    sms, mail = settings.LASTCALL_SMS, settings.LASTCALL_MAIL
    sender = settings.LASTCALL_MAIL_SENDER or DEFAULT_SENDER
    smpp = _smpp() if sms == "smpp" else None
    smtp = _smtp() if mail == "smtp" else None
    with _named(sms="LASTCALL_SMS", mail="LASTCALL_MAIL", sender="LASTCALL_MAIL_SENDER"):
        return {
            "sms": make_sms(sms, folder=folder / "sms", out=sys.stderr, smpp=smpp),
            "mail": make_mail(mail, folder=folder / "mail", out=sys.stderr, sender=sender, smtp=smtp),
        }


def _smpp() -> SmppAccount:
    password = _secret("LASTCALL_SMPP_PASSWORD")
    _require("LASTCALL_SMS=smpp", _SMPP, have=["LASTCALL_SMPP_PASSWORD"] if password else ())
    host, port = read_address("LASTCALL_SMPP_ADDRESS", settings.LASTCALL_SMPP_ADDRESS, port=DEFAULT_PORT)
    names = {
        "system_id": "LASTCALL_SMPP_SYSTEM_ID",
        "password": "LASTCALL_SMPP_PASSWORD",
        "sender": "LASTCALL_SMS_SENDER",
    }
    with _named(**names):
        return SmppAccount(host, port, settings.LASTCALL_SMPP_SYSTEM_ID, password, settings.LASTCALL_SMS_SENDER)


def _smtp() -> SmtpAccount:
    _require("LASTCALL_MAIL=smtp", _SMTP)
    security, password = settings.LASTCALL_SMTP_SECURITY, _secret("LASTCALL_SMTP_PASSWORD")
    host, port = read_address(
        "LASTCALL_SMTP_ADDRESS", settings.LASTCALL_SMTP_ADDRESS, port=DEFAULT_PORTS.get(security, 25)
    )
    with _named(security="LASTCALL_SMTP_SECURITY", user="LASTCALL_SMTP_USER, LASTCALL_SMTP_PASSWORD"):
        return SmtpAccount(host, port, security, settings.LASTCALL_SMTP_USER, password)


def _secret(name: str) -> str:
    """From the variable ``name`` or from the file named by ``name``_FILE; empty when neither is set.

    Never a setting of Django's, which shows those to whoever asks it for its settings.
    """
    value, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if value and path:
        raise BadInput(f"{name} and {name}_FILE are both set.", code="setting_twice", remedy="Keep one of them.")
    if not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "not a text file"
        raise BadInput(
            f"{name}_FILE: the file cannot be read: {why}.",
            code="setting_unreadable",
            remedy="Give the path of a file that holds the password alone, and that Lastcall's user may read.",
        ) from None


def _require(choice: str, wanted: dict[str, str], *, have: Collection[str] = ()) -> None:
    missing = [name for name in wanted if name not in have and not getattr(settings, name, "")]
    if missing:
        raise BadInput(
            f"{choice} needs {', '.join(missing)}.",
            code="setting_missing",
            remedy=f"Set {'; '.join(f'{name} ({wanted[name]})' for name in missing)}.",
        )


@contextmanager
def _named(**settings_of: str) -> Iterator[None]:
    """A fault of a field told as one of the setting that it comes from."""
    try:
        yield
    except BadInput as error:
        field, colon, rest = error.message.partition(":")
        if field not in settings_of:
            raise
        raise BadInput(f"{settings_of[field]}{colon}{rest}", code=error.code, remedy=error.remedy) from None

"""How SMS and mail leave this installation and how texts come in, as its settings say."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connections

from lastcall.core.database import database
from lastcall.core.errors import BadInput
from lastcall.core.policies.present import present_policy
from lastcall.core.ports import Messenger
from lastcall.core.texting.arrived import Arrived, Reported, Taken
from lastcall.core.texting.deliveries import note_taken
from lastcall.core.texting.gateway import Gateway
from lastcall.core.texting.inbox import take
from lastcall.elements.address import read_address
from lastcall.elements.mail import DEFAULT_SENDER, make_mail
from lastcall.elements.mail.smtp import DEFAULT_PORTS, SmtpAccount
from lastcall.elements.sms import kannel, make_sms
from lastcall.elements.sms.kannel import KannelAccount, KannelSms
from lastcall.elements.sms.smpp import DEFAULT_PORT, SmppAccount, SmppSms, read_source

_SMPP: Final = {
    "LASTCALL_SMPP_ADDRESS": "host or host:port of the SMSC",
    "LASTCALL_SMPP_SYSTEM_ID": "who Lastcall is there",
    "LASTCALL_SMPP_PASSWORD": "or LASTCALL_SMPP_PASSWORD_FILE, a file that holds it",
    "LASTCALL_SMS_SENDER": "what the phone shows: a short code, a number with +, or up to 11 Latin letters",
}
_KANNEL: Final = {
    "LASTCALL_KANNEL_ADDRESS": "host or host:port of Kannel's smsbox, its sendsms-port",
    "LASTCALL_KANNEL_USER": "who Lastcall is there",
    "LASTCALL_KANNEL_PASSWORD": "or LASTCALL_KANNEL_PASSWORD_FILE, a file that holds it",
    "LASTCALL_SMS_SENDER": _SMPP["LASTCALL_SMS_SENDER"],
}
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_TO_BE_TEXTED: Final = re.compile(r"\+?[0-9]+")
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
    over_kannel = _kannel() if sms == "kannel" else None
    smtp = _smtp() if mail == "smtp" else None
    _check_text_number()
    with _named(sms="LASTCALL_SMS", mail="LASTCALL_MAIL", sender="LASTCALL_MAIL_SENDER"):
        texts = make_sms(sms, folder=folder / "sms", out=sys.stderr, smpp=smpp, kannel=over_kannel)
        _connect(texts)
        return {
            "sms": texts,
            "mail": make_mail(mail, folder=folder / "mail", out=sys.stderr, sender=sender, smtp=smtp),
        }


def start_listening(messengers: Mapping[str, Messenger], stop: threading.Event) -> threading.Thread | None:
    """Hold the connection to the SMSC open in a thread until ``stop`` is set, so that texts and reports come in.

    None where there is nothing to hold: files and the screen bring nothing, and Kannel calls the web server.
    """
    sms = messengers["sms"]
    if not isinstance(sms, SmppSms):
        return None
    thread = threading.Thread(target=sms.listen, args=(stop,), name="lastcall-sms", daemon=True)
    thread.start()
    return thread


def make_gateway() -> Gateway:
    """Who may call the address at which Kannel brings texts and reports. Raises :class:`BadInput`."""
    return Gateway(_token(), tuple(address.strip() for address in settings.LASTCALL_KANNEL_FROM.split(",")))


def _connect(sms: Messenger) -> None:
    """Whatever a connection brings is kept, whichever command opened it: an SMSC delivers to everyone that is bound."""
    if isinstance(sms, SmppSms):
        sms.deliver_to(partial(_keep, "smpp"), _noted("smpp"), leave=connections.close_all)
    elif isinstance(sms, KannelSms):
        sms.name_to(_noted("kannel"))


def _keep(way: str, came: Arrived | Reported) -> None:
    take(database(), came=came, way=way, policy=present_policy())


def _noted(way: str) -> Taken:
    return lambda key, names: note_taken(database(), message=key, way=way, names=names)


def _check_text_number() -> None:
    number = settings.LASTCALL_TEXT_NUMBER
    if not number:
        return
    with _named(sender="LASTCALL_TEXT_NUMBER"):
        read_source(number)
        if not _TO_BE_TEXTED.fullmatch(number):
            raise BadInput("sender: nobody can text to a name; give a short code or a number with +.")


def _kannel() -> KannelAccount:
    password = _secret("LASTCALL_KANNEL_PASSWORD")
    _require("LASTCALL_SMS=kannel", _KANNEL, have=["LASTCALL_KANNEL_PASSWORD"] if password else ())
    host, port = read_address("LASTCALL_KANNEL_ADDRESS", settings.LASTCALL_KANNEL_ADDRESS, port=kannel.DEFAULT_PORT)
    callback, token = settings.LASTCALL_KANNEL_CALLBACK.rstrip("/"), _token()
    reports = f"{callback}/text/kannel/{token}/report" if callback and token else ""
    names = {
        "user": "LASTCALL_KANNEL_USER",
        "password": "LASTCALL_KANNEL_PASSWORD",
        "sender": "LASTCALL_SMS_SENDER",
        "reports": "LASTCALL_KANNEL_CALLBACK",
    }
    with _named(**names):
        return KannelAccount(
            host, port, settings.LASTCALL_KANNEL_USER, password, settings.LASTCALL_SMS_SENDER, reports
        )  # fmt: skip


def _token() -> str:
    token = _secret("LASTCALL_KANNEL_TOKEN")
    if token and not _TOKEN.fullmatch(token):
        raise BadInput(
            "LASTCALL_KANNEL_TOKEN: 16 to 64 Latin letters, digits, - and _.",
            code="bad_token",
            remedy="Make one with: openssl rand -hex 24",
        )
    return token


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

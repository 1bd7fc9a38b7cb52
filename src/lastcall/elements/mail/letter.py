"""A message as mail (RFC 5322), and back."""

from __future__ import annotations

import hashlib
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.ports import Message
from lastcall.elements.outbox import check_line, check_message

ADDRESS_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
KEY_HEADER = "X-Lastcall-Key"
_valid = EmailValidator()


def check(message: Message) -> None:
    """Raises :class:`BadInput`, without the address, when the message cannot go out by mail."""
    check_message(message)
    check_address("address", message.address)
    for field, value in (("key", message.key), ("subject", message.subject)):
        _refuse_encoded_word(field, value)
    if not message.subject.strip():
        raise BadInput("subject: is empty; a mail needs one.")


def check_address(field: str, address: str) -> None:
    """Raises :class:`BadInput`, naming ``field`` and not the address, unless it can be written to."""
    check_line(field, address, longest=ADDRESS_LENGTH)
    _refuse_encoded_word(field, address)
    try:
        _valid(address)
        _split(address)
    except (ValidationError, MessageError, ValueError):
        raise BadInput(f"{field}: not a mail address such as name@example.org.") from None


def build(message: Message, *, sender: str) -> bytes:
    """The mail in its wire form: CRLF, seven bits, UTF-8 subject and text.

    The Message-ID comes from the key alone, so that a mail sent twice is one to its reader.
    """
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = _split(sender), _split(message.address)
    mail["Subject"] = message.subject.strip()
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{hashlib.sha256(message.key.encode()).hexdigest()}@{_split(sender).domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834, 5: so that no absence notice answers
    mail[KEY_HEADER] = message.key
    mail.set_content(message.text, charset="utf-8", cte="base64")
    mail["Content-Language"] = message.language  # after the content, which drops such headers
    return mail.as_bytes()


def read(content: bytes) -> Message:
    """The message that :func:`build` made ``content`` of; its text without the last line break."""
    mail = message_from_bytes(content, policy=policy.default)
    return Message(
        key=mail[KEY_HEADER],
        address=mail["To"].addresses[0].addr_spec,
        subject=mail["Subject"],
        text=mail.get_content().replace("\r\n", "\n").removesuffix("\n"),
        language=mail["Content-Language"],
    )


def masked(address: str) -> str:
    """The first letter and the domain: ``a***@example.org``."""
    return f"{address[:1]}***@{address.rpartition('@')[2]}"


def _refuse_encoded_word(field: str, value: str) -> None:
    # RFC 2047: a reader would decode it, line breaks and all.
    if "=?" in value:
        raise BadInput(f"{field}: holds '=?', which mail takes for encoded text; leave it out.")


def _split(address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(addr_spec=f"{user}@{domain.encode('idna').decode('ascii')}")

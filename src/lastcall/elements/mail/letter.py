"""A message as mail (RFC 5322), and back."""

from __future__ import annotations

import hashlib
import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.ports import Attachment, Message
from lastcall.elements.outbox import check_line, check_message

ADDRESS_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
FILE_NAME_LENGTH = 100
ATTACHMENTS_SIZE = 7_000_000  # octets; with base64 below the 10 MB that the smaller mailboxes take
KEY_HEADER = "X-Lastcall-Key"
_MEDIA_TYPE = re.compile(r"(?:application|audio|font|image|text|video)/[a-z0-9][a-z0-9.+-]{0,80}")
_valid = EmailValidator()


def check(message: Message) -> None:
    """Raises :class:`BadInput`, without the address, when the message cannot go out by mail."""
    check_message(message)
    check_address("address", message.address)
    for field, value in (("key", message.key), ("subject", message.subject)):
        _refuse_encoded_word(field, value)
    if not message.subject.strip():
        raise BadInput("subject: is empty; a mail needs one.")
    for attachment in message.attachments:
        _check_attachment(attachment)
    size = sum(len(attachment.content) for attachment in message.attachments)
    if size > ATTACHMENTS_SIZE:
        raise BadInput(f"attachments: {size} octets; a mail takes {ATTACHMENTS_SIZE}.")


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
    """The mail in its wire form: CRLF, seven bits, UTF-8 subject and text; multipart/mixed where something is attached.

    The Message-ID comes from the key alone, so that a mail sent twice is one to its reader.
    """
    digest = hashlib.sha256(message.key.encode()).hexdigest()
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"] = _split(sender), _split(message.address)
    mail["Subject"] = message.subject.strip()
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{digest}@{_split(sender).domain}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834, 5: so that no absence notice answers
    mail[KEY_HEADER] = message.key
    mail.set_content(message.text, charset="utf-8", cte="base64")
    for attachment in message.attachments:
        maintype, _, subtype = attachment.media_type.partition("/")
        mail.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
    if mail.is_multipart():
        mail.set_boundary(f"=_{digest}")  # "=_" is in no base64; the library would draw one
    mail["Content-Language"] = message.language  # after the content, which drops or moves such headers
    return mail.as_bytes()


def read(content: bytes) -> Message:
    """The message that :func:`build` made ``content`` of; its text without the last line break."""
    mail = message_from_bytes(content, policy=policy.default)
    text = mail.get_body(("plain",))
    assert text is not None
    return Message(
        key=mail[KEY_HEADER],
        address=mail["To"].addresses[0].addr_spec,
        subject=mail["Subject"],
        text=text.get_content().replace("\r\n", "\n").removesuffix("\n"),
        language=mail["Content-Language"],
        attachments=tuple(map(_read_attachment, mail.iter_attachments())),
    )


def envelope(address: str) -> str:
    """The address as SMTP takes it: its domain in ASCII."""
    return _split(address).addr_spec


def masked(address: str) -> str:
    """The first letter and the domain: ``a***@example.org``."""
    return f"{address[:1]}***@{address.rpartition('@')[2]}"


def _read_attachment(part: EmailMessage) -> Attachment:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return Attachment(part.get_filename("") or "", part.get_content_type(), content)


def _check_attachment(attachment: Attachment) -> None:
    check_line("attachments", attachment.name, longest=FILE_NAME_LENGTH)
    _refuse_encoded_word("attachments", attachment.name)
    # What any reader's system would take for a folder, a hidden file or a pattern, or fail to save.
    if not attachment.name.strip(" .") or attachment.name.startswith(".") or set(attachment.name) & set('/\\:*?"<>|'):
        raise BadInput(
            "attachments: a file's name is empty, begins with a full stop or holds one of / \\ : * ? \" < > |."
        )
    if not attachment.name.isprintable():
        raise BadInput("attachments: a file's name holds a sign that cannot be printed.")
    if not _MEDIA_TYPE.fullmatch(attachment.media_type):
        raise BadInput("attachments: not a media type such as application/pdf.")


def _refuse_encoded_word(field: str, value: str) -> None:
    # RFC 2047: a reader would decode it, line breaks and all.
    if "=?" in value:
        raise BadInput(f"{field}: holds '=?', which mail takes for encoded text; leave it out.")


def _split(address: str) -> Address:
    user, _, domain = address.rpartition("@")
    return Address(addr_spec=f"{user}@{domain.encode('idna').decode('ascii')}")

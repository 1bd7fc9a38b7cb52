"""SMS by way of Kannel, over HTTP (Kannel 1.4 User's Guide, "Using sendsms"): everything in the head and body of a POST, nothing
in an address, because addresses stand in Kannel's logs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lastcall.core.errors import BadInput
from lastcall.core.ports import Message
from lastcall.core.texting.arrived import Taken
from lastcall.elements.handover import Handover
from lastcall.elements.network import Deadline, connect
from lastcall.elements.sms import kannel_trouble, number
from lastcall.elements.sms.noting import note
from lastcall.elements.sms.parts import UCS2, default_alphabet, split
from lastcall.elements.sms.smpp import read_source

DEFAULT_PORT: Final = 13013
REPORTS: Final = 1 | 2 | 16
"""dlr-mask: delivered, failed, refused by the SMSC. That the SMSC took it is no report of its own."""
_HEADER: Final = 7  # octets of the user data header that parts.split puts before each part of a long text
_ANSWER: Final = re.compile(rb"HTTP/1\.[01] (\d{3})[^\r\n]*\r\n.*?\r\n\r\n(.*)", re.DOTALL)
_LONGEST: Final = 64 * 1024
_ADDRESS: Final = re.compile(r"https?://[\x21-\x24\x26-\x7e]{1,500}")
_PLAIN: Final = re.compile(r"[\x21-\x7e]{1,64}")


@dataclass(frozen=True, slots=True)
class KannelAccount:
    """Where smsbox is and who we are there. ``sender``: as for :class:`~lastcall.elements.sms.smpp.SmppAccount`; ``reports``: the
    address of ours that hears what became of a message, empty for no reports. Raises :class:`BadInput`, never with the password."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    sender: str
    reports: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for name, value in (("user", self.user), ("password", self.password)):
            if not _PLAIN.fullmatch(value):
                raise BadInput(f"{name}: 1 to 64 ASCII characters without spaces; this one is {len(value)} long.")
        if self.reports and not _ADDRESS.fullmatch(self.reports):
            raise BadInput(
                "reports: an address that begins with http:// or https://, without spaces and percent signs."
            )
        read_source(self.sender)


class KannelSms:
    """The port :class:`~lastcall.core.ports.Messenger` on Kannel's sendsms. ``timeout``: seconds that one message may take;
    ``memory``: the folder of :class:`~lastcall.elements.handover.Handover`, whose word on sending twice holds here.

    Long texts are split here and not by Kannel, which cuts off what goes beyond its ``max-messages`` without a word; so each part
    also has a report of its own.
    """

    name = "kannel"

    def __init__(self, account: KannelAccount, *, memory: Path, timeout: float = 10.0) -> None:
        self._account = account
        self._where = f"Kannel at {account.host}:{account.port}"
        self._memory = Handover(memory)
        self._timeout = timeout
        self._taken: Taken | None = None

    def name_to(self, taken: Taken) -> None:
        """From now on ``taken`` hears under which names messages were handed over."""
        self._taken = taken

    def send(self, message: Message) -> None:
        """Hand the message to Kannel; returns when it has taken every part.

        Raises :class:`BadInput`; :class:`~lastcall.core.errors.ElementTrouble`, permanent with code ``message_too_long`` or
        ``message_refused``, else temporary. A number that the SMSC refuses is heard of in a report only.
        """
        number.check(message)
        with self._memory.once(message.key) as fresh:
            names = self._hand_over(message) if fresh else []
        note(self._taken, message.key, names)

    def _hand_over(self, message: Message) -> list[str]:
        parts, deadline, names = split(message), Deadline(self._timeout), list[str]()
        for place, octets in enumerate(parts.octets):
            name = hashlib.sha256(f"{message.key}\0{place}".encode()).hexdigest()[:32]
            header, body = (octets[:_HEADER], octets[_HEADER:]) if parts.headed else (b"", octets)
            wide = parts.data_coding == UCS2
            text = body.decode("utf-16-be") if wide else default_alphabet(body)
            fields = self._fields(message, name) | {"X-Kannel-Coding": "2" if wide else "0"}
            self._post(fields | ({"X-Kannel-UDH": header.hex()} if header else {}), text, deadline)
            names.append(name)
        return names if self._account.reports else []

    def _fields(self, message: Message, name: str) -> dict[str, str]:
        account = self._account
        sender = message.sender or account.sender
        read_source(sender)
        fields = {
            "X-Kannel-Username": account.user, "X-Kannel-Password": account.password,
            "X-Kannel-From": sender, "X-Kannel-To": message.address,
        }  # fmt: skip
        if account.reports:
            url = f"{account.reports}?name={name}&state=%d"
            fields |= {"X-Kannel-DLR-Mask": str(REPORTS), "X-Kannel-DLR-Url": url}
        return fields

    def _post(self, fields: dict[str, str], text: str, deadline: Deadline) -> None:
        body = text.encode()
        fields = {
            "Host": self._account.host, "Connection": "close", "Content-Type": "text/plain; charset=UTF-8",
            "Content-Length": str(len(body)),
        } | fields  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        request = f"POST /cgi-bin/sendsms HTTP/1.1\r\n{head}\r\n".encode("ascii") + body
        with self._troubles():
            answer = _ANSWER.match(self._exchange(request, deadline))
        if answer is None:
            raise kannel_trouble.garbled(self._where)
        if int(answer[1]) != 202:
            raise kannel_trouble.refused(self._where, int(answer[1]))

    def _exchange(self, request: bytes, deadline: Deadline) -> bytes:
        """All that comes until the other side closes."""
        received = b""
        with connect(self._account.host, self._account.port, deadline) as connection:
            connection.settimeout(deadline.left())
            connection.sendall(request)
            while len(received) < _LONGEST:
                connection.settimeout(deadline.left())
                if not (more := connection.recv(4096)):
                    break
                received += more
        return received

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError:
            raise kannel_trouble.timed_out(self._where) from None
        except OSError as error:
            raise kannel_trouble.unreachable(self._where, error.strerror or type(error).__name__) from None

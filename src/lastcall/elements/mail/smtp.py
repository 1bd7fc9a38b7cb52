"""Mail by way of an operator's mail server, over SMTP (RFC 5321)."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lastcall.core.errors import BadInput, ElementTrouble
from lastcall.core.ports import Message
from lastcall.elements import network
from lastcall.elements.handover import Handover
from lastcall.elements.mail import letter

DEFAULT_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}  # RFC 8314; RFC 5321, 4.5.4.2
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")  # RFC 3463


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where the mail server is and who we are there.

    ``security``: ``starttls``, ``tls`` from the first octet on, or ``none``, which is for a server on the same machine or a
    closed network; certificates are checked. ``user`` empty: no login. Raises :class:`BadInput` for a login without encryption.
    """

    host: str
    port: int
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.security not in DEFAULT_PORTS:
            raise BadInput(f"security: '{self.security}' is none of {', '.join(DEFAULT_PORTS)}.")
        if self.user and self.security == "none":
            raise BadInput("security: a login without encryption would show the password; choose starttls or tls.")
        if bool(self.user) != bool(self.password):
            raise BadInput("user: a login needs both a user and a password.")
        if not (self.user + self.password).isascii():
            raise BadInput("user: SMTP takes ASCII in user and password.")


class SmtpMail:
    """The port :class:`~lastcall.core.ports.Messenger` on a mail server; each mail has a connection of its own.

    ``timeout``: seconds that one mail may take. ``memory``: the folder of
    :class:`~lastcall.elements.handover.Handover`, whose word on sending twice holds here; a mail that does come twice has the
    same Message-ID, which makes it one to most readers.
    """

    name = "smtp"

    def __init__(self, account: SmtpAccount, *, sender: str, memory: Path, timeout: float = 20.0) -> None:
        letter.check_address("sender", sender)
        self._account = account
        self._sender = sender
        self._memory = Handover(memory)
        self._timeout = timeout
        self._where = f"The mail server at {account.host}:{account.port}"

    def send(self, message: Message) -> None:
        """Hand the mail to the server; returns when it has taken it.

        Raises :class:`BadInput`; :class:`ElementTrouble`, permanent with code ``mailbox_refused`` or ``mail_refused`` when the
        server says no for good (5yz) to the address or the content, else temporary.
        """
        letter.check(message)
        with self._memory.once(message.key) as fresh:
            if fresh:
                self._hand_over(message)

    def _hand_over(self, message: Message) -> None:
        content = letter.build(message, sender=self._sender)
        with self._troubles(), ExitStack() as open_connections:
            server = self._open(open_connections)
            self._expect(server.mail(letter.envelope(self._sender)), "sender_refused", mendable=True)
            self._expect(server.rcpt(letter.envelope(message.address)), "mailbox_refused")
            self._expect(server.data(content), "mail_refused")

    def _open(self, open_connections: ExitStack) -> smtplib.SMTP:
        account, deadline = self._account, time.monotonic() + self._timeout
        # The sender's domain: smtplib would ask the name server for one of this machine, and may wait for it without end.
        name = letter.envelope(self._sender).rpartition("@")[2]
        kind = _TlsServer if account.security == "tls" else _Server
        server = kind(account.host, account.port, name=name, deadline=deadline)
        open_connections.callback(server.close)
        if account.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if account.user:
            server.login(account.user, account.password)
        open_connections.callback(_take_leave, server)
        return server

    def _expect(self, reply: tuple[int, bytes], code: str, *, mendable: bool = False) -> None:
        # Temporary when the server says so (4yz), and when it is the server or our account that a person must mend.
        status, words = reply
        if not 200 <= status < 300:
            raise _refused(self._where, status, words, code=code, permanent=status >= 500 and not mendable)

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPAuthenticationError as error:
            raise _refused(self._where, error.smtp_code, b"", code="login_refused", permanent=False) from None
        except smtplib.SMTPDataError as error:
            raise _refused(
                self._where, error.smtp_code, b"", code="mail_refused", permanent=error.smtp_code >= 500
            ) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(self._where, error.smtp_code, b"", code="not_ready", permanent=False) from None
        except smtplib.SMTPServerDisconnected:
            raise _unreachable(self._where, "it closed the connection") from None
        except smtplib.SMTPException:
            raise _unable(self._where) from None
        except ssl.SSLError as error:
            raise _unreachable(self._where, f"TLS failed ({error.reason or 'no reason given'})") from None
        except TimeoutError:
            raise _timed_out(self._where) from None
        except OSError as error:
            raise _unreachable(self._where, error.strerror or type(error).__name__) from None


class _Server(smtplib.SMTP):
    """smtplib's client, connected; it waits for no word of the server beyond ``deadline`` (by the monotonic clock)."""

    def __init__(self, host: str, port: int, *, name: str, deadline: float) -> None:
        self._deadline = deadline
        super().__init__(host, port, local_hostname=name, timeout=self._left())

    def send(self, s: Any) -> None:
        with self._bounded():
            super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        with self._bounded():
            return super().getreply()

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        if self.sock is not None:
            self.sock.settimeout(self._left())
        try:
            yield
        except smtplib.SMTPServerDisconnected:
            self._left()  # smtplib calls a time-out by the same name
            raise

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _TlsServer(_Server):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((host, port), timeout)
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise


def _take_leave(server: smtplib.SMTP) -> None:
    with suppress(OSError):  # how the connection ends matters to nobody
        server.docmd("QUIT")


_REMEDIES: Final = {
    "sender_refused": "Set LASTCALL_MAIL_SENDER to an address from which the server takes mail of this account.",
    "mailbox_refused": "Compare the address with the contact on file; the mailbox may be gone.",
    "mail_refused": "Ask the mail server's people why they refuse this mail.",
    "login_refused": "Check LASTCALL_SMTP_USER and the password.",
}
_ASK: Final = "Ask the mail server's people if this goes on."


def _refused(where: str, status: int, words: bytes, *, code: str, permanent: bool) -> ElementTrouble:
    # Of the server's words only the enhanced status code: they may repeat the address.
    enhanced = _ENHANCED.match(words.decode("ascii", "replace"))
    told = f"{status} {enhanced[0]}" if enhanced else f"{status}"
    return ElementTrouble(
        f"{where} answered {told} ({code.replace('_', ' ')}).",
        permanent=permanent,
        code=code,
        remedy=_REMEDIES.get(code, _ASK),
    )


def _unable(where: str) -> ElementTrouble:
    return ElementTrouble(
        f"{where} does not offer the encryption or the login that is set.",
        permanent=False,
        code="not_offered",
        remedy="Set LASTCALL_SMTP_SECURITY to what the server offers; mail goes in clear only when it says none.",
    )


def _unreachable(where: str, why: str) -> ElementTrouble:
    return network.unreachable(
        where,
        why,
        remedy="Check that the server runs, and LASTCALL_SMTP_ADDRESS and LASTCALL_SMTP_SECURITY.",
    )


def _timed_out(where: str) -> ElementTrouble:
    return network.timed_out(
        where,
        "it may have taken the mail or not",
        remedy="Check the server and the way to it. Trying again may bring the mail a second time, which is harmless.",
    )

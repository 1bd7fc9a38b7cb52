"""A real mail server for the tests (aiosmtpd), on a port of its own on this machine, with answers as scripted."""

from __future__ import annotations

import asyncio
import ssl
import threading
from datetime import timedelta
from ipaddress import IPv4Address
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lastcall.core.clock import Clock

USER, PASSWORD = "lastcall", "p4ssw0rd"


class _AnyPort(Controller):
    """A controller that finds out which port it was given, before it calls there to see whether it is up."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailServer:
    """``security``: ``none``, ``starttls`` (required) or ``tls``, with the certificate in ``folder``. ``login``: required.

    ``answers``: what it says instead of its own words, by the command's name in lower case ("rcpt", "mail", "data").
    """

    def __init__(self, folder: Path | None = None, *, security: str = "none", login: bool = False) -> None:
        self.answers: dict[str, str] = {}
        self.mails: list[Envelope] = []
        self.gate = threading.Event()
        self.gate.set()
        context = make_context(folder) if folder is not None else None
        self._controller = _AnyPort(
            self,
            hostname="127.0.0.1",
            port=0,
            ssl_context=context if security == "tls" else None,
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=login and security != "tls",
            auth_require_tls=security != "tls",  # it does not notice the encryption that was there before it
            authenticator=self._authenticate if login else None,
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gate.set()
        self._controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._controller.port
        return port

    def contents(self) -> list[bytes]:
        """The mails it took, in their wire form."""
        return [envelope.content for envelope in self.mails if isinstance(envelope.content, bytes)]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 2.1.0 ok")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get("rcpt", "250 2.1.5 ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        while not self.gate.is_set():
            await server.loop.run_in_executor(None, self.gate.wait, 0.05)
        answer = self.answers.get("data", "250 2.0.0 taken")
        if answer.startswith("2"):
            self.mails.append(envelope)
        return answer

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)


def make_context(folder: Path) -> ssl.SSLContext:
    """TLS for 127.0.0.1, not for ``localhost``; the certificate, which signs itself, is ``folder``/cert.pem."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.operator.example")])
    now = Clock().now()
    names = [x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(pem, *plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context

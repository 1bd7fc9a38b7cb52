"""Real receivers on this machine's own address, well-behaved and not, with and without TLS."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Behaviour = Callable[[socket.socket, "Receiver"], None]


def saying(text: str) -> Behaviour:
    """Answers with ``text``, whatever was asked."""

    def answer(connection: socket.socket, receiver: Receiver) -> None:
        connection.sendall(text.replace("\n", "\r\n").encode())

    return answer


OK = saying("HTTP/1.1 204 No Content\nWebHook-Allowed-Origin: *\nWebHook-Allowed-Rate: 100\n\n")


def dripping(connection: socket.socket, receiver: Receiver) -> None:
    """An octet of a header that never ends, again and again."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nx: ")
    while not receiver.stop.wait(0.02):
        connection.sendall(b"y")


def silent(connection: socket.socket, receiver: Receiver) -> None:
    """Never says anything."""
    receiver.stop.wait(30)


def huge(connection: socket.socket, receiver: Receiver) -> None:
    """A body without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
    while not receiver.stop.is_set():
        connection.sendall(b"x" * 65536)


def huge_head(connection: socket.socket, receiver: Receiver) -> None:
    """Headers without an end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not receiver.stop.is_set():
        connection.sendall(b"x: " + b"y" * 8192 + b"\r\n")


@dataclass
class Receiver:
    """A server from ``with`` to its end. ``seen``: what it was sent, whole; ``behaviour``: what it does then, for each in turn
    while there are several."""

    behaviour: Behaviour = OK
    tls: ssl.SSLContext | None = None
    seen: list[bytes] = field(default_factory=list)
    connections: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Receiver:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while not self.stop.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with connection, suppress(OSError):
                self._attend(connection)

    def _attend(self, plain: socket.socket) -> None:
        connection = plain if self.tls is None else self.tls.wrap_socket(plain, server_side=True)
        with connection:
            connection.settimeout(10)
            self.seen.append(_request(connection))
            self.behaviour(connection, self)


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def certificate(folder: Path, *names: str, days: int = 1) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a certificate for ``names``, and the file of whoever trusts it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    alternatives = [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=2))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / f"{names[0]}.{days}.pem", folder / f"{names[0]}.{days}.key"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted


@contextmanager
def receiving(behaviour: Behaviour = OK, *, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    with Receiver(behaviour, tls) as receiver:
        yield receiver

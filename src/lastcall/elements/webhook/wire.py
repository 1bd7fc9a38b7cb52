"""The wire beneath one request: it leads to addresses that were checked, and nothing on it lasts beyond the deadline.

A receiver that sends an octet now and then would outlast any time-out that begins anew with each of them.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from lastcall.elements.network import Deadline
from lastcall.elements.webhook.public import Address


class Wire(httpcore.NetworkBackend):
    """Connects to one of ``addresses``, whatever name the request has. ``connect``: seconds until the connection stands."""

    def __init__(self, addresses: list[Address], deadline: Deadline, *, connect: float) -> None:
        self._addresses, self._deadline, self._connect = addresses, deadline, connect

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        until, refusal = Deadline(min(self._connect, self._deadline.left())), OSError(0, "no address")
        for address in self._addresses:
            try:
                return _Stream(socket.create_connection((str(address), port), until.left()), self._deadline)
            except TimeoutError:
                raise
            except OSError as error:
                refusal = error
        raise refusal


class _Stream(httpcore.NetworkStream):
    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._connection.settimeout(self._deadline.left())
        self._connection.sendall(buffer)

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._connection.settimeout(self._deadline.left())
        try:
            secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except BaseException:
            self._connection.close()
            raise
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._connection if info == "ssl_object" and isinstance(self._connection, ssl.SSLSocket) else None

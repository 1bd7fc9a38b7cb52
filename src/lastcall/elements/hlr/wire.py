"""A TCP connection that cannot hold its user longer than agreed, whatever the peer does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from lastcall.elements.network import Deadline, connect

from . import trouble


class Wire:
    """An open connection to ``host``:``port``; ``where`` names the peer in errors.

    Raises a temporary :class:`~lastcall.core.errors.ElementTrouble`, ``unreachable`` or ``timeout``, on opening and
    from every method.
    """

    def __init__(self, host: str, port: int, deadline: Deadline, *, where: str) -> None:
        self.where = where
        self._deadline = deadline
        with self._troubles():
            self._socket = connect(host, port, deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        with self._troubles():
            self._socket.settimeout(self._deadline.left())
            self._socket.sendall(data)

    def receive(self, most: int) -> bytes:
        """What has come, at least one octet and at ``most`` so many."""
        with self._troubles():
            self._socket.settimeout(self._deadline.left())
            data = self._socket.recv(most)
        if not data:
            raise trouble.unreachable(self.where, "it closed the connection before it had answered")
        return data

    def receive_exactly(self, count: int) -> bytes:
        """The next ``count`` octets."""
        data = b""
        while len(data) < count:
            data += self.receive(count - len(data))
        return data

    @contextmanager
    def _troubles(self) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise trouble.timed_out(self.where) from error
        except OSError as error:
            raise trouble.unreachable(self.where, error.strerror or type(error).__name__) from error

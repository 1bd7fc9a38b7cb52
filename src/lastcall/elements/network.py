"""What every element beyond a network shares: time that is bounded as a whole, a way in, and how its absence is told."""

from __future__ import annotations

import socket
import time

from lastcall.core.errors import ElementTrouble


class Deadline:
    """A moment that all steps of one operation share, ``seconds`` from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, more than 0. Raises :class:`TimeoutError` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """An open TCP connection. Raises :class:`OSError`, :class:`TimeoutError` among them."""
    # A name may have several addresses; create_connection would give each of them the whole time.
    refusal = OSError(0, "the name has no address")
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise OSError(0, "this can be no host's name") from None
    for *_, address in addresses:
        try:
            return socket.create_connection((str(address[0]), port), deadline.left())
        except TimeoutError:
            raise
        except OSError as error:
            refusal = error
    raise refusal


def unreachable(where: str, why: str, *, remedy: str) -> ElementTrouble:
    """``where``: the element and its address. Temporary."""
    return ElementTrouble(f"{where} cannot be reached: {why}.", permanent=False, code="unreachable", remedy=remedy)


def timed_out(where: str, unknown: str, *, remedy: str) -> ElementTrouble:
    """``unknown``: what may have been done or not. Temporary."""
    return ElementTrouble(f"{where} did not answer in time; {unknown}.", permanent=False, code="timeout", remedy=remedy)

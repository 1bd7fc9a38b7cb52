"""Names to addresses, in bounded time: the system's resolver knows no deadline of its own."""

from __future__ import annotations

import queue
import socket
import threading

from lastcall.elements.network import Deadline
from lastcall.elements.webhook.public import Address, parse

_Found = list[Address] | OSError


def resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """All addresses of ``host``. Raises :class:`OSError`, :class:`TimeoutError` among them."""
    answer: queue.SimpleQueue[_Found] = queue.SimpleQueue()
    threading.Thread(target=_ask, args=(host, port, answer), daemon=True).start()
    try:
        found = answer.get(timeout=deadline.left())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


def _ask(host: str, port: int, answer: queue.SimpleQueue[_Found]) -> None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        answer.put(list(dict.fromkeys(parse(str(address[0])) for *_, address in found)))
    except UnicodeError:
        answer.put(OSError(0, "this can be no host's name"))
    except OSError as error:
        answer.put(error)

"""The pages of one door alone, for the person at this computer: on 127.0.0.1 only, and to nobody who comes by another name.

No database, no sessions, nothing kept (:mod:`lastcall.site.settings_alone`).
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.urls import include, path

from lastcall.core.errors import BadInput
from lastcall.site.entry import Entry

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ADDRESS: Final = "127.0.0.1"
NAMES: Final = (ADDRESS, "localhost")
_CLOSED: Final = frozenset({"SIGHUP", "SIGBREAK"})
"""What a program hears when its terminal is closed: on Unix, on Windows."""
_THREADS: Final = 4
_PATIENCE: Final = 2
"""Seconds for requests under way once it is told to stop."""


def serve_local(
    urlconf: str, *, port: int, on_ready: Callable[[str], None] | None = None, entry: Entry | None = None
) -> None:
    """Serve the pages of ``urlconf`` (dotted name of a door's ``urls``) at the root of 127.0.0.1:``port`` until Ctrl-C or SIGTERM,
    or until the terminal is closed.

    ``port`` 0 takes a free one. ``on_ready`` is called with the address once visitors are let in: with a key in it, where
    ``entry`` is given. The door's app must be in ``settings_alone.INSTALLED_APPS``. Raises :class:`BadInput` (``port_taken``).
    """
    listening = _listen(port)
    here = listening.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            WSGIMiddleware(cast(Any, pages(urlconf, port=here, entry=entry)), workers=_THREADS),
            log_level="warning", access_log=False, ws="none", lifespan="off", proxy_headers=False, server_header=False,
            timeout_graceful_shutdown=_PATIENCE,
        )
    )  # fmt: skip
    _end_like_ctrl_c()
    try:
        # The socket listens already: whoever comes before the server turns to it waits for a moment.
        if on_ready is not None:
            on_ready(f"http://{ADDRESS}:{here}{entry.path if entry else '/'}")
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        listening.close()


def _end_like_ctrl_c() -> None:
    """SIGTERM ends the program as Ctrl-C does, so that whoever serves takes their leave too; uvicorn passes it on at its end. So
    does a terminal that is closed, unless the program was started to outlive it (``nohup``)."""
    if threading.current_thread() is not threading.main_thread():
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for closed in (getattr(signal, name) for name in _CLOSED if hasattr(signal, name)):
        if signal.getsignal(closed) is not signal.SIG_IGN:
            signal.signal(closed, lambda _signal, _frame: signal.raise_signal(signal.SIGTERM))


def pages(urlconf: str, *, port: int, entry: Entry | None = None) -> WSGIApplication:
    """The door's pages as WSGI, behind the check of who asks."""
    settings.ROOT_URLCONF = (path("", include(urlconf)),)
    inner: WSGIApplication = WSGIHandler()
    return OnlyHere(entry.guard(inner, port=port) if entry else inner, port=port)


class OnlyHere:
    """Lets in who asks for this very address, and refuses what a page from elsewhere sends.

    A stranger's site may have its own name resolved to 127.0.0.1 (DNS rebinding), and then its scripts may read what we answer:
    its name still stands in ``Host``, and in ``Origin`` where it sends something.
    """

    def __init__(self, inner: WSGIApplication, *, port: int) -> None:
        self._inner = inner
        self._hosts = frozenset(f"{name}:{port}" for name in NAMES)
        self._origins = frozenset(f"http://{host}" for host in self._hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_HOST", "").lower() not in self._hosts:
            return _refuse(HTTPStatus.MISDIRECTED_REQUEST, start_response)
        if environ.get("HTTP_ORIGIN", "").lower() not in {"", *self._origins}:
            return _refuse(HTTPStatus.FORBIDDEN, start_response)
        return self._inner(environ, start_response)


def _refuse(status: HTTPStatus, start_response: StartResponse) -> Iterable[bytes]:
    body = f"{status.phrase}. These pages are for this computer alone.\n".encode("ascii")
    headers = [("Content-Type", "text/plain; charset=us-ascii"), ("Content-Length", str(len(body)))]
    start_response(f"{status.value} {status.phrase}", headers)
    return [body]


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((ADDRESS, port))
    except OSError:
        raise BadInput(
            f"{ADDRESS}:{port} is taken or may not be listened on", code="port_taken", remedy="Choose another --port."
        ) from None

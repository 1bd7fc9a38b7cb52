"""The key to pages of this computer alone: whoever started the program has it, and no other user of the computer.

Everybody on a computer can reach 127.0.0.1. So the program prints, or opens, an address with a key that works once and leaves a
cookie; without that every request is refused, files of the look too. The key stands in a command line where it opens a browser,
which others may see: hence once.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import parse_cookie
from django.utils import translation
from django.utils.translation import gettext as _

from lastcall.core import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BITS: Final = 160
_PATH: Final = "/open/"
_PLAIN: Final = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


class Entry:
    """One program's keys: each opens the pages in one browser, and then there is another. ``used`` is called with the address of
    the next one when that happens."""

    def __init__(self, *, used: Callable[[str], None]) -> None:
        self._used = used
        self._word = clock.token(_BITS)
        self._key = clock.token(_BITS)
        self._lock = threading.Lock()

    @property
    def path(self) -> str:
        """Where the pages are opened, once."""
        return f"{_PATH}{self._key}/"

    def guard(self, inner: WSGIApplication, *, port: int) -> WSGIApplication:
        """``inner`` for who has opened it. ``port``: cookies of one computer do not tell its ports apart, so a name does."""
        name = f"opened{port}"

        def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            path, known = str(environ.get("PATH_INFO", "")), self._knows(environ.get("HTTP_COOKIE", ""), name)
            if path.startswith(_PATH) and (known or self._take(path, host=environ.get("HTTP_HOST", ""))):
                cookie = f"{name}={self._word}; Path=/; HttpOnly; SameSite=Strict"
                return _answer(HTTPStatus.SEE_OTHER, "", start_response, ("Location", "/"), ("Set-Cookie", cookie))
            if known:
                return inner(environ, start_response)
            return _answer(HTTPStatus.FORBIDDEN, _said(), start_response)

        return guarded

    def _knows(self, cookies: str, name: str) -> bool:
        return _same(parse_cookie(cookies).get(name, ""), self._word)

    def _take(self, path: str, *, host: str) -> bool:
        with self._lock:
            if not _same(path, self.path):
                return False
            self._key = clock.token(_BITS)
        self._used(f"http://{host}{self.path}")
        return True


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _said() -> str:
    """In every language of ours: it is not known yet who reads it."""
    lines = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            lines.append(
                _("Open the address that the program printed when it started. It works once; then it prints another.")
            )
    return "\n".join([*lines, ""])


def _answer(
    status: HTTPStatus, words: str, start_response: StartResponse, *headers: tuple[str, str]
) -> Iterable[bytes]:
    body = words.encode()
    kind = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))))
    start_response(f"{status.value} {status.phrase}", [*kind, *_PLAIN, *headers])
    return [body]

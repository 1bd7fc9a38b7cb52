"""Around every answer: the chosen language, strict headers, and a calm page when a part of ours cannot be reached."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import translation

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.errors import ElementTrouble
from lastcall.doors.portal.shell import SWITCH, kept_fields, page

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_YEAR: Final = 365 * 24 * 3600


class Headers:
    """No script and no style but our own files, nothing from elsewhere, nothing kept by browsers or proxies."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        response["Cache-Control"] = "no-store"
        return response


class LanguageSwitch:
    """``?lang=ru`` comes back to the same page in Russian; a form posted with ``lang`` keeps what was typed."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wanted = (request.POST if request.method == "POST" else request.GET).get(SWITCH, "")
        if wanted not in dict(settings.LANGUAGES):
            return self.get_response(request)
        translation.activate(wanted)
        request.LANGUAGE_CODE = wanted
        response = self.get_response(request) if request.method == "POST" else _same_page(request)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, max_age=_YEAR, secure=request.is_secure(), httponly=True,
            samesite="Lax",
        )  # fmt: skip
        return response


def _same_page(request: HttpRequest) -> HttpResponseBase:
    # One slash only: two would make the browser take the path for another host.
    return HttpResponseRedirect("/" + request.path.lstrip("/"))


class Unavailable:
    """A database or an element that cannot be reached is a 503 that says what to do and keeps what was typed, not an error."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        """Answer for the view that could not."""
        if not isinstance(trouble, OperationalError | InterfaceError | ElementTrouble):
            return None
        seconds: int = settings.LASTCALL_RETRY_SECONDS
        back = moment(clock.now() + timedelta(seconds=seconds))
        content = {"minutes": -(-seconds // 60), "back": back, "kept": kept_fields(request)}
        response = page(request, "503.html", content, status=503)
        response["Retry-After"] = str(seconds)
        return response

"""Around every answer: strict headers, and the chosen language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils import translation

from lastcall.doors.screens.reader import SWITCH

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_YEAR: Final = 365 * 24 * 3600


class Headers:
    """No script and no style but our own files, nothing from elsewhere, nothing kept by browsers or proxies.

    What has an ``ETag`` says itself how it may be kept: it is the same for everyone.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Content-Security-Policy"] = POLICY
        if "ETag" not in response or "Cache-Control" not in response:
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
    rest = request.GET.copy()
    del rest[SWITCH]
    # One slash only: two would make the browser take the path for another host.
    return HttpResponseRedirect("/" + request.path.lstrip("/") + (f"?{rest.urlencode()}" if rest else ""))

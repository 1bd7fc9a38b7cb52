"""Who may see and drive this screen: a person in a browser on this computer, and no page from elsewhere.

The server lets in this computer alone, under its own name (``Host``). Behind that, a browser says of every request which page it
comes from (Fetch Metadata, ``Sec-Fetch-*``; older ones at least ``Origin``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

View = Callable[[HttpRequest], HttpResponse]
_OWN: Final = frozenset({"same-origin", "none"})
"""``none``: typed, or from a bookmark."""


def own_pages_only(view: View) -> View:
    """``view`` for what our own pages send; from elsewhere a link may lead to it, in a window of its own."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        allowed = _is_own_form(request) if request.method == "POST" else _is_visit(request)
        answer = view(request) if allowed else HttpResponseForbidden("Forbidden.\n", content_type="text/plain")
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        answer["Cross-Origin-Opener-Policy"] = "same-origin"
        return answer

    return guarded


def _is_own_form(request: HttpRequest) -> bool:
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is None and origin is None:
        return False
    return site in {None, "same-origin"} and origin in {None, f"{request.scheme}://{request.get_host()}"}


def _is_visit(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is None or site in _OWN:
        return request.headers.get("Sec-Fetch-Dest", "document") not in {"iframe", "frame", "embed", "object"}
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") == "document"

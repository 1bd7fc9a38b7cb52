"""What is shown when something is wrong."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse

from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import kept_fields


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return page(request, "400.html", {}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403, most often a form that stood open too long or came without its cookie: what was typed can be sent again.

    Not so when the form came from another site: then somebody else typed it.
    """
    kept = kept_fields(request) if _from_here(request) else ()
    return page(request, "403.html", {"kept": kept}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, "404.html", {}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, "500.html", {}, status=500)


def _from_here(request: HttpRequest) -> bool:
    said = request.headers.get("origin") or request.headers.get("referer") or ""
    return urlsplit(said).netloc == request.get_host()

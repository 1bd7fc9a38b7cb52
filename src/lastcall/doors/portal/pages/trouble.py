"""What is shown when something is wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lastcall.doors.portal.shell import page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return page(request, "400.html", {}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403, most often a form that stood open too long or came without its cookie."""
    return page(request, "403.html", {}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, "404.html", {}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, "500.html", {}, status=500)

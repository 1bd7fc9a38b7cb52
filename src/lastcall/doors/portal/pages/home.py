"""Home: what Lastcall does, and the ways on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lastcall.doors.portal.presenters.home import home_page
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import pack


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Lastcall does, and the ways on."""
    return page(request, "home.html", {"shown": home_page(pack())})

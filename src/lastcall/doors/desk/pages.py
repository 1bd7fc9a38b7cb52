"""The first page of the desk: what is mine to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.shell import page


@desk("self")
def start(request: HttpRequest, me: Me) -> HttpResponse:
    """The member's areas."""
    return page(request, me, "start.html", {})

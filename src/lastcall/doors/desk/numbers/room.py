"""A page of the number room: the desk's frame, and the way to the room's other pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from lastcall.core.staff.rights import has
from lastcall.doors.desk.acting import Me
from lastcall.doors.desk.shell import page


def room(request: HttpRequest, me: Me, here: str, content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """``here``: the template's name without its ending."""
    around = {"here": here, "may_release": has(me.member, "numbers.release_early")}
    return page(request, me, f"numbers/{here}.html", around | content, status=status)

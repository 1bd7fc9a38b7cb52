"""A page about relying parties: the desk's frame, and the way to the area's other pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from lastcall.core.staff.rights import has
from lastcall.doors.desk.acting import Me
from lastcall.doors.desk.shell import page


def room(request: HttpRequest, me: Me, here: str, content: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """``here``: the template's name without its ending."""
    may = {"may_manage": has(me.member, "relying.manage"), "may_correct": has(me.member, "correction.approve")}
    return page(request, me, f"relying/{here}.html", {"here": here} | may | content, status=status)

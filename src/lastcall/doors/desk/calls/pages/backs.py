"""The call-backs of today: take one and call."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lastcall.core.database import database
from lastcall.core.hotline import calling_back
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.calls import presenters
from lastcall.doors.desk.calls.acting import RIGHT, tried
from lastcall.doors.desk.shell import page


@desk(RIGHT)
def backs(request: HttpRequest, me: Me) -> HttpResponse:
    """Those of today, by time, with how each stands. No name and no number: these come with the call."""
    found = database().transact(calling_back.due_today)
    rows = [presenters.back(due, login=me.actor.name) for due in found]
    return page(request, me, "calls/backs.html", {"rows": rows})


@desk(RIGHT)
def take(request: HttpRequest, me: Me, callback_id: int) -> HttpResponse:
    """Take a call-back; it becomes my call."""
    if request.method != "POST":
        return redirect("desk:calls_backs")
    call = tried(request, me, lambda: calling_back.take(database(), callback_id=callback_id, actor=me.actor))
    return redirect("desk:calls_call", call.id) if call is not None else redirect("desk:calls_backs")

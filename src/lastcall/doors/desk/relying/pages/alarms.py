"""Alarms about consumers that ask as if to find out which numbers there are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lastcall.core.database import database
from lastcall.core.job import Alert
from lastcall.core.relying import sweeping
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.relying import presenters
from lastcall.doors.desk.relying.room import room

_SHOWN = 100


@desk("relying.see")
def alarms(request: HttpRequest, me: Me) -> HttpResponse:
    """Those that nobody has looked into yet."""
    return room(request, me, "alarms", {"alerts": database().transact(open_alarms)})


def open_alarms(rows: Store, consumer_id: int | None = None) -> list[presenters.Alarm]:
    """The open alarms, of one consumer or of all, the newest first."""
    where = {"code": sweeping.CODE, "resolved_at": None} | ({"subject_id": consumer_id} if consumer_id else {})
    found = rows.some(Alert, where, order="-at", limit=_SHOWN)
    consumers = rows.some(Consumer, {"id__in": sorted({each.subject_id for each in found})})
    return presenters.alarms(found, {one.id: one.name for one in consumers})


@desk("relying.manage")
def looked_at(request: HttpRequest, me: Me, alert_id: int) -> HttpResponse:
    """Somebody has looked into it."""
    if request.method == "POST":
        sweeping.settle(database(), alert_id=alert_id, actor=me.actor)
    return HttpResponseRedirect(reverse("desk:relying_alarms"))

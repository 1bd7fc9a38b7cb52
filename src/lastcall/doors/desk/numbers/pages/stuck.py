"""Stuck orders: what waits for a person, another try, and the end of an alert."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core import stuck_work
from lastcall.core.database import database
from lastcall.core.numbers.looking import look_at_stuck_order
from lastcall.core.staff.rights import has
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.numbers import presenters
from lastcall.doors.desk.numbers.forms import ResolveForm
from lastcall.doors.desk.numbers.pages.search import shown
from lastcall.doors.desk.numbers.room import room
from lastcall.doors.screens.reader import pack


@desk("work.retry")
def orders(request: HttpRequest, me: Me) -> HttpResponse:
    """The open alerts, the oldest first."""
    waiting = [
        (order, ResolveForm(auto_id=f"id_%s_{order.alert_id}"))
        for order in presenters.orders(stuck_work.stuck(database()))
    ]
    content = {"waiting": waiting, "may_look": has(me.member, "numbers.look")}
    return room(request, me, "stuck", content)


@desk("work.retry")
def retry(request: HttpRequest, me: Me, job_id: int) -> HttpResponse:
    """Another life for a dead job."""
    if request.method == "POST":
        stuck_work.retry_stuck(database(), job_id=job_id, actor=me.actor)
        messages.success(request, _("It is tried again now."))
    return _back()


@desk("work.retry")
def resolve(request: HttpRequest, me: Me, alert_id: int) -> HttpResponse:
    """An alert comes to its end, with a word on how."""
    if request.method == "POST":
        stuck_work.resolve(database(), alert_id=alert_id, how=request.POST.get("how", ""), actor=me.actor)
        messages.success(request, _("The alert is closed."))
    return _back()


@desk("numbers.look")
def look(request: HttpRequest, me: Me, job_id: int) -> HttpResponse:
    """Open the life of the number that a stuck order is about."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:numbers_search"))
    return shown(look_at_stuck_order(database(), job_id=job_id, policy=pack().policy(), actor=me.actor))


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:numbers_stuck"))

"""Announcements that a relying party's receiver did not take: sent again, or left to the feed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core.database import database
from lastcall.core.relying import consumers
from lastcall.core.relying.consumer import Consumer
from lastcall.core.telling import dead as dead_deliveries
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.relying import presenters
from lastcall.doors.desk.relying.room import room


@desk("relying.see")
def dead(request: HttpRequest, me: Me) -> HttpResponse:
    """Those that wait for a person, the oldest first."""
    return room(request, me, "dead", {"dead": dead_of(None)})


def dead_of(consumer: Consumer | None) -> list[presenters.Dead]:
    """The same of one consumer, or of all."""
    found = dead_deliveries.listed(database(), consumer_id=consumer.id if consumer is not None else None)
    known = consumers.all(database()) if consumer is None and found else ()
    return presenters.dead(found, {one.name: one.id for one in known})


@desk("relying.manage")
def retry(request: HttpRequest, me: Me, delivery_id: int) -> HttpResponse:
    """Send it again."""
    return _done(request, me, delivery_id, dead_deliveries.retry, _("It is sent again now."))


@desk("relying.manage")
def skip(request: HttpRequest, me: Me, delivery_id: int) -> HttpResponse:
    """Leave it to the feed, so that what waits behind it is sent."""
    return _done(request, me, delivery_id, dead_deliveries.skip, _("It is not sent any more and stays in the feed."))


def _done(request: HttpRequest, me: Me, delivery_id: int, act: Callable[..., None], said: str) -> HttpResponse:
    if request.method == "POST":
        act(database(), delivery_id=delivery_id, actor=me.actor)
        messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:relying_dead"))

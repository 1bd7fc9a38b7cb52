"""The card readers of one's own shop: pair one by a code, see which are paired, end a pairing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core.database import database
from lastcall.core.simcard import readers
from lastcall.doors.desk.acting import Me, desk, own_shop
from lastcall.doors.desk.presenters.card import readers_shown
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import pack

RIGHT = "counter.work"


@desk(RIGHT)
def list_(request: HttpRequest, me: Me) -> HttpResponse:
    """The readers that are paired with this shop, or wait for their code."""
    found = readers.of_shop(database(), shop_id=own_shop(me).id)
    return page(request, me, "readers/list.html", {"readers": readers_shown(found)})


@desk(RIGHT)
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """A new code, shown this once."""
    if request.method != "POST":
        return _back()
    policy = pack().policy()
    code = readers.offer(database(), actor=me.actor, shop_id=own_shop(me).id, policy=policy)
    content = {
        "code": f"{code[:4]} {code[4:]}",
        "minutes": policy.sim_pairing_minutes,
        "desk": request.build_absolute_uri("/").rstrip("/"),
    }
    return page(request, me, "readers/new.html", content)


@desk(RIGHT)
def end(request: HttpRequest, me: Me, reader_id: int) -> HttpResponse:
    """From now on this reader may do nothing here."""
    if request.method == "POST":
        readers.end(database(), reader_id=reader_id, shop_id=own_shop(me).id, actor=me.actor)
        messages.success(request, _("The reader is not paired any more."))
    return _back()


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("desk:readers_list"))

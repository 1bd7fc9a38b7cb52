"""The queue of one's own shop: window, call, call again, pass on, give up, finish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core.counter import calls, windows
from lastcall.core.counter.ticket import Ticket
from lastcall.core.database import database
from lastcall.core.errors import BadInput
from lastcall.core.staff.shop import Shop
from lastcall.doors.desk.acting import Me, attempt, desk, own_shop
from lastcall.doors.desk.counter import presenters
from lastcall.doors.desk.counter.forms import NextForm, TransferForm, WindowForm
from lastcall.doors.desk.shell import page

_FILTER: Final = "counter_next"


def go(to: str, *args: object) -> HttpResponse:
    """On to the page of that name."""
    return HttpResponseRedirect(reverse(f"desk:counter_{to}", args=args))


@desk("queue.run")
def queue(request: HttpRequest, me: Me) -> HttpResponse:
    """Who waits, and calling the next."""
    shop = own_shop(me)
    if request.method != "POST":
        return _queue(request, me, shop, NextForm(initial=request.session.get(_FILTER)))
    form = NextForm(request.POST)
    if not form.is_valid():
        return _queue(request, me, shop, form)
    wanted = {name: list(form.cleaned_data[name]) for name in ("purposes", "languages")}
    request.session[_FILTER] = wanted
    called: list[Ticket | None] = []
    attempt(
        me, form, None, lambda: called.append(calls.call_next(database(), shop_id=shop.id, actor=me.actor, **wanted))
    )
    if called and called[0] is not None:
        return go("visit", called[0].id)
    if called:
        messages.info(request, _("Nobody waits for that."))
        return go("queue")
    return _queue(request, me, shop, form)


def _queue(request: HttpRequest, me: Me, shop: Shop, form: NextForm) -> HttpResponse:
    standing = calls.queue(database(), shop_id=shop.id)
    content = {
        "form": form,
        "queue": presenters.queue(standing),
        "window": calls.window_of(database(), shop_id=shop.id, actor=me.actor),
        "mine": calls.current(database(), actor=me.actor),
    }
    return page(request, me, "counter/queue.html", content)


@desk("queue.run")
def window(request: HttpRequest, me: Me) -> HttpResponse:
    """Sit down at a window, or get up."""
    shop = own_shop(me)
    if request.method == "POST" and "rise" in request.POST:
        windows.rise(database(), actor=me.actor)
        return go("queue")
    now = calls.window_of(database(), shop_id=shop.id, actor=me.actor)
    form = WindowForm(request.POST if request.method == "POST" else None, initial={"window": now})
    if request.method == "POST" and form.is_valid():
        sat = attempt(
            me, form, "window",
            lambda: windows.sit(database(), shop_id=shop.id, window=form.cleaned_data["window"], actor=me.actor),
        )  # fmt: skip
        if sat is not None:
            return go("queue")
    return page(request, me, "counter/window.html", {"form": form, "window": now})


@desk("queue.run")
def call(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Call a certain visitor."""
    if request.method != "POST":
        return go("queue")
    calls.call(database(), shop_id=own_shop(me).id, ticket_id=ticket_id, actor=me.actor)
    return go("visit", ticket_id)


STEPS: Final[Mapping[str, Callable[..., Any]]] = {
    "recall": calls.recall,
    "begin": calls.begin,
    "no_show": calls.no_show,
    "finish": calls.finish,
}


@desk("queue.run")
def step(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """The next step of a visit."""
    if request.method != "POST":
        return go("queue")
    act = request.POST.get("act", "")
    if act not in STEPS:
        raise BadInput("no such step", code="bad_step", remedy="Use the buttons of the page.")
    STEPS[act](database(), ticket_id=ticket_id, actor=me.actor)
    return go("visit", ticket_id) if act in {"recall", "begin"} else go("queue")


@desk("queue.run")
def transfer(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Pass a visitor on."""
    ticket = calls.own_ticket(database(), ticket_id=ticket_id, actor=me.actor)
    others = calls.queue(database(), shop_id=own_shop(me).id).windows
    free = [sitting.window for sitting in others if sitting.login != me.actor.name]
    sent = request.POST if request.method == "POST" else None
    form = TransferForm(sent, windows=free, initial={"purpose": ticket.purpose})
    if form.is_valid():
        moved = attempt(
            me, form, None,
            lambda: calls.transfer(
                database(), ticket_id=ticket_id, actor=me.actor, purpose=form.cleaned_data["purpose"],
                window=form.cleaned_data["window"],
            ),
        )  # fmt: skip
        if moved is not None:
            return go("queue")
    return page(request, me, "counter/transfer.html", {"form": form, "ticket": presenters.waiting(ticket)})

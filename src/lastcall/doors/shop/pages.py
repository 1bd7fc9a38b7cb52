"""The pages of a shop's kiosk, of its waiting room's screen, and of a visitor's ticket."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from lastcall.core.counter import kiosk as tickets
from lastcall.core.counter.ticket import PURPOSES
from lastcall.core.database import database
from lastcall.core.errors import BadInput, NotAllowed, NotFound, Refused
from lastcall.core.staff.shop import Shop
from lastcall.doors.screens.address import address_of
from lastcall.doors.screens.reader import TAGS, pack
from lastcall.doors.screens.wording import spoken
from lastcall.doors.shop import presenters

T = TypeVar("T")
AT_KIOSK: Final = "kiosk"
METHODS: Final = ["GET", "HEAD", "POST"]


def _found(work: Callable[[], T]) -> T:
    try:
        return work()
    except NotFound:
        raise Http404 from None


def _shop(code: str) -> Shop:
    return _found(lambda: tickets.find_shop(database(), code))


def _page(
    request: HttpRequest, shop: Shop, language: str, template: str, content: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """``content`` in ``shop/<template>``, in the visitor's language, whatever the device's is."""
    around = {"shop": shop, "tag": TAGS[language], "language": language}
    with translation.override(language):
        around["operator"] = spoken(pack().entry("operator.name").value, language)
        return render(request, f"shop/{template}", around | content, status=status)


@require_safe
def kiosk(request: HttpRequest, code: str) -> HttpResponse:
    """Which language? Asked in all of them."""
    return _page(request, _shop(code), settings.LANGUAGE_CODE, "kiosk.html", {"languages": presenters.languages()})


@require_http_methods(METHODS)
def purposes(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """What for? The answer makes the ticket."""
    shop = _shop(code)
    if language not in TAGS:
        raise Http404
    if request.method != "POST":
        return _ask(request, shop, language)
    try:
        issued = tickets.take(
            database(), shop_code=shop.code, purpose=request.POST.get("purpose", ""), language=language,
            source=address_of(request), policy=pack().policy(),
        )  # fmt: skip
    except BadInput:
        raise BadRequest("no such purpose") from None
    except Refused as refused:
        return _ask(request, shop, language, problem=refused.code, status=429)
    where = reverse("shop:ticket", args=(shop.code, issued.token))
    return HttpResponseRedirect(f"{where}?at={AT_KIOSK}")


def _ask(request: HttpRequest, shop: Shop, language: str, *, problem: str = "", status: int = 200) -> HttpResponse:
    with translation.override(language):
        content = {"purposes": presenters.purposes(PURPOSES), "problem": presenters.problem(problem)}
    return _page(request, shop, language, "purposes.html", content, status=status)


@require_http_methods(METHODS)
def ticket(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """How a ticket stands; at the kiosk to be printed, on the visitor's phone to be followed, and to leave the queue."""
    shop = _shop(code)
    if request.method == "POST":
        return _leave(request, shop, token)
    place = _found(lambda: tickets.look(database(), shop_code=shop.code, token=token))
    address = reverse("shop:ticket", args=(shop.code, token))
    with translation.override(place.ticket.language):
        content = {
            "ticket": presenters.ticket(place),
            "at_kiosk": request.GET.get("at") == AT_KIOSK,
            "leaving": request.GET.get("leave") == "ask",
            "address": address,
            "picture": presenters.picture(_whole(request, address)),
        }
    return _page(request, shop, place.ticket.language, "ticket.html", content)


def _whole(request: HttpRequest, address: str) -> str:
    host = settings.LASTCALL_PUBLIC_HOST
    return f"https://{host}{address}" if host else request.build_absolute_uri(address)


def _leave(request: HttpRequest, shop: Shop, token: str) -> HttpResponse:
    with suppress(NotAllowed):  # once the visit has begun: the page says so
        _found(lambda: tickets.leave(database(), shop_code=shop.code, token=token))
    return HttpResponseRedirect(reverse("shop:ticket", args=(shop.code, token)))


@require_safe
def screen(request: HttpRequest, code: str) -> HttpResponse:
    """Who is called, and where to."""
    shop = _shop(code)
    calls = tickets.screen(database(), shop_code=shop.code)
    content = {"calls": calls, "headings": presenters.headings()}
    return _page(request, shop, settings.LANGUAGE_CODE, "screen.html", content)

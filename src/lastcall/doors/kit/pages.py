"""What for? Then the whole kit on one page, as PDF, and its days for a calendar."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lastcall.core import clock
from lastcall.core.kit.calendar import ics
from lastcall.core.kit.kit import Kit, make_kit
from lastcall.core.policies.load import load
from lastcall.core.ports import Printer
from lastcall.core.provided import provided
from lastcall.doors.kit.choosing import Choice, chosen, lists
from lastcall.doors.kit.shown import kit_page
from lastcall.doors.screens.reader import SWITCH, TAGS, languages, spoken

_FILE: Final = 'attachment; filename="{}"'


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The lists to choose from; what the address names already is chosen."""
    return _page(request, "choose.html", {"lists": lists(request.GET, language=spoken())})


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The kit; the lists once more where something is not chosen yet."""
    choice = chosen(request.GET)
    if choice is None:
        return _page(request, "choose.html", {"lists": lists(request.GET, language=spoken()), "problem": True})
    query = urlencode(choice.query())
    content = {
        "shown": kit_page(_kit(choice)),
        "again": f"{reverse('kit:choose')}?{query}",
        "pdf": f"{reverse('kit:pdf')}?{query}",
        "ics": f"{reverse('kit:ics')}?{query}",
    }
    return _page(request, "show.html", content)


@require_safe
def kit_pdf(request: HttpRequest) -> HttpResponse:
    """The kit on paper, with lines for what only its reader knows."""
    choice = chosen(request.GET)
    if choice is None:
        return _to_the_lists(request)
    content = provided(Printer).bind(_kit(choice).letters)
    return _file(content, "application/pdf", f"kit-{choice.operator}.pdf")


@require_safe
def deadlines_ics(request: HttpRequest) -> HttpResponse:
    """The days for a calendar."""
    choice = chosen(request.GET)
    if choice is None:
        return _to_the_lists(request)
    return _file(ics(_kit(choice)), "text/calendar; charset=utf-8", f"deadlines-{choice.operator}.ics")


def _kit(choice: Choice) -> Kit:
    now = clock.now()
    day = timezone.localdate(now)
    return make_kit(
        pack=load(choice.operator, on=day), language=spoken(), reason=choice.reason, situation=choice.situation, on=day,
        made_at=now,
    )  # fmt: skip


def _to_the_lists(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('kit:show')}?{request.GET.urlencode()}")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": _FILE.format(name)})


def _page(request: HttpRequest, template: str, content: dict[str, Any]) -> HttpResponse:
    """``content`` in ``kit/<template>``, in the language in force; another language is the same page with the same choices."""
    others = [(each, f"?{_with(request, each.code)}") for each in languages()]
    return render(request, f"kit/{template}", {"tag": TAGS[spoken()], "languages": others} | content)


def _with(request: HttpRequest, language: str) -> str:
    query = request.GET.copy()
    query[SWITCH] = language
    return query.urlencode()

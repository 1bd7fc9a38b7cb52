"""What for? Then the whole kit on one page, as PDF, and its days for a calendar."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from lastcall.core import clock
from lastcall.core.kit.calendar import METHOD, ics
from lastcall.core.kit.kit import Kit, make_kit
from lastcall.core.kit.operators import pack_of, version_of
from lastcall.core.ports import Printer
from lastcall.core.provided import provided
from lastcall.doors.kit.choosing import Choice, chosen, lists
from lastcall.doors.kit.kept import Busy, Kept
from lastcall.doors.kit.shown import kit_page
from lastcall.doors.screens.reader import SWITCH, TAGS, languages, spoken

_FILE: Final = 'attachment; filename="{}"'
_RETRY_SECONDS: Final = 2
KEPT: Final = Kept()
"""The PDFs that were asked for lately."""


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
    """The kit on paper, with lines for what only its reader knows: set once a day for all who choose the same."""
    choice = chosen(request.GET)
    if choice is None:
        return _to_the_lists(request)
    try:
        content = _pdf(choice)
    except Busy:
        return _busy(request, choice)
    response = _file(content, "application/pdf", f"kit-{choice.operator}.pdf")
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))  # by which the language is known
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert isinstance(answer, HttpResponse)
    return answer


@require_safe
def deadlines_ics(request: HttpRequest) -> HttpResponse:
    """The days for a calendar."""
    choice = chosen(request.GET)
    if choice is None:
        return _to_the_lists(request)
    return _file(
        ics(_kit(choice)), f"text/calendar; charset=utf-8; method={METHOD}", f"deadlines-{choice.operator}.ics"
    )


def _pdf(choice: Choice) -> bytes:
    """The same bytes all day: it is dated with the day's beginning."""
    day, printer = timezone.localdate(clock.now()), provided(Printer)
    key = (choice, spoken(), day, version_of(pack_of(choice.operator, on=day)), printer.name)
    return KEPT.get(key, lambda: printer.bind(_kit(choice, made_at=_beginning(day)).letters))


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _kit(choice: Choice, *, made_at: datetime | None = None) -> Kit:
    made_at = made_at or clock.now()
    day = timezone.localdate(made_at)
    return make_kit(
        pack=pack_of(choice.operator, on=day), language=spoken(), reason=choice.reason, situation=choice.situation, on=day,
        made_at=made_at,
    )  # fmt: skip


def _busy(request: HttpRequest, choice: Choice) -> HttpResponse:
    kit = f"{reverse('kit:show')}?{urlencode(choice.query())}"
    response = _page(request, "busy.html", {"again": request.get_full_path(), "kit": kit})
    response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    response["Retry-After"] = str(_RETRY_SECONDS)
    return response


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

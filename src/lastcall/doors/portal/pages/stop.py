""" "This was not me": by the number and the word from our notice, without login, with one answer whatever was wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from lastcall.core.actor import STRANGER, Actor
from lastcall.core.closing import stop as stopping
from lastcall.core.database import database
from lastcall.core.errors import NotFound, Refused
from lastcall.doors.portal.forms.stop import StopForm
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import only_switches

_SOMEBODY: Final = Actor(STRANGER, "-", "portal")


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """The form; and the one answer there is."""
    if request.method != "POST":
        return page(request, "stop.html", {"form": StopForm()})
    if only_switches(request):
        return page(request, "stop.html", {"form": StopForm(initial=request.POST.dict())})
    form = StopForm(request.POST)
    if not form.is_valid():
        return page(request, "stop.html", {"form": form})
    with suppress(NotFound, Refused):
        stopping.stop(database(), msisdn=form.cleaned_data["number"], word=form.cleaned_data["word"], actor=_SOMEBODY)
    kept = tuple((name, request.POST[name]) for name in ("number", "word"))
    return page(request, "stopped.html", {"kept_words": kept, "entry": True})

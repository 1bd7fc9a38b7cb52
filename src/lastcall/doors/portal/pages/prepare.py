"""Before you leave: a list to tick off. It belongs to the open case, else to this device; nothing waits for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lastcall.core import clock
from lastcall.core.actor import HOLDER, Actor
from lastcall.core.closing import preparation
from lastcall.core.closing.letters.checklist import checklist
from lastcall.core.database import database
from lastcall.core.ports import Printer
from lastcall.core.provided import provided
from lastcall.doors.portal.opened import MARK, OPEN_MINUTES, is_marked, keep_open, mark, open_case_id
from lastcall.doors.portal.pages.receipt import pdf
from lastcall.doors.portal.presenters.prepare import prepare_page
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import only_switches, pack, spoken
from lastcall.doors.screens.sealed import Kept

_TICKS: Final = Kept("lastcall_ticks", "/", timedelta(days=30))
_SELF: Final = Actor(HOLDER, "-", "portal")


@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """The list of this device; posted, what is ticked is kept in a cookie."""
    if request.method != "POST":
        return _show(request, _on_device(request))
    done = _known(request.POST.getlist("done"))
    if only_switches(request):
        return _show(request, done)
    response = _show(request, done, saved=True)
    _TICKS.keep(request, response, {"done": sorted(done)})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def case_prepare(request: HttpRequest) -> HttpResponse:
    """The list of the case that is open on this device; posted, what is ticked is kept with it."""
    case_id = open_case_id(request)
    if case_id is None:
        return HttpResponseRedirect(reverse("portal:prepare"))
    if request.method != "POST" or not is_marked(request, case_id):
        return _show(request, _of_case(case_id), case_id=case_id)
    done = _known(request.POST.getlist("done"))
    if only_switches(request):
        return _show(request, done, case_id=case_id)
    preparation.tick(database(), case_id=case_id, done=done, actor=_SELF)
    return _show(request, done, case_id=case_id, saved=True)


@require_safe
def checklist_pdf(request: HttpRequest) -> HttpResponse:
    """The list on paper."""
    letter = checklist(pack=pack(), language=spoken(), now=clock.now())
    return pdf(provided(Printer).make(letter), "checklist")


def carry_over(request: HttpRequest, case_id: int) -> None:
    """What was ticked on this device before the declaration belongs to its case from now on."""
    if done := _on_device(request):
        preparation.tick(database(), case_id=case_id, done=done, actor=_SELF)


def _show(
    request: HttpRequest, done: frozenset[str], *, case_id: int | None = None, saved: bool = False
) -> HttpResponse:
    content = {
        "shown": prepare_page(pack(), done=done, language=spoken()),
        "entry": True,
        "saved": saved,
        "mark": mark(case_id) if case_id is not None else "",
        "mark_field": MARK,
        "seconds": OPEN_MINUTES * 60,
    }
    response = page(request, "prepare.html", content)
    if case_id is not None:
        keep_open(request, response, case_id)
    return response


def _of_case(case_id: int) -> frozenset[str]:
    return database().transact(lambda rows: preparation.ticked(rows, case_id))


def _on_device(request: HttpRequest) -> frozenset[str]:
    return _known(_TICKS.read(request).get("done", []))


def _known(done: list[str]) -> frozenset[str]:
    return frozenset(done) & frozenset(preparation.tasks(pack()))

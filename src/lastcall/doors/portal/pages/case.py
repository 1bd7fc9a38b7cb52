"""Following a case: the reference and the secret of its receipt are posted here, never in a URL."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lastcall.core import clock
from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.find import find
from lastcall.core.closing.story import Story, story
from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.store import Store
from lastcall.doors.portal.forms.case import CaseForm
from lastcall.doors.portal.opened import OPEN_MINUTES, forget, keep_open, open_case_id
from lastcall.doors.portal.presenters.case import case_page
from lastcall.doors.portal.shell import only_switches, page


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """The case whose reference and secret were given here, else the form that asks for them."""
    if request.method == "POST":
        return _typed_case(request)
    told = _open_case(request)
    return page(request, "case_form.html", {"form": CaseForm()}) if told is None else _show_case(request, told)


@require_http_methods(["GET", "HEAD", "POST"])
def close_case(request: HttpRequest) -> HttpResponse:
    """Forget on this device which case was open."""
    response = HttpResponseRedirect(reverse("portal:case"))
    if request.method == "POST":
        forget(response)
    return response


def _typed_case(request: HttpRequest) -> HttpResponse:
    if only_switches(request):
        return page(request, "case_form.html", {"form": CaseForm(initial=request.POST.dict())})
    form = CaseForm(request.POST)
    found = _find(form) if form.is_valid() else None
    if found is None:
        return page(request, "case_form.html", {"form": form})
    response = HttpResponseRedirect(reverse("portal:case"))
    keep_open(request, response, found.id)
    return response


def _find(form: CaseForm) -> Case | None:
    given = form.cleaned_data
    try:
        return database().transact(lambda rows: find(rows, reference=given["reference"], secret=given["secret"]))
    except NotFound:
        form.add_error(
            None, _("There is no closing with this reference and this secret. Check both with your receipt.")
        )
        return None


def _open_case(request: HttpRequest) -> Story | None:
    case_id = open_case_id(request)
    if case_id is None:
        return None
    try:
        return database().transact(lambda rows: _read(rows, case_id))
    except NotFound:
        return None


def _read(rows: Store, case_id: int) -> Story:
    return story(rows, case=read_case(rows, case_id))


def _show_case(request: HttpRequest, told: Story) -> HttpResponse:
    shown = case_page(told, language=get_language() or "en", now=clock.now())
    response = page(request, "case.html", {"shown": shown, "minutes": OPEN_MINUTES})
    keep_open(request, response, told.case.id)
    return response

"""The pages of the portal: home, following a case, status of a number, and what is shown when something is wrong.

Nothing secret and no number is ever in a URL: both are posted, and a signed cookie keeps a case open for a short time.
"""

from __future__ import annotations

from typing import Final

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lastcall.core import clock
from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.find import find
from lastcall.core.closing.story import Story, story
from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.numbers.status import get_public_status
from lastcall.core.store import Store
from lastcall.doors.portal.forms import CaseForm, NumberForm
from lastcall.doors.portal.middleware import SWITCH
from lastcall.doors.portal.presenters import NumberPage, case_page, number_page
from lastcall.doors.portal.shell import page

OPEN_MINUTES: Final = 15
_COOKIE: Final = "lastcall_case"
_SALT: Final = "lastcall.doors.portal.case"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Lastcall does, and the two ways on."""
    return page(request, "home.html", {})


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
        response.delete_cookie(_COOKIE, path=reverse("portal:case"), samesite="Strict")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """Which operator holds the range of a number: the same answer whether it is in service, at rest or free."""
    if request.method != "POST":
        return page(request, "number.html", {"form": NumberForm()})
    form, shown = NumberForm(request.POST), None
    if _only_switches(request):
        form = NumberForm(initial=request.POST.dict())
    elif form.is_valid():
        shown = _public(form.cleaned_data["number"])
    return page(request, "number.html", {"form": form, "shown": shown})


def _only_switches(request: HttpRequest) -> bool:
    """Another language was asked for before anything was sent: what was typed stays, and is not judged."""
    return SWITCH in request.POST and "sent" not in request.POST


def _public(msisdn: int) -> NumberPage:
    return number_page(get_public_status(database(), msisdn), msisdn=msisdn)


def _typed_case(request: HttpRequest) -> HttpResponse:
    if _only_switches(request):
        return page(request, "case_form.html", {"form": CaseForm(initial=request.POST.dict())})
    form = CaseForm(request.POST)
    found = _find(form) if form.is_valid() else None
    if found is None:
        return page(request, "case_form.html", {"form": form})
    response = HttpResponseRedirect(reverse("portal:case"))
    _keep_open(request, response, found.id)
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


def _keep_open(request: HttpRequest, response: HttpResponse, case_id: int) -> None:
    response.set_signed_cookie(
        _COOKIE, str(case_id), salt=_SALT, max_age=OPEN_MINUTES * 60, path=reverse("portal:case"),
        secure=request.is_secure(), httponly=True, samesite="Strict",
    )  # fmt: skip


def _open_case(request: HttpRequest) -> Story | None:
    try:
        kept = request.get_signed_cookie(_COOKIE, salt=_SALT, max_age=OPEN_MINUTES * 60)
    except (KeyError, BadSignature):
        return None
    try:
        return database().transact(lambda rows: _read(rows, int(kept or 0)))
    except NotFound:
        return None


def _read(rows: Store, case_id: int) -> Story:
    return story(rows, case=read_case(rows, case_id))


def _show_case(request: HttpRequest, told: Story) -> HttpResponse:
    shown = case_page(told, language=get_language() or "en", now=clock.now())
    response = page(request, "case.html", {"shown": shown, "minutes": OPEN_MINUTES})
    _keep_open(request, response, told.case.id)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return page(request, "400.html", {}, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """403, most often a form that stood open too long or came without its cookie."""
    return page(request, "403.html", {}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, "404.html", {}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page(request, "500.html", {}, status=500)

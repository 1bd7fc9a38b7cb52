"""Following a case: the reference and the secret of its receipt are posted here, never in a URL."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lastcall.core import clock
from lastcall.core.audit.reading import readings
from lastcall.core.closing import preparation, preview
from lastcall.core.closing.case import Case
from lastcall.core.closing.find import find
from lastcall.core.closing.story import Story, is_proved, story
from lastcall.core.database import database
from lastcall.core.errors import ElementTrouble, NotFound
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing
from lastcall.core.provided import provided
from lastcall.core.rows import Json
from lastcall.core.store import Store
from lastcall.doors.portal.acting import METHODS, ask_for_words, go, open_case, read, show, still_open
from lastcall.doors.portal.carried import drop_typed
from lastcall.doors.portal.forms.case import CaseForm
from lastcall.doors.portal.opened import forget, keep_open
from lastcall.doors.portal.pages.asked import asked_about, shows_asked
from lastcall.doors.portal.pages.letters import available
from lastcall.doors.portal.pages.photo import is_wanted
from lastcall.doors.portal.pages.rest import offered
from lastcall.doors.portal.presenters.case import Extras, case_page
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import only_switches, pack, spoken

THEN: Final = frozenset(
    {
        "case-identity",
        "case-identity-country",
        "case-identity-where",
        "case-identity-number",
        "case-identity-code",
        "case-photo",
        "case-callback",
        "case-papers",
        "case-sim",
        "case-refund",
        "case-withdraw",
        "case-stop",
        "case-back",
        "case-asked",
        "case-rest",
    }
)
"""Pages to which the form for reference and secret may lead."""


@require_http_methods(METHODS)
def case(request: HttpRequest) -> HttpResponse:
    """The case whose reference and secret were given here, else the form that asks for them."""
    if request.method == "POST":
        return _typed_case(request)
    found = open_case(request)
    if found is None:
        return ask_for_words(request)
    response = _show_case(request, found)
    keep_open(request, response, found.id)
    return response


@require_http_methods(METHODS)
def close_case(request: HttpRequest) -> HttpResponse:
    """Forget on this device which case was open."""
    response = go(request, "case", saying="forgotten" if request.method == "POST" else "")
    if request.method == "POST":
        forget(response)
        drop_typed(response)
    return response


def _typed_case(request: HttpRequest) -> HttpResponse:
    then = request.POST.get("then", "")
    then = then if then in THEN else ""
    if only_switches(request):
        return page(request, "case_form.html", {"form": CaseForm(initial=request.POST.dict()), "then": then})
    form = CaseForm(request.POST)
    found = _find(form) if form.is_valid() else None
    if found is None:
        return page(request, "case_form.html", {"form": form, "then": then})
    response = HttpResponseRedirect(reverse(f"portal:{then or 'case'}"))
    keep_open(request, response, found.id)
    if not then:  # what was typed for another closing is of no use here
        drop_typed(response)
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


def _show_case(request: HttpRequest, case: Case) -> HttpResponse:
    bill, unknown = _preview(case)
    can_rest = bool(offered(case).choices)
    found = read(lambda rows: _read(rows, case, bill, unknown, can_rest))
    if found is None:
        return ask_for_words(request)
    told, extras = found
    shown = case_page(told, extras, pack=pack(), language=spoken(), now=clock.now())
    return show(request, case, "case.html", {"shown": shown})


def _preview(case: Case) -> tuple[Json, bool]:
    """The bill as it would be today, and whether billing could not be asked."""
    if not is_proved(case) or case.ended_at is not None or case.final_bill:
        return {}, False
    try:
        return preview.preview(database(), case_id=case.id, billing=provided(Billing)), False
    except ElementTrouble:
        return {}, True


def _read(rows: Store, case: Case, bill: Json, unknown: bool, can_rest: bool) -> tuple[Story, Extras]:
    tasks = preparation.tasks(pack())
    policy = Policy.from_json(case.policy)
    extras = Extras(
        preview=bill,
        bill_unknown=unknown,
        done=len(preparation.ticked(rows, case.id) & set(tasks)),
        tasks=len(tasks),
        readings=readings(rows, case_id=case.id),
        letters=available(rows, case),
        can_photo=is_wanted(case),
        can_call=still_open(case) and is_proved(case) and policy.callback_offered,
        asked=asked_about(rows, case) if shows_asked(case) else None,
        can_rest=can_rest,
    )
    return story(rows, case=case), extras

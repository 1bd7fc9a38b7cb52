"""Where the refund shall go. Only once somebody has shown who they are: before, nothing about money is told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lastcall.core.closing import evidence
from lastcall.core.closing.case import Case
from lastcall.core.closing.story import is_proved
from lastcall.core.database import database
from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.acting import actor_of, attempt, go, of_open_case, show, still_open
from lastcall.doors.portal.carried import typed
from lastcall.doors.portal.forms.choices import OneOf
from lastcall.doors.portal.presenters.refund import NO_METHOD, methods
from lastcall.doors.screens.reader import only_switches, pack


@of_open_case("case-refund", keeps=("answer",))
def refund(request: HttpRequest, case: Case) -> HttpResponse:
    """Choose among the ways of the case's policy."""
    if not still_open(case):
        return go(request, "case", saying="nothing_needed")
    if not is_proved(case):
        return go(request, "case-identity")
    options = methods(Policy.from_json(case.policy))
    if request.method != "POST":
        given = {"answer": case.refund_target} | typed(request, "case-refund")
        return _ask(request, case, OneOf(initial=given, options=options, none=NO_METHOD))
    if only_switches(request):
        return _ask(request, case, OneOf(initial=request.POST.dict(), options=options, none=NO_METHOD))
    form = OneOf(request.POST, options=options, none=NO_METHOD)
    return _taken(request, case, form) if form.is_valid() else _ask(request, case, form)


def _taken(request: HttpRequest, case: Case, form: OneOf) -> HttpResponse:
    if form.chosen == case.refund_target:
        return go(request, "case", saying="refund_chosen")
    chosen = attempt(
        form, "answer",
        lambda: evidence.choose_refund(database(), case_id=case.id, method=form.chosen, actor=actor_of(case)),
    )  # fmt: skip
    return go(request, "case", saying="refund_chosen") if chosen else _ask(request, case, form)


def _ask(request: HttpRequest, case: Case, form: OneOf) -> HttpResponse:
    entry = pack().entry("refund.methods")
    days = Policy.from_json(case.policy).refund_deadline_days
    return show(request, case, "refund.html", {"form": form, "days": days, "sure": entry.is_confirmed})

"""What becomes of the SIM."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing import evidence
from lastcall.core.closing.case import Case
from lastcall.core.database import database
from lastcall.doors.portal.acting import actor_of, attempt, go, of_open_case, show, still_open
from lastcall.doors.portal.carried import typed
from lastcall.doors.portal.forms.choices import OneOf, Option
from lastcall.doors.screens.reader import only_switches, pack, spoken
from lastcall.doors.screens.wording import advice

HAND_IN: Final = "hand_in"
OPTIONS: Final = (
    Option(
        "keep",
        _("I keep the SIM"),
        _("It goes dead with the line. Cut it in two afterwards; nobody can use it any more."),
    ),
    Option(
        HAND_IN, _("I hand it in at a shop"), _("Take its PIN off first. The closing waits until it was handed in.")
    ),
    Option("esim", _("It is an eSIM"), _("There is no card. Leave the profile on the phone until the line has ended.")),
)
NOTHING: Final = _("Choose what becomes of the SIM.")


@of_open_case("case-sim", keeps=("answer",))
def sim(request: HttpRequest, case: Case) -> HttpResponse:
    """Say what becomes of the SIM."""
    if not still_open(case) or case.sim_custody in {"collected", "destroyed"}:
        return go(request, "case", saying="nothing_needed")
    if request.method != "POST":
        return _ask(
            request, case, OneOf(initial=_now(case) | typed(request, "case-sim"), options=OPTIONS, none=NOTHING)
        )
    if only_switches(request):
        return _ask(request, case, OneOf(initial=request.POST.dict(), options=OPTIONS, none=NOTHING))
    form = OneOf(request.POST, options=OPTIONS, none=NOTHING)
    return _taken(request, case, form) if form.is_valid() else _ask(request, case, form)


def _taken(request: HttpRequest, case: Case, form: OneOf) -> HttpResponse:
    if form.chosen == HAND_IN:
        return go(request, "case", saying="sim_to_shop")
    if case.sim_custody == "subscriber":  # said before: nothing changes, however often it is said
        return go(request, "case", saying="sim_kept")
    kept = attempt(
        form, None,
        lambda: evidence.declare_sim(database(), case_id=case.id, custody="subscriber", actor=actor_of(case)),
    )  # fmt: skip
    return go(request, "case", saying="sim_kept") if kept else _ask(request, case, form)


def _now(case: Case) -> dict[str, str]:
    return {"answer": "keep"} if case.sim_custody == "subscriber" else {}


def _ask(request: HttpRequest, case: Case, form: OneOf) -> HttpResponse:
    told = advice(pack(), "esim.profile_is_not_contract", spoken())
    return show(request, case, "sim.html", {"form": form, "esim": told})

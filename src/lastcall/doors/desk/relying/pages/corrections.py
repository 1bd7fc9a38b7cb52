"""Corrections: a closing that was reported wrongly is asked to be put right by one, and approved by another."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.errors import NotFound, Refused
from lastcall.core.numbers import correction as correcting
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.look import Look
from lastcall.core.numbers.looking import get_live_look, live_look, look_at_number
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.numbers.pages.search import shown
from lastcall.doors.desk.presenters.waiting import waiting
from lastcall.doors.desk.relying import words
from lastcall.doors.desk.relying.correctable import correctable
from lastcall.doors.desk.relying.forms import CorrectionForm
from lastcall.doors.desk.relying.room import room
from lastcall.doors.screens.reader import pack

LOOKED = "complaint"
"""The reason that the number's holder reads for the look that comes with a correction."""


@desk("correction.ask")
def ask(request: HttpRequest, me: Me, look_id: int) -> HttpResponse:
    """A reason and a paper's reference; a colleague decides."""
    look = get_live_look(database(), look_id=look_id, login=me.actor.name)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        made = attempt(me, form, "reference", lambda: _ask(form, look, me))
        if made is not None:
            messages.success(request, _("Asked for. Another number manager decides."))
            return shown(look)
    content = {"form": form, "look": look, "number": format_msisdn(look.msisdn)}
    return room(request, me, "ask_correction", content, status=400 if form.errors else 200)


def _ask(form: CorrectionForm, look: Look, me: Me) -> Correction:
    tenure_id = database().transact(lambda rows: correctable(rows, look.msisdn))
    if tenure_id is None:
        raise Refused("nobody has this number back", code="not_given_back", remedy="Give the number back first.")
    return correcting.ask(
        database(), tenure_id=tenure_id, reason=form.cleaned_data["reason"],
        reference=form.cleaned_data["reference"], policy=pack().policy(), actor=me.actor,
    )  # fmt: skip


@desk("correction.approve")
def corrections(request: HttpRequest, me: Me) -> HttpResponse:
    """What waits for a second person; the numbers are not shown before one of them is opened."""
    now = clock.now()
    found = correcting.open_corrections(database())
    return room(
        request,
        me,
        "corrections",
        {"waiting": [waiting(each, words.CORRECTIONS, login=me.actor.name, now=now) for each in found]},
    )


@desk("correction.approve")
def look(request: HttpRequest, me: Me, correction_id: int) -> HttpResponse:
    """Open the number that a request is about, to decide it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:relying_corrections"))
    msisdn = database().transact(lambda rows: _number_of(rows, correction_id))
    opened = look_at_number(database(), msisdn=msisdn, reason=LOOKED, policy=pack().policy(), actor=me.actor)
    return HttpResponseRedirect(reverse("desk:relying_decide_correction", args=[opened.id]))


def _number_of(rows: Store, correction_id: int) -> int:
    found = rows.one(Correction, {"id": correction_id, "at": None})
    tenure = rows.one(Tenure, {"id": found.tenure_id}) if found is not None else None
    if tenure is None:
        raise NotFound("no such request", remedy="Look at the list of requests again.")
    return tenure.msisdn


@desk("correction.approve")
def decide(request: HttpRequest, me: Me, look_id: int) -> HttpResponse:
    """The request about the number that is open, and the second person's consent."""
    look, found = database().transact(lambda rows: _waiting(rows, look_id, me.actor.name))
    if request.method == "POST":
        correcting.approve(database(), correction_id=found.id, actor=me.actor)
        messages.success(request, _("Corrected. Whoever asked to be told about the number is told of it."))
        return HttpResponseRedirect(reverse("desk:relying_corrections"))
    asked = waiting(found, words.CORRECTIONS, login=me.actor.name, now=clock.now())
    content = {"look": look, "number": format_msisdn(look.msisdn), "asked": asked}
    return room(request, me, "decide_correction", content)


def _waiting(rows: Store, look_id: int, login: str) -> tuple[Look, Correction]:
    look = live_look(rows, look_id=look_id, login=login)
    tenures = [each.id for each in rows.some(Tenure, {"msisdn": look.msisdn})]
    found = rows.some(Correction, {"tenure_id__in": tenures, "at": None, "until__gt": clock.now()}, order="-asked_at")
    if not found:
        raise NotFound("no correction waits for this number", remedy="Look at the list of requests again.")
    return look, found[0]

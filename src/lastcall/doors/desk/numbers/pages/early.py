"""Early release: asking for it, the requests that wait, and the second person's decision."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.numbers import early_release
from lastcall.core.numbers.look import Look
from lastcall.core.numbers.looking import get_live_look, look_at_request
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.release_request import ReleaseRequest
from lastcall.core.staff.refusals import note_refusal
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.numbers import words
from lastcall.doors.desk.numbers.forms import DecideForm, EarlyForm
from lastcall.doors.desk.numbers.pages.search import read, shown
from lastcall.doors.desk.numbers.room import room
from lastcall.doors.desk.presenters.waiting import waiting
from lastcall.doors.screens.reader import pack


@desk("numbers.release_early")
def ask(request: HttpRequest, me: Me, look_id: int) -> HttpResponse:
    """A reason and an order's reference; a colleague decides."""
    look = get_live_look(database(), look_id=look_id, login=me.actor.name)
    form = EarlyForm(request.POST) if request.method == "POST" else EarlyForm()
    if request.method == "POST" and form.is_valid():
        made = attempt(me, form, "reference", lambda: _ask(form, look, me))
        if made is not None:
            messages.success(request, _("Asked for. Another number manager decides."))
            return shown(look)
    _note_what_is_wrong(form, me)
    content = {
        "form": form, "look": look, "number": format_msisdn(look.msisdn), "floor": pack().policy().quarantine_floor_days,
    }  # fmt: skip
    return room(request, me, "ask_early", content, status=400 if form.errors else 200)


def _ask(form: EarlyForm, look: Look, me: Me) -> ReleaseRequest:
    return early_release.ask(
        database(), msisdn=look.msisdn, reason=form.cleaned_data["reason"], reference=form.cleaned_data["reference"],
        policy=pack().policy(), actor=me.actor,
    )  # fmt: skip


def _note_what_is_wrong(form: EarlyForm, me: Me) -> None:
    """A try without a reason or an order is on record, as one that a rule refused is."""
    for field, code in (("reason", "bad_reason"), ("reference", "bad_reference")):
        if field in form.errors:
            note_refusal(database(), actor=me.actor, right="numbers.release_early", code=code)


@desk("numbers.release_early")
def requests(request: HttpRequest, me: Me) -> HttpResponse:
    """What waits for a second person; the numbers are not shown before one of them is opened."""
    now = clock.now()
    found = [
        waiting(each, words.EARLY_REASONS, login=me.actor.name, now=now)
        for each in early_release.open_requests(database())
    ]
    return room(request, me, "requests", {"waiting": found})


@desk("numbers.release_early")
def look(request: HttpRequest, me: Me, request_id: int) -> HttpResponse:
    """Open the life of the number that a request is about."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:numbers_requests"))
    return shown(look_at_request(database(), request_id=request_id, policy=pack().policy(), actor=me.actor))


@desk("numbers.release_early")
def decide(request: HttpRequest, me: Me, look_id: int) -> HttpResponse:
    """Approve, refuse or take back the request that the number's life shows."""
    form = DecideForm(request.POST)
    look, told = database().transact(lambda rows: read(rows, look_id, me.actor.name))
    if request.method != "POST" or not form.is_valid() or told.tenure_id is None:
        return shown(look)
    messages.success(request, _decided(form, told.tenure_id, me))
    return shown(look)


def _decided(form: DecideForm, tenure_id: int, me: Me) -> str:
    request_id, decision = form.cleaned_data["request"], form.cleaned_data["decision"]
    early_release.belongs(database(), request_id=request_id, tenure_id=tenure_id)
    if decision == "approve":
        early_release.approve(database(), request_id=request_id, policy=pack().policy(), actor=me.actor)
        return _("The quarantine is over. The next sweep releases the number.")
    if decision == "refuse":
        early_release.refuse(database(), request_id=request_id, actor=me.actor)
        return _("Refused. The quarantine goes on.")
    early_release.take_back(database(), request_id=request_id, actor=me.actor)
    return _("Taken back. The quarantine goes on.")

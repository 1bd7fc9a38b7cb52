"""Searching one number with a reason, and its life while the look at it is live."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.numbers.look import Look
from lastcall.core.numbers.looking import live_look, look_at_number
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.timeline import Timeline, timeline
from lastcall.core.staff.refusals import note_refusal
from lastcall.core.staff.rights import has
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.numbers import presenters, words
from lastcall.doors.desk.numbers.forms import SearchForm
from lastcall.doors.desk.numbers.room import room
from lastcall.doors.desk.presenters.waiting import waiting
from lastcall.doors.desk.relying.correctable import correctable, is_asked
from lastcall.doors.screens.reader import pack


@desk("numbers.look")
def search(request: HttpRequest, me: Me) -> HttpResponse:
    """A whole number and a reason; the look is noted before anything is shown."""
    form = SearchForm(request.POST) if request.method == "POST" else SearchForm()
    if request.method == "POST" and form.is_valid():
        look = attempt(me, form, None, lambda: _look(form, me))
        if look is not None:
            return shown(look)
    elif "reason" in form.errors:
        note_refusal(database(), actor=me.actor, right="numbers.look", code="bad_reason")
    return room(request, me, "search", {"form": form}, status=400 if form.errors else 200)


def _look(form: SearchForm, me: Me) -> Look:
    msisdn, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
    return look_at_number(database(), msisdn=msisdn, reason=reason, policy=pack().policy(), actor=me.actor)


def shown(look: Look) -> HttpResponse:
    """The way to the number's life, which names the look and not the number."""
    return HttpResponseRedirect(reverse("desk:numbers_life", args=[look.id]))


@desk("numbers.look")
def life(request: HttpRequest, me: Me, look_id: int) -> HttpResponse:
    """One number's whole life, for whoever has a live look at it."""
    look, told = database().transact(lambda rows: read(rows, look_id, me.actor.name))
    now = clock.now()
    may = has(me.member, "numbers.release_early")
    name, mark = words.STATES[told.state]
    asked = waiting(told.request, words.EARLY_REASONS, login=me.actor.name, now=now) if told.request and may else None
    content = {
        "look": look, "number": format_msisdn(look.msisdn), "told": told, "state": name, "mark": mark,
        "past": presenters.past(told.past), "ahead": presenters.ahead(told.ahead, now),
        "asked": asked,
        "can_correct": has(me.member, "correction.ask") and database().transact(lambda rows: _can_correct(rows, look)),
        "can_ask": may and told.state == "quarantined" and told.request is None,
        "until": presenters.when(look.until), "ours": told.range_inn == pack().entry("operator.inn").value,
    }  # fmt: skip
    return room(request, me, "life", content)


def _can_correct(rows: Store, look: Look) -> bool:
    tenure_id = correctable(rows, look.msisdn)
    return tenure_id is not None and not is_asked(rows, tenure_id)


def read(rows: Store, look_id: int, login: str) -> tuple[Look, Timeline]:
    """The live look and the life that it is at. Raises ``NotFound``."""
    look = live_look(rows, look_id=look_id, login=login)
    return look, timeline(rows, msisdn=look.msisdn)

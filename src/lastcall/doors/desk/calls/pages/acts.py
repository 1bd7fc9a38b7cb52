"""What an agent does for a caller: the link, a call-back, taking it back, stopping it, and the end of the call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lastcall.core.closing import callbacks
from lastcall.core.database import database
from lastcall.core.hotline import agents, calling_back, guiding, phrases
from lastcall.core.hotline.call import Call
from lastcall.doors.desk.acting import Me
from lastcall.doors.desk.calls import presenters
from lastcall.doors.desk.calls.acting import attempted, of_own_call, posted, tried
from lastcall.doors.desk.calls.forms import CallbackForm, FinishForm
from lastcall.doors.desk.calls.pages.call import Forms, outcomes, show
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import spoken


@posted
def link(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The link to the case, to a contact on file. Nobody here sees it."""
    channel, turn = request.POST.get("channel", ""), request.POST.get("turn", "")
    sent = tried(
        request, me,
        lambda: guiding.send_link(
            database(), call_id=call.id, channel=channel, turn=int(turn) if turn.isdecimal() else 0, actor=me.actor
        ),
    )  # fmt: skip
    if sent is not None:
        messages.success(request, _("The link is on its way to the contact on file."))
    return redirect("desk:calls_call", call.id)


@of_own_call
def callback(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """Book a call-back."""
    _, _, case = database().transact(lambda rows: guiding.opened(rows, call_id=call.id, login=me.actor.name))
    free = callbacks.slots(database(), case_id=case.id)
    standing = database().transact(lambda rows: callbacks.booked(rows, case.id))
    times = presenters.times(free)
    if request.method == "POST" and standing is not None:  # a double click asks for the time that is booked by now
        times.append((standing.start.isoformat(), presenters.when(standing)))
    form = CallbackForm(request.POST if request.method == "POST" else None, times=times)
    if request.method == "POST" and form.is_valid() and _booked(request, me, call, form):
        return redirect("desk:calls_call", call.id)
    content = {"call": call, "form": form, "any": bool(free), "booked": presenters.when(standing) if standing else ""}
    return page(request, me, "calls/callback.html", content)


def _booked(request: HttpRequest, me: Me, call: Call, form: CallbackForm) -> bool:
    start = datetime.fromisoformat(form.cleaned_data["start"])
    made = attempted(me, form, "start", lambda: guiding.book(database(), call_id=call.id, start=start, actor=me.actor))
    if made is not None:
        messages.success(request, _("The call-back is booked: %(when)s") % {"when": presenters.when(made)})
    return made is not None


def _sure(
    request: HttpRequest, me: Me, call: Call, template: str, phrase: str, work: Callable[[], object], done: str
) -> HttpResponse:
    """A page with one button, pressed once, and with what is said to the caller before."""
    if request.method != "POST":
        caller, agent = call.language or spoken(), spoken()
        cards = presenters.said(phrases.cards((phrase,), caller, agent), caller=caller, agent=agent)
        return page(request, me, template, {"call": call, "cards": cards})

    def act() -> bool:
        work()
        return True

    if tried(request, me, act):
        messages.success(request, done)
    return redirect("desk:calls_call", call.id)


@of_own_call
def withdraw(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """Take the declaration back at the caller's word."""
    database().transact(lambda rows: guiding.opened(rows, call_id=call.id, login=me.actor.name))
    return _sure(
        request, me, call, "calls/withdraw.html", "confirm_withdraw",
        lambda: guiding.withdraw(database(), call_id=call.id, actor=me.actor), _("The declaration was taken back."),
    )  # fmt: skip


@of_own_call
def stop(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """ "This was not me", at the caller's word, whatever the answers were."""
    return _sure(
        request, me, call, "calls/stop.html", "stop", lambda: agents.stop(database(), call_id=call.id, actor=me.actor),
        _("If a closing of this number was under way, it stands still now until the holder was asked."),
    )  # fmt: skip


@posted
def finish(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The end of the call, with a coded word; its file is closed."""
    dial = database().transact(lambda rows: calling_back.number_to_call(rows, call))
    form = FinishForm(request.POST, outcomes=outcomes(dial))
    if not form.is_valid():
        return show(request, me, call, Forms(finish=form))
    agents.finish(database(), call_id=call.id, outcome=form.cleaned_data["outcome"], actor=me.actor)
    messages.success(request, _("The call is finished."))
    return redirect("desk:calls_queue")

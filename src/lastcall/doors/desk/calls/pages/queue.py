"""The callers who wait, taking one, and a call that came past the menu."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.hotline import agents
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.calls import presenters
from lastcall.doors.desk.calls.acting import RIGHT, policy, tried
from lastcall.doors.desk.calls.forms import OpenForm, SpokenForm
from lastcall.doors.desk.shell import page

_KEY_BITS = 80


@desk(RIGHT)
def queue(request: HttpRequest, me: Me) -> HttpResponse:
    """Who waits, in the agent's languages first, the oldest first; who has gone; my own call."""
    return _show(request, me, OpenForm(initial={"language": me.member.language, "key": clock.token(_KEY_BITS)}))


def _show(request: HttpRequest, me: Me, form: OpenForm) -> HttpResponse:
    rules, now = policy(), clock.now()
    agents.end_left_calls(database(), policy=rules)
    spoken = SpokenForm(request.GET if "speak" in request.GET else {"speak": [me.member.language]})
    languages = tuple(spoken.cleaned_data["speak"]) if spoken.is_valid() else ()
    waiting = database().transact(lambda rows: agents.waiting(rows, languages=languages))
    gone = database().transact(agents.gone_lately)
    most = rules.figures_target_waiting_minutes
    content = {
        "waiting": presenters.waiting(waiting, now=now, most_minutes=most),
        "gone": presenters.waiting(gone, now=now, most_minutes=most),
        "mine": database().transact(lambda rows: agents.call_of(rows, login=me.actor.name)),
        "spoken": spoken,
        "form": form,
    }
    return page(request, me, "calls/queue.html", content)


@desk(RIGHT)
def take(request: HttpRequest, me: Me, call_id: int) -> HttpResponse:
    """Take a caller; when somebody else was quicker, or the caller has gone, the queue says so."""
    if request.method != "POST":
        return redirect("desk:calls_queue")
    call = tried(request, me, lambda: agents.take(database(), call_id=call_id, actor=me.actor))
    return redirect("desk:calls_call", call.id) if call is not None else redirect("desk:calls_queue")


@desk(RIGHT)
def open_by_hand(request: HttpRequest, me: Me) -> HttpResponse:
    """A call that came past the menu."""
    if request.method != "POST":
        return redirect("desk:calls_queue")
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _show(request, me, form)
    given = form.cleaned_data
    call = tried(
        request, me,
        lambda: agents.open_by_hand(database(), language=given["language"], key=given["key"], actor=me.actor),
    )  # fmt: skip
    return redirect("desk:calls_call", call.id) if call is not None else redirect("desk:calls_queue")

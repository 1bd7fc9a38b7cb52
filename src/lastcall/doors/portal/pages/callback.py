"""A call-back: booked, moved, cancelled."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lastcall.core.closing import callbacks
from lastcall.core.closing.callbacks import Slot
from lastcall.core.closing.case import Case
from lastcall.core.closing.story import is_proved
from lastcall.core.database import database
from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.acting import actor_of, attempt, go, of_open_case, read, refusal, show, still_open
from lastcall.doors.portal.carried import typed
from lastcall.doors.portal.forms.callback import CallForm
from lastcall.doors.portal.presenters.callback import booked_in_words, days
from lastcall.doors.screens.reader import TAGS, only_switches


@of_open_case("case-callback", keeps=("start", "language"))
def callback(request: HttpRequest, case: Case) -> HttpResponse:
    """Choose when to be called, and in which language."""
    if not still_open(case) or not Policy.from_json(case.policy).callback_offered:
        return go(request, "case", saying="nothing_needed")
    if not is_proved(case):
        return go(request, "case-identity")
    if "cancel" in request.POST:
        return _cancel(request, case)
    free = callbacks.slots(database(), case_id=case.id)
    starts = [slot.start.isoformat() for slot in free]
    if request.method != "POST" or only_switches(request):
        given = (
            request.POST.dict()
            if request.method == "POST"
            else {"language": case.language} | typed(request, "case-callback")
        )
        return _ask(request, case, CallForm(initial=given, starts=starts), free)
    form = CallForm(request.POST, starts=starts + _standing(case))
    return _book(request, case, form) if form.is_valid() else _ask(request, case, form, free)


def _standing(case: Case) -> list[str]:
    """What is booked already may be sent again: a double click, or another language for the same time."""
    call = read(lambda rows: callbacks.booked(rows, case.id))
    return [call.start.isoformat()] if call else []


def _book(request: HttpRequest, case: Case, form: CallForm) -> HttpResponse:
    start = datetime.fromisoformat(form.cleaned_data["start"])
    language = form.cleaned_data["language"]
    made = attempt(
        form, "start",
        lambda: callbacks.book(database(), case_id=case.id, start=start, language=language, actor=actor_of(case)),
    )  # fmt: skip
    if made:
        return go(request, "case-callback", saying="call_booked")
    return _ask(request, case, form, callbacks.slots(database(), case_id=case.id))


def _cancel(request: HttpRequest, case: Case) -> HttpResponse:
    problem = refusal(lambda: callbacks.cancel(database(), case_id=case.id, actor=actor_of(case)))
    if not problem:
        return go(request, "case-callback", saying="call_cancelled")
    free = callbacks.slots(database(), case_id=case.id)
    return _ask(request, case, CallForm(starts=[]), free, problem)


def _ask(request: HttpRequest, case: Case, form: CallForm, free: tuple[Slot, ...], problem: str = "") -> HttpResponse:
    call = read(lambda rows: callbacks.booked(rows, case.id))
    languages = [(code, TAGS[code], name) for code, name in settings.LANGUAGES]
    content = {
        "form": form,
        "problem": problem,
        "days": days(free),
        "booked": booked_in_words(call) if call else "",
        "spoken": next((name for code, _, name in languages if call and code == call.language), ""),
        "spoken_tag": TAGS.get(call.language, "") if call else "",
        "tongues": languages,
    }
    return show(request, case, "callback.html", content)

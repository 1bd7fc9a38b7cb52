"""The one page of this program, as the moment asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.errors import LastcallError, NotFound
from lastcall.core.provided import provided
from lastcall.doors.reader import presenters
from lastcall.doors.reader.acts import Opening
from lastcall.doors.reader.agent import Agent
from lastcall.doors.reader.forms import PairForm, PinForm, PukForm
from lastcall.doors.reader.guard import own_pages_only
from lastcall.doors.reader.stage import Stage
from lastcall.doors.screens.reader import TAGS, spoken

Content = dict[str, Any]
FORMS: Final[dict[str, type[PinForm] | type[PukForm]]] = {"pin": PinForm, "puk": PukForm}


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("pin", "puk", "repeated", "code")
def screen(request: HttpRequest) -> HttpResponse:
    """What there is to do now; its buttons come back here."""
    agent = provided(Agent)
    stage = agent.stage
    with translation.override(agent.language or spoken()):
        if request.method != "POST":
            return _show(request, agent, stage)
        return _pressed(request, agent, stage) or HttpResponseRedirect(reverse("reader:screen"))


def _pressed(request: HttpRequest, agent: Agent, stage: Stage) -> HttpResponse | None:
    """None once it was taken, or when it came from an older page: then the page of this moment follows."""
    act, page = request.POST.get("act", ""), request.POST.get("page", "")
    if act == "speak" and request.POST.get("language") in TAGS:
        agent.speak(request.POST["language"])
    elif page == stage.page and agent.may(act, page):
        return _ACTS[act](request, agent, stage)
    return None


def _pair(request: HttpRequest, agent: Agent, stage: Stage) -> HttpResponse | None:
    form = PairForm(request.POST)
    if form.is_valid():
        try:
            agent.pair(form.cleaned_data["code"])
        except NotFound:
            form.add_error("code", _("The desk does not know this code, or its time is over."))
        except LastcallError as trouble:
            form.add_error("code", presenters.problem(trouble.code)[0])
    return _show(request, agent, stage, form) if form.errors else None


def _open(request: HttpRequest, agent: Agent, stage: Stage) -> HttpResponse | None:
    form = FORMS[stage.name](request.POST, risky=presenters.risky(stage))
    if not form.is_valid():
        return _show(request, agent, stage, form)
    given = form.cleaned_data
    agent.open_with(stage.page, Opening(pin=given["pin"], puk=given.get("puk", ""), last_try=given["last_try"]))
    return None


def _plainly(press: Callable[[Agent, str], None]) -> Callable[[HttpRequest, Agent, Stage], None]:
    return lambda _request, agent, stage: press(agent, stage.page)


_ACTS: Final[dict[str, Callable[[HttpRequest, Agent, Stage], HttpResponse | None]]] = {
    "pair": _pair,
    "leave": _plainly(lambda agent, _page: agent.leave()),
    "agree": _plainly(Agent.agree),
    "decline": _plainly(lambda agent, page: agent.stop(page, "decline")),
    "pin": _open,
    "unblock": _open,
    "again": _plainly(Agent.again),
    "stop": _plainly(Agent.stop),
    "give_up": _plainly(Agent.give_up),
    "finish": _plainly(Agent.finish),
}


def _show(request: HttpRequest, agent: Agent, stage: Stage, form: forms.Form | None = None) -> HttpResponse:
    language = spoken()
    around = {
        "tag": TAGS[language],
        "languages": presenters.languages(language),
        "stage": stage,
        "note": presenters.note(stage),
        "order": stage.order,
        "shop": agent.pairing.shop if agent.pairing else "",
    }
    return render(request, f"reader/{stage.name}.html", around | _CONTENT[stage.name](agent, stage, form))


def _unpaired(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    return {"form": form or PairForm(), "desk": agent.desk.address}


def _waiting(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    readers, trouble = presenters.seen(agent)
    until = moment(agent.pairing.until) if agent.pairing else ""
    away = presenters.problem(agent.away) if agent.away else None
    return {"readers": readers, "trouble": trouble, "until": until, "away": away}


def _asked(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    return {}


def _opening(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    risky = presenters.risky(stage)
    return {"form": form or FORMS[stage.name](risky=risky), "risky": risky, "tries": presenters.tries(stage)}


def _working(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    return {"step": presenters.step(stage), "silent": stage.silent(clock.now())}


def _done(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    assert stage.order is not None
    return {
        "facts": presenters.facts(stage.order, stage),
        "files": presenters.files(stage.saved) if stage.saved else None,
        "why": presenters.problem(stage.note)[0] if stage.note else "",
        "partly": presenters.partly(stage.saved),
        "clears": presenters.time_of_day(stage.clears_at) if stage.clears_at else "",
    }


def _stopped(agent: Agent, stage: Stage, form: forms.Form | None) -> Content:
    assert stage.order is not None
    title, remedy = presenters.problem(stage.problem)
    return {"title": title, "remedy": remedy, "facts": presenters.facts(stage.order, stage)}


_CONTENT: Final[dict[str, Callable[[Agent, Stage, forms.Form | None], Content]]] = {
    "unpaired": _unpaired,
    "waiting": _waiting,
    "asked": _asked,
    "pin": _opening,
    "puk": _opening,
    "working": _working,
    "done": _done,
    "stopped": _stopped,
}

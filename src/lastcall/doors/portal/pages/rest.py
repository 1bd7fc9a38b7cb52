"""Asking for a longer rest of the number, where the policy offers it: chosen, confirmed, done, once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from lastcall.core.actor import REPRESENTATIVE
from lastcall.core.closing.case import Case
from lastcall.core.closing.story import is_proved
from lastcall.core.database import database
from lastcall.core.numbers import longer_rest
from lastcall.core.numbers.longer_rest import Offer
from lastcall.doors.portal.acting import actor_of, go, of_open_case, refusal, show
from lastcall.doors.portal.carried import typed
from lastcall.doors.portal.forms.choices import OneOf
from lastcall.doors.portal.presenters.rest import NOTHING, chosen, options
from lastcall.doors.screens.reader import only_switches

_NOTHING = Offer((), None)


def offered(case: Case) -> Offer:
    """What may be asked for now. The wish is the holder's own: nothing is offered to who acts for them, or has proved nothing."""
    if case.state != "closed" or not is_proved(case) or case.declared_by == REPRESENTATIVE:
        return _NOTHING
    return longer_rest.offer(database(), case=case)


@of_open_case("case-rest", keeps=("answer",))
def rest(request: HttpRequest, case: Case) -> HttpResponse:
    """Choose how much longer, then confirm it."""
    offer = offered(case)
    if not offer.choices:
        return _too_late(request, case, offer)
    if request.method != "POST":
        return _ask(request, case, _form(offer, initial=typed(request, "case-rest")))
    if only_switches(request):
        return _ask(request, case, _form(offer, initial=request.POST.dict()))
    form = _form(offer, request.POST)
    if not form.is_valid():
        return _ask(request, case, form)
    return _confirmed(request, case, offer, int(form.chosen))


def _too_late(request: HttpRequest, case: Case, offer: Offer) -> HttpResponse:
    """Asked twice it is one wish; where nothing is offered, a form that was open all the while says why."""
    if offer.asked_at is not None:
        return go(request, "case", saying="rest_longer" if request.method == "POST" else "nothing_needed")
    if request.method != "POST" or not is_proved(case):
        return go(request, "case", saying="nothing_needed")
    return go(request, "case", saying="rest_over")


def _form(offer: Offer, *given: object, **initial: object) -> OneOf:
    return OneOf(*given, options=options(offer.choices), none=NOTHING, **initial)


def _ask(request: HttpRequest, case: Case, form: OneOf, problem: str = "") -> HttpResponse:
    return show(request, case, "rest.html", {"form": form, "problem": problem})


def _confirmed(request: HttpRequest, case: Case, offer: Offer, days: int) -> HttpResponse:
    choice = next(each for each in offer.choices if each.days == days)
    if request.POST.get("sure") != "yes":
        return show(request, case, "rest.html", {"chosen": chosen(choice)})
    problem = refusal(lambda: longer_rest.ask(database(), case=case, days=days, actor=actor_of(case)))
    if problem:
        return _ask(request, case, _form(offer, initial={"answer": str(days)}), problem)
    return go(request, "case", saying="rest_longer")

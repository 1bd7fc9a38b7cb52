"""What the pages of a case have in common: the case must be open, forms belong to it, the core's refusals become words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lastcall.core.actor import HOLDER, REPRESENTATIVE, Actor
from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import read_case
from lastcall.core.database import database
from lastcall.core.errors import BadInput, Conflict, LastcallError, NotFound, Refused
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.store import Store
from lastcall.doors.portal.carried import heard, keep_typed, say, silence, typed
from lastcall.doors.portal.forms.case import CaseForm
from lastcall.doors.portal.opened import OPEN_MINUTES, forget, is_marked, keep_open, mark, open_case_id
from lastcall.doors.portal.presenters.said import said
from lastcall.doors.portal.presenters.trouble import trouble
from lastcall.doors.portal.shell import page

P = ParamSpec("P")
T = TypeVar("T")
View = Callable[Concatenate[HttpRequest, Case, P], HttpResponse]
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
METHODS: Final = ["GET", "HEAD", "POST"]


def of_open_case(then: str, *, keeps: tuple[str, ...] = ()) -> Callable[[View[P]], Page[P]]:
    """A page of the case that is open on this device.

    Where none is open, the form for reference and secret stands there instead and leads back to the page ``then`` (its name in
    ``urls.py``); of what was posted, the fields in ``keeps`` survive. A form of another case does nothing.
    """

    def decorate(view: View[P]) -> Page[P]:
        def shown(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            case = open_case(request)
            if case is None:
                return ask_for_words(request, then=then, keeps=keeps)
            if request.method == "POST" and not is_marked(request, case.id):
                return _another_case(request)
            response = view(request, case, *args, **kwargs)
            keep_open(request, response, case.id)
            return response

        return wraps(view)(require_http_methods(METHODS)(shown))  # type: ignore[return-value]

    return decorate


def open_case(request: HttpRequest) -> Case | None:
    """The case that is open on this device, as it is now."""
    case_id = open_case_id(request)
    return read(lambda rows: read_case(rows, case_id)) if case_id is not None else None


def read(work: Callable[[Store], T]) -> T | None:
    """What ``work`` reads in one transaction, None where there is no such thing any more."""
    try:
        return database().transact(work)
    except NotFound:
        return None


def ask_for_words(request: HttpRequest, *, then: str = "", keeps: tuple[str, ...] = ()) -> HttpResponse:
    """The form for reference and secret, in the place of a page that needs an open case."""
    lost = request.method == "POST"
    response = page(
        request, "case_form.html", {"form": CaseForm(), "then": then, "lost": lost, "said": said(heard(request))}
    )
    silence(response)
    kept = {name: " ".join(request.POST.getlist(name)) for name in keeps if request.POST.get(name)}
    if kept:
        keep_typed(request, response, then, typed(request, then) | kept)
    return response


def _another_case(request: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(reverse("portal:case"))
    forget(response)
    say(request, response, "other_case")
    return response


def show(
    request: HttpRequest, case: Case, template: str, content: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the case, with what every such page has around its content."""
    around = {
        "of": mark(case.id),
        "number": format_msisdn(case.claimed_msisdn),
        "said": said(heard(request)),
        "minutes": OPEN_MINUTES,
        "seconds": OPEN_MINUTES * 60,
    }
    response = page(request, template, around | content, status=status)
    silence(response)
    return response


def go(request: HttpRequest, to: str, *, saying: str = "") -> HttpResponse:
    """On to the page of that name; ``saying``: what it says first."""
    response = HttpResponseRedirect(reverse(f"portal:{to}"))
    if saying:
        say(request, response, saying)
    return response


def actor_of(case: Case) -> Actor:
    """Whoever holds the words of the case acts as the one who declared."""
    return Actor(REPRESENTATIVE if case.declared_by == REPRESENTATIVE else HOLDER, "-", "portal")


def attempt(form: forms.Form, field: str | None, work: Callable[[], T]) -> T | None:
    """What ``work`` gives; None when the core refuses, and then ``form`` has the words, at ``field`` where it was the input."""
    try:
        return work()
    except BadInput as refusal:
        form.add_error(field, forms.ValidationError(trouble(refusal.code), code=refusal.code))
    except (Refused, Conflict, NotFound) as refusal:
        form.add_error(None, forms.ValidationError(trouble(refusal.code), code=refusal.code))
    return None


def refusal(work: Callable[[], object]) -> str:
    """Do ``work``; the words for the core's refusal, empty when it was done."""
    try:
        work()
    except LastcallError as refused:
        if not isinstance(refused, BadInput | Refused | Conflict | NotFound):
            raise
        return trouble(refused.code)
    return ""


def confirm(
    request: HttpRequest, case: Case, *, ask: Callable[[Case, str], HttpResponse], work: Callable[[], object],
    done: Callable[[Case], bool], saying: str,
) -> HttpResponse:  # fmt: skip
    """A page with one button. ``ask(case, problem)`` makes it; pressed twice, it is done once and said as done."""
    if request.method != "POST":
        return ask(case, "")
    problem = refusal(work)
    fresh = open_case(request) or case
    return go(request, "case", saying=saying) if done(fresh) else ask(fresh, problem)


def still_open(case: Case) -> bool:
    """Whether anything can still be given for the case: it has not ended, and the switching off has not begun."""
    return case.ended_at is None and case.state != "ceasing"

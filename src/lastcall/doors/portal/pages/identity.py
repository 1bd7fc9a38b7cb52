"""Showing who one is, one question a page: kind of document, country, where the code goes, number, code.

What was answered travels in a signed cookie; the document's number does not: it is compared at once and kept nowhere. So a
language switch keeps every answer but the number and the code, which must be typed again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse

from lastcall.core import clock
from lastcall.core.closing import codes, prove
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.story import is_proved
from lastcall.core.database import database
from lastcall.core.errors import Refused
from lastcall.core.policies.policy import Policy
from lastcall.doors.portal.acting import actor_of, attempt, go, of_open_case, open_case, read, refusal, show, still_open
from lastcall.doors.portal.carried import drop_typed, heard, keep_typed, typed
from lastcall.doors.portal.forms.choices import OneOf, Option
from lastcall.doors.portal.forms.identity import (
    CHANNELS,
    KINDS,
    NO_CHANNEL,
    NO_KIND,
    CodeForm,
    CountryForm,
    NumberOfDocumentForm,
)
from lastcall.doors.portal.presenters.countries import countries, country_name, often
from lastcall.doors.portal.presenters.identity import unreliable
from lastcall.doors.screens.moments import dated, time_left
from lastcall.doors.screens.reader import only_switches, pack, spoken

PAGE: Final = "case-identity"
"""Under this name the answers travel, whichever of the pages asked for them."""
HOME_OF: Final = {"ru_passport": "RU"}
"""Kinds of document of which one country alone gives them."""


SEEN: Final = "seen"
"""Hidden field: how many tries had been made when the form was shown. So a form sent twice is one try."""


def elsewhere(request: HttpRequest, case: Case) -> HttpResponse | None:
    """Where the reader goes who has nothing to prove here, or may not any more."""
    if not still_open(case):
        return go(request, "case", saying="nothing_needed")
    if locked := elsewhere_if_locked(request, case):
        return locked
    if wants_nothing(case):
        return go(request, "case", saying="proved")
    return None


def wants_nothing(case: Case) -> bool:
    """Whether identity stands proved, and not too long ago."""
    return is_proved(case) and case.results.get("identity", {}).get("reason") != "identity_expired"


@of_open_case(PAGE, keeps=("answer",))
def identity(request: HttpRequest, case: Case) -> HttpResponse:
    """Which kind of document."""
    return elsewhere(request, case) or _choose(
        request, case, field="kind", options=KINDS, none=NO_KIND, template="identity_kind.html"
    )


@of_open_case("case-identity-where")
def where(request: HttpRequest, case: Case) -> HttpResponse:
    """Where the code shall go: always the same three answers, whatever is on file."""
    if "issuer" not in typed(request, PAGE):
        return go(request, PAGE)
    return elsewhere(request, case) or _choose(
        request, case, field="channel", options=CHANNELS, none=NO_CHANNEL, template="identity_where.html"
    )


def _choose(
    request: HttpRequest, case: Case, *, field: str, options: tuple[Option, ...], none: object, template: str
) -> HttpResponse:
    words = str(none)
    if request.method != "POST":
        kept = typed(request, PAGE)
        given = {"answer": kept.get(field) or kept.get("answer", "")}
        return show(request, case, template, {"form": OneOf(initial=given, options=options, none=words)})
    if only_switches(request):
        return show(request, case, template, {"form": OneOf(initial=request.POST.dict(), options=options, none=words)})
    form = OneOf(request.POST, options=options, none=words)
    if not form.is_valid():
        return show(request, case, template, {"form": form})
    return _on(request, {field: form.chosen})


def _on(request: HttpRequest, answer: dict[str, str]) -> HttpResponse:
    """Keep the answer and go to the first question that has none."""
    given = typed(request, PAGE) | answer
    if "kind" in answer:
        given |= {"issuer": HOME_OF[answer["kind"]]} if answer["kind"] in HOME_OF else {}
    asked = {"kind": PAGE, "issuer": "case-identity-country", "channel": "case-identity-where"}
    response = go(request, next((page for name, page in asked.items() if name not in given), "case-identity-number"))
    keep_typed(request, response, PAGE, given)
    return response


@of_open_case("case-identity-country")
def country(request: HttpRequest, case: Case) -> HttpResponse:
    """Which country gave the document."""
    if "kind" not in typed(request, PAGE):
        return go(request, PAGE)
    if moved := elsewhere(request, case):
        return moved
    if request.method != "POST":
        return _ask_country(request, case, CountryForm(initial={"country": typed(request, PAGE).get("issuer", "")}))
    if only_switches(request):
        return _ask_country(request, case, CountryForm(initial=request.POST.dict()))
    form = CountryForm(request.POST)
    return (
        _on(request, {"issuer": form.cleaned_data["country"]}) if form.is_valid() else _ask_country(request, case, form)
    )


def _ask_country(request: HttpRequest, case: Case, form: CountryForm) -> HttpResponse:
    content = {"form": form, "often": often(spoken()), "countries": countries(spoken())}
    return show(request, case, "identity_country.html", content)


@of_open_case("case-identity-number")
def number(request: HttpRequest, case: Case) -> HttpResponse:
    """The number of the document, and off goes the code, if all agrees."""
    given = typed(request, PAGE)
    if not {"kind", "issuer", "channel"} <= given.keys():
        return go(request, PAGE)
    if moved := elsewhere(request, case):
        return moved
    if request.method != "POST" or only_switches(request):
        return _ask_number(request, case, NumberOfDocumentForm(kind=given["kind"]), given)
    if request.POST.get(SEEN) != _tries(case):  # a double click: this very form has asked for a code already
        return go(request, "case-identity-code")
    form = NumberOfDocumentForm(request.POST, kind=given["kind"])
    if form.is_valid() and _begun(case, form, given):
        return go(request, "case-identity-code")
    return _ask_number(request, open_case(request) or case, form, given)


def _begun(case: Case, form: NumberOfDocumentForm, given: Mapping[str, str]) -> bool:
    document = form.cleaned_data["document"]
    until = attempt(
        form, "document",
        lambda: prove.begin(
            database(), case_id=case.id, kind=given["kind"], issuer=given["issuer"], number=document,
            channel=given["channel"], actor=actor_of(case),
        ),
    )  # fmt: skip
    return until is not None


def _ask_number(request: HttpRequest, case: Case, form: NumberOfDocumentForm, given: Mapping[str, str]) -> HttpResponse:
    answers = {
        "kind": next((option.label for option in KINDS if option.value == given["kind"]), ""),
        "country": country_name(given["issuer"], spoken()),
        "channel": next((option.label for option in CHANNELS if option.value == given["channel"]), ""),
        "country_asked": given["kind"] not in HOME_OF,
        "seen": _tries(case),
    }
    return elsewhere_if_locked(request, case) or show(request, case, "identity_number.html", {"form": form} | answers)


def elsewhere_if_locked(request: HttpRequest, case: Case) -> HttpResponse | None:
    """The page that says so, once the tries are used up."""
    locked = case.is_locked(clock.now()) and case.in_person_at is None
    return show(request, case, "identity_locked.html", {}) if locked else None


def _tries(case: Case) -> str:
    return str(case.identity_failures)


@of_open_case("case-identity-code")
def code(request: HttpRequest, case: Case) -> HttpResponse:
    """The one-time code. Every answer is followed by a redirect, so that a reload is no try."""
    if moved := elsewhere(request, case):
        return moved
    newest = read(lambda rows: codes.latest(rows, case.id, codes.proving(case)))
    if newest is None:
        return go(request, PAGE)
    policy = Policy.from_json(case.policy)
    if request.method != "POST" or only_switches(request):
        return _ask_code(request, case, newest, _code_form(policy))
    if "again" in request.POST:
        return _again(request, case, newest)
    if request.POST.get(SEEN) != _answers(newest):
        return go(request, "case-identity-code", saying="code_refused" if newest.tries else "")
    form = _code_form(policy, request.POST)
    if not form.is_valid() or not codes.is_live(newest, policy, clock.now()):
        return _ask_code(request, case, newest, form)
    return _try(request, case, form.cleaned_data["code"])


def _code_form(policy: Policy, given: Mapping[str, str] | None = None) -> CodeForm:
    return CodeForm(given, digits=policy.identity_code_digits)


def _answers(newest: Code) -> str:
    return f"{newest.tries}-{int(newest.sent_at.timestamp())}"


def _again(request: HttpRequest, case: Case, newest: Code) -> HttpResponse:
    if request.POST.get(SEEN) != _answers(newest):  # a double click: the newer code is on its way
        return go(request, "case-identity-code", saying="code_again")
    problem = refusal(lambda: prove.again(database(), case_id=case.id, actor=actor_of(case)))
    if not problem:
        return go(request, "case-identity-code", saying="code_again")
    return _ask_code(request, case, newest, _code_form(Policy.from_json(case.policy)), problem)


def _try(request: HttpRequest, case: Case, given: str) -> HttpResponse:
    try:
        accepted = prove.finish(database(), case_id=case.id, code=given, actor=actor_of(case)).accepted
    except Refused as refused:
        if refused.code != "identity_locked":
            raise
        accepted = False
    if not accepted:
        return go(request, "case-identity-code", saying="code_refused")
    response = go(request, "case", saying="proved")
    drop_typed(response)
    return response


def _ask_code(request: HttpRequest, case: Case, newest: Code, form: CodeForm, problem: str = "") -> HttpResponse:
    policy, now = Policy.from_json(case.policy), clock.now()
    live = codes.is_live(newest, policy, now)
    if live and heard(request) == "code_refused":
        form = _code_form(policy, {"code": "0" * policy.identity_code_digits})
        form.refuse(policy.identity_code_tries - newest.tries)
    content = {
        "form": form,
        "problem": problem,
        "unreliable": unreliable(pack(), spoken()),
        "seen": _answers(newest),
        "digits": policy.identity_code_digits,
        "until": dated("", newest.expires_at, time_left(newest.expires_at, now)) if live else None,
        "may_again": newest.used_at is None and newest.tries < policy.identity_code_tries,
    }
    return show(request, case, "identity_code.html", content)

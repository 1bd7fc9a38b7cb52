"""Declaring that a line shall end: typed, shown once more, declared. No login; what was typed is never in a URL."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lastcall.core import clock
from lastcall.core.actor import HOLDER, REPRESENTATIVE, Actor
from lastcall.core.closing.declare import Declaring, declare
from lastcall.core.closing.receipts import Receipt
from lastcall.core.database import database
from lastcall.core.errors import Conflict, Refused
from lastcall.core.numbers.life import latest_tenure, range_of
from lastcall.core.store import Store
from lastcall.core.subscribers.inputs import LANGUAGES, parse_contact
from lastcall.doors.portal.draft import Draft, drafted, keep_draft, kept_draft, open_draft, seal_draft
from lastcall.doors.portal.forms.close import CloseForm
from lastcall.doors.portal.pages.prepare import carry_over
from lastcall.doors.portal.pages.receipt import RECEIPT
from lastcall.doors.portal.presenters.close import check_page, example_days
from lastcall.doors.portal.shell import page
from lastcall.doors.screens.reader import only_switches, pack, spoken

_FIELDS: Final = frozenset({"line", "identity", "end", "contact"})


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """The form of a declaration; once it can be read, the page that shows it before it counts."""
    if request.method != "POST":
        return _ask_again(request, kept_draft(request))
    if "draft" in request.POST:
        draft, _fresh = open_draft(request.POST["draft"])
        return _ask_again(request, draft, focus=request.POST.get("change", ""))
    if only_switches(request):
        return _ask(request, CloseForm(initial=request.POST.dict()))
    form = CloseForm(request.POST)
    if form.is_valid() and not _in_register(form.cleaned_data["line"]):
        form.refuse("line", "not_in_range")
    if not form.is_valid():
        return _ask(request, form)
    response = HttpResponseRedirect(reverse("portal:check"))
    keep_draft(request, response, drafted(form.given, before=kept_draft(request)))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """What is about to be declared; posted, it is declared."""
    if request.method != "POST":
        draft = kept_draft(request)
        if draft is None:
            return HttpResponseRedirect(reverse("portal:close"))
        return HttpResponseRedirect(reverse("portal:receipt")) if draft.declared else _show(request, draft)
    draft, fresh = open_draft(request.POST.get("draft", ""))
    if draft is None:
        return HttpResponseRedirect(reverse("portal:close"))
    if only_switches(request):
        return _show(request, draft)
    if draft.requested_end is not None and draft.requested_end < clock.now():
        return _ask(request, CloseForm(draft.typed()))
    return _confirm(request, draft) if fresh else _ask_again(request, draft, stale=True)


def _ask_again(request: HttpRequest, draft: Draft | None, *, focus: str = "", stale: bool = False) -> HttpResponse:
    typed = draft.typed() if draft is not None and not draft.declared else {}
    return _ask(request, CloseForm(initial=typed), focus=focus if focus in _FIELDS else "", stale=stale)


def _ask(request: HttpRequest, form: CloseForm, *, focus: str = "", stale: bool = False) -> HttpResponse:
    content = {
        "form": form,
        "focus": focus,
        "stale": stale,
        "example": example_days(timezone.localdate(clock.now())),
    }
    return page(request, "close.html", content)


def _show(request: HttpRequest, draft: Draft) -> HttpResponse:
    terms = pack()
    shown = check_page(draft, policy=terms.policy(), pack=terms, now=clock.now())
    return page(request, "check.html", {"shown": shown, "draft": seal_draft(draft), "entry": True})


def _confirm(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        receipt = _declare(draft, spoken())
    except Refused as no:
        if no.code != "not_in_range":
            raise
        form = CloseForm(draft.typed())
        form.refuse("line", no.code)
        return _ask(request, form)
    response = HttpResponseRedirect(reverse("portal:receipt"))
    RECEIPT.keep(request, response, {"kept": receipt.kept})
    carry_over(request, receipt.case_id)
    before = kept_draft(request)
    if before is None or before.key == draft.key:
        # Whoever goes back comes to the receipt; a draft of another tab stays what it is.
        keep_draft(request, response, replace(draft, declared=True))
    return response


def _declare(draft: Draft, language: str) -> Receipt:
    # A page sent again after the language was switched is still the same declaration: the first one's language stands.
    for tried in (language, *(other for other in LANGUAGES if other != language)):
        try:
            return _declare_in(draft, tried)
        except Conflict as conflict:
            if conflict.code != "key_reused":
                raise
            lost = conflict
    raise lost


def _declare_in(draft: Draft, language: str) -> Receipt:
    declaring = Declaring(
        msisdn=draft.msisdn, door="portal", language=language, declared_by=draft.identity,
        requested_end=draft.requested_end, contact=parse_contact(draft.contact) if draft.contact else None,
    )  # fmt: skip
    role = HOLDER if draft.identity == "holder" else REPRESENTATIVE
    return declare(
        database(), declaring=declaring, key=draft.key, policy=pack().policy(), actor=Actor(role, "-", "portal")
    )


def _in_register(msisdn: int) -> bool:
    def known(rows: Store) -> bool:
        return range_of(rows, msisdn) is not None or latest_tenure(rows, msisdn) is not None

    return database().transact(known)

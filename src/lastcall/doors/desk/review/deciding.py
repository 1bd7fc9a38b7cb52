"""The decisions: approve, reject, ask the subscriber, say what the photo shows, lift a freeze. Each a page with one choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing import decisions
from lastcall.core.closing.case import Case
from lastcall.core.database import database
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.review import presenters, words
from lastcall.doors.desk.review.forms import ChoiceForm
from lastcall.doors.desk.review.pages import Desktop, case_content, desktop
from lastcall.doors.desk.shell import page

Words = str | Promise
Carry = Callable[[Me, Case, int, str], Case]
"""Carries a decision out: who, the case, its revision as it was shown, and the code that was chosen."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A page with one choice. ``options``: what can be chosen in this case; ``missing``: when nothing was; ``done``: afterwards."""

    title: Words
    legend: Words
    missing: Words
    button: Words
    done: Words
    options: Callable[[Case], tuple[presenters.Option, ...]]
    carry: Carry
    photo: bool = False
    back_to_case: bool = False


def _reject(me: Me, case: Case, revision: int, choice: str) -> Case:
    return decisions.reject(database(), case_id=case.id, revision=revision, reason=choice, actor=me.actor)


def _ask(me: Me, case: Case, revision: int, choice: str) -> Case:
    return decisions.ask(database(), case_id=case.id, revision=revision, request=choice, actor=me.actor)


def _judge(me: Me, case: Case, revision: int, choice: str) -> Case:
    return decisions.judge_photo(database(), case_id=case.id, revision=revision, judgement=choice, actor=me.actor)


def _unfreeze(me: Me, case: Case, revision: int, choice: str) -> Case:
    return decisions.unfreeze(database(), case_id=case.id, revision=revision, how=choice, actor=me.actor)


def _possible_requests(case: Case) -> tuple[presenters.Option, ...]:
    possible = database().transact(lambda rows: decisions.requests_open_to(rows, case))
    return presenters.requests(case, possible)


DECISIONS: dict[str, Decision] = {
    "reject": Decision(
        _("Reject the declaration"), _("Why it cannot be accepted"), _("Choose one of the reasons."), _("Reject"),
        _("Rejected. The subscriber reads your reason in their own language."), presenters.rejections, _reject,
    ),
    "ask": Decision(
        _("Ask the subscriber"), _("What is needed"), _("Choose what to ask for."), _("Ask"),
        _("Asked. The case comes back to review when it is there."), _possible_requests, _ask,
    ),
    "photo": Decision(
        _("What the photo shows"), _("Beside the document on file, the photo"), _("Choose what the photo shows."), _("Decide"),
        _("Noted. The checks run again."), lambda case: presenters.judgements(), _judge, photo=True,
    ),
    "unfreeze": Decision(
        _("The holder wants it to go on"), _("How the holder was asked"), _("Choose how the holder was asked."),
        _("Lift the stop"), _("The stop is lifted."), lambda case: presenters.ways(), _unfreeze, back_to_case=True,
    ),
}  # fmt: skip


@desk("review.decide")
def decide(request: HttpRequest, me: Me, assignment_id: int, decision: str) -> HttpResponse:
    """One decision: its page, and carrying it out."""
    at, asked = desktop(me, assignment_id), DECISIONS[decision]
    options = asked.options(at.case)
    form = ChoiceForm(
        request.POST if request.method == "POST" else None, initial={"revision": at.case.revision},
        choices=[(option.code, option.label) for option in options], missing=asked.missing, label=asked.legend,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and (case := _carried_out(me, at.case, asked, form)) is not None:
        messages.success(request, str(asked.done))
        if asked.back_to_case and case.state == "review":
            return redirect("desk:review_case", at.assignment.id)
        return redirect("desk:review_queue")
    content = case_content(at) if asked.photo else {"assignment": at.assignment, "case": at.case}
    shown = {"decision": asked, "options": options, "form": form, "chosen": form["choice"].value()}
    return page(request, me, "review/decide.html", content | shown)


def _carried_out(me: Me, case: Case, asked: Decision, form: ChoiceForm) -> Case | None:
    revision, choice = form.cleaned_data["revision"], form.cleaned_data["choice"]
    return attempt(me, form, None, lambda: asked.carry(me, case, revision, choice))


@desk("review.decide")
def approve(request: HttpRequest, me: Me, assignment_id: int) -> HttpResponse:
    """Approve for the reasons that the page showed."""
    at = desktop(me, assignment_id)
    form = ChoiceForm(
        request.POST if request.method == "POST" else None, choices=list(words.NOTES.items()),
        missing=_("Choose what the approval rests on."), label=_("It rests on"),
    )  # fmt: skip
    form.fields["choice"].required = False
    if request.method == "POST" and form.is_valid() and _approved(me, at, form):
        messages.success(request, str(_("Approved. The checks run again.")))
        return redirect("desk:review_queue")
    return page(request, me, "review/case.html", case_content(at) | {"form": form})


def _approved(me: Me, at: Desktop, form: ChoiceForm) -> bool:
    revision, note = form.cleaned_data["revision"], form.cleaned_data["choice"]
    done = attempt(
        me, form, None,
        lambda: decisions.approve(database(), case_id=at.case.id, revision=revision, note=note, actor=me.actor),
    )  # fmt: skip
    return done is not None

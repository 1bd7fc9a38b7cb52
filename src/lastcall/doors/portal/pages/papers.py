"""Papers by post: a cover sheet, so that they find their case."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from lastcall.core.closing import papers
from lastcall.core.closing.case import Case
from lastcall.core.closing.letters.cover_sheet import PAPERS
from lastcall.core.database import database
from lastcall.doors.portal.acting import actor_of, attempt, go, of_open_case, show, still_open
from lastcall.doors.portal.carried import typed
from lastcall.doors.portal.forms.choices import SomeOf
from lastcall.doors.portal.presenters.papers import NO_PAPER, options, post_address, sheet_in_words
from lastcall.doors.screens.reader import only_switches, pack

OFFERED: Final = tuple(kind for kind in papers.KINDS if kind in PAPERS)


@of_open_case("case-papers", keeps=("answer",))
def send_papers(request: HttpRequest, case: Case) -> HttpResponse:
    """Which papers will come, and the sheet that goes on top of them."""
    if not still_open(case):
        return go(request, "case", saying="nothing_needed")
    choices = options(OFFERED, case)
    if request.method != "POST":
        given = {"answer": typed(request, "case-papers").get("answer", "").split()}
        return _ask(request, case, SomeOf(initial=given, options=choices, none=NO_PAPER))
    if only_switches(request):
        given = {"answer": request.POST.getlist("answer")}
        return _ask(request, case, SomeOf(initial=given, options=choices, none=NO_PAPER))
    form = SomeOf(request.POST, options=choices, none=NO_PAPER)
    if form.is_valid() and _announced(case, form):
        return go(request, "case-papers", saying="papers_announced")
    return _ask(request, case, form)


def _announced(case: Case, form: SomeOf) -> bool:
    sheet = attempt(
        form, "answer", lambda: papers.announce(database(), case_id=case.id, kinds=form.chosen, actor=actor_of(case))
    )
    return sheet is not None


def _ask(request: HttpRequest, case: Case, form: SomeOf) -> HttpResponse:
    sheets = database().transact(lambda rows: papers.sheets(rows, case.id))
    content = {
        "form": form,
        "sheets": [sheet_in_words(sheet) for sheet in reversed(sheets)],
        "address": post_address(pack()),
    }
    return show(request, case, "papers.html", content)

"""Taking in the post: scan a cover sheet, then put on file what was in the envelope."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing import evidence, papers
from lastcall.core.closing.case import Case
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.letters.cover_sheet import PAPERS
from lastcall.core.closing.lifecycle import CASE
from lastcall.core.closing.paper import PaperSheet, key_of
from lastcall.core.closing.words import STATES
from lastcall.core.database import database
from lastcall.core.errors import NotAllowed, NotFound, Refused
from lastcall.core.numbers.msisdn import mask_msisdn
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.opening import Opening, live_opening, open_file
from lastcall.core.store import Store
from lastcall.core.subscribers.file import put_representative_on_file
from lastcall.core.subscribers.line import Line
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.papers import words  # noqa: F401 - registers the words
from lastcall.doors.desk.papers.forms import BarcodeForm, RepresentativeForm
from lastcall.doors.desk.shell import page

POST: Final = "post"
"""The door through which what is taken in here has come."""


@desk("papers.take_in", door=POST)
def scan(request: HttpRequest, me: Me) -> HttpResponse:
    """One field for the scanner; what was scanned is open at once."""
    form, again = BarcodeForm(request.POST if request.method == "POST" else None), False
    if request.method == "POST" and form.is_valid():
        barcode = form.cleaned_data["barcode"]
        if "again" in request.POST:
            return redirect("desk:papers_case", _opened(me, barcode).id)
        if _arrived(me, form, barcode):
            messages.success(request, _("Taken in. The subscriber sees that the papers are here."))
            return redirect("desk:papers_case", _opened(me, barcode).id)
        again = form.has_error(None, "already_arrived")
    today = database().transact(_arrived_today)
    return page(request, me, "papers/scan.html", {"form": form, "again": again, "today": today})


def _arrived(me: Me, form: BarcodeForm, barcode: str) -> bool:
    def arrive() -> Case:
        try:
            return papers.arrived(database(), barcode=barcode, actor=me.actor)
        except NotFound:
            raise NotFound("no cover sheet has this barcode", code="no_such_sheet", remedy="Scan it again.") from None

    return attempt(me, form, "barcode", arrive) is not None


def _opened(me: Me, barcode: str) -> Opening:
    """The case of a sheet that has arrived, opened to whoever has the envelope in hand. Raises ``NotFound``."""
    sheet, case = database().transact(lambda rows: _sheet(rows, barcode))
    return open_file(
        database(), case_id=case.id, actor=me.actor, ground="papers", ground_id=sheet.id, reason="papers",
        policy=Policy.from_json(case.policy),
    )  # fmt: skip


def _sheet(rows: Store, barcode: str) -> tuple[PaperSheet, Case]:
    sheet = rows.one(PaperSheet, {"barcode_key": key_of(barcode)})
    if sheet is None or sheet.arrived_at is None:
        raise NotFound("no cover sheet has this barcode", code="no_such_sheet", remedy="Scan it again.")
    return sheet, read_case(rows, sheet.case_id)


def _arrived_today(rows: Store) -> int:
    """How many sheets were scanned in since midnight on the operator's clocks."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return rows.count(PaperSheet, {"arrived_at__gte": midnight})


def _here(me: Me, opening_id: int) -> tuple[Opening, Case, PaperSheet]:
    """The case of an opening that rests on a sheet. Raises ``NotFound``."""
    opening = live_opening(database(), opening_id=opening_id, login=me.member.login)
    if opening.ground != "papers":
        raise NotFound(
            "this file was opened on another ground", code="not_this_ground", remedy="Scan the cover sheet first."
        )
    return database().transact(lambda rows: (opening, read_case(rows, opening.case_id), _of_opening(rows, opening)))


def _of_opening(rows: Store, opening: Opening) -> PaperSheet:
    sheet = rows.one(PaperSheet, {"id": opening.ground_id})
    assert sheet is not None
    return sheet


@desk("papers.take_in", door=POST)
def envelope(request: HttpRequest, me: Me, opening_id: int) -> HttpResponse:
    """What the sheet announced, and what can be put on file."""
    opening, case, sheet = _here(me, opening_id)
    content = {
        "opening": opening,
        "case": case,
        "number": mask_msisdn(case.claimed_msisdn),
        "state": STATES[case.state][0],
        "kinds": [PAPERS[kind] for kind in sheet.kinds.split() if kind in PAPERS],
        "open": _takes(case, me.actor),
        "bound": case.line_id is not None,
    }
    return page(request, me, "papers/envelope.html", content)


def _takes(case: Case, actor: Actor) -> bool:
    return evidence.taking_in(actor) in CASE.possible(case.state, actor.role)


@desk("papers.take_in", door=POST)
def signed(request: HttpRequest, me: Me, opening_id: int) -> HttpResponse:
    """The signed statement was in the envelope."""
    opening, case, _sheet_row = _here(me, opening_id)
    if request.method == "POST":
        evidence.sign(database(), case_id=case.id, actor=me.actor)
        messages.success(request, _("The signed statement is noted. The checks run again."))
    return redirect("desk:papers_case", opening.id)


@desk("papers.take_in", door=POST)
def representative(request: HttpRequest, me: Me, opening_id: int) -> HttpResponse:
    """The papers of whoever acts for the holder: typed from what is in hand, compared with nothing yet."""
    opening, case, _sheet_row = _here(me, opening_id)
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        filed = attempt(me, form, None, lambda: _file(me, case, form))
        if filed is not None:
            messages.success(request, _("The papers are on file. The checks run again."))
            return redirect("desk:papers_case", opening.id)
    return page(request, me, "papers/representative.html", {"form": form, "opening": opening})


def _file(me: Me, case: Case, form: RepresentativeForm) -> Case:
    typed = form.cleaned_data
    if not _takes(case, me.actor):
        raise NotAllowed("the case takes no papers any more")
    line = database().transact(lambda rows: rows.one(Line, {"id": case.line_id}) if case.line_id else None)
    if line is None:
        raise Refused("no line of ours", code="no_line", remedy="Keep the papers with the case.")
    filed = put_representative_on_file(
        database(), subscriber_id=line.subscriber_id, kind=typed["kind"], name=typed["name"],
        document=(typed["document_kind"], typed["issuer"], typed["number"]), powers=tuple(typed["powers"]),
        notarised=typed["notarised"], valid_until=typed["valid_until"],
        certificate=typed["certificate"].strip() if typed["kind"] == "heir" else "", actor=me.actor,
    )  # fmt: skip
    return evidence.bring_papers(database(), case_id=case.id, representative_id=filed.id, actor=me.actor)

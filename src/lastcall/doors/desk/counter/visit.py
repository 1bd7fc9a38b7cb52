"""The visit: what to ask for, the document, and when it matched everything that closes the line on the spot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lastcall.core import clock
from lastcall.core.closing import evidence, letters
from lastcall.core.closing.case import Case
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.filing import file_statement, signed_papers
from lastcall.core.closing.freeze import freeze
from lastcall.core.closing.preview import preview
from lastcall.core.closing.receipts import receipt_of
from lastcall.core.closing.story import tell_story
from lastcall.core.closing.withdraw import too_late, withdraw
from lastcall.core.counter import calls, payments, visits
from lastcall.core.database import database
from lastcall.core.errors import BadInput, ElementTrouble, NotFound
from lastcall.core.ports import Billing, PhotoReader, Printer
from lastcall.core.provided import provided
from lastcall.core.rows import Json
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.counter import presenters
from lastcall.doors.desk.counter.card import card_content
from lastcall.doors.desk.counter.forms import IdentifyForm, PaperForm, PayForm, SimForm
from lastcall.doors.desk.counter.queue import go
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import TAGS, pack
from lastcall.doors.screens.uploads import is_too_big

RIGHT = "counter.work"


@desk(RIGHT)
def visit(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """The visitor at one's window: called, to be identified, or with the file open."""
    return _visit(request, me, ticket_id)


def _visit(request: HttpRequest, me: Me, ticket_id: int, **forms_sent: forms.Form) -> HttpResponse:
    found = visits.visit(database(), ticket_id=ticket_id, actor=me.actor)
    content: dict[str, Any] = {
        "ticket": presenters.waiting(found.ticket),
        "hands": presenters.hands(found.ticket),
        "visitor_tag": TAGS[found.ticket.language],
    }
    if found.ticket.state == "called":
        return page(request, me, "counter/called.html", content)
    if found.case is None:
        closes = found.ticket.purpose == "close_line"
        content |= {"form": forms_sent.get("identify") or IdentifyForm(initial={"declares": closes})}
        return page(request, me, "counter/identify.html", content)
    content |= _file(found, found.case) | {
        "sim_form": forms_sent.get("sim") or SimForm(initial=presenters.chosen(found)),
        "pay_form": forms_sent.get("pay") or PayForm(),
        "paper_form": forms_sent.get("paper") or PaperForm(),
        "sent": next(iter(forms_sent.values()), None),
        **card_content(me, found),
        "key": clock.token(100),
    }
    return page(request, me, "counter/visit.html", content)


def _file(found: visits.Visit, case: Case) -> dict[str, Any]:
    story = tell_story(database(), case=case, for_staff=True)
    papers = database().transact(lambda rows: signed_papers(rows, case.id))
    taken = payments.payments(database(), case_id=case.id)
    bill = _bill(case)
    return {
        "person": presenters.person(found),
        "standing": presenters.standing(story),
        "bill": presenters.bill(bill) if bill else None,
        "owed": (bill or {}).get("owed", 0),
        "billing_away": bill is None,
        "payments": presenters.payments(taken),
        "papers": presenters.papers(papers),
        "sim": presenters.sim(found),
        "opening": found.opening,
        "declared_here": case.door == "store",
        "open": case.ended_at is None and case.state != "ceasing",
        "stoppable": case.ended_at is None and not too_late(case),
    }


def _bill(case: Case) -> Json | None:
    """The bill if the line ended now, empty when it has ended; None when billing does not answer."""
    try:
        return preview(database(), case_id=case.id, billing=provided(Billing), for_staff=True)
    except ElementTrouble:
        return None


@desk(RIGHT)
def show(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """What to have at hand, in big letters and the visitor's own language: the clerk turns the screen around."""
    ticket = calls.own_ticket(database(), ticket_id=ticket_id, actor=me.actor)
    with translation.override(ticket.language):
        content = {"hands": presenters.hands(ticket), "ticket": presenters.waiting(ticket)}
        return page(request, me, "counter/show.html", content)


@desk(RIGHT)
def identify(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Compare number and document with the agreement."""
    if request.method != "POST":
        return go("visit", ticket_id)
    form = IdentifyForm(request.POST)
    stops = request.POST.get("act") == "stop"
    if form.is_valid():
        answer = attempt(me, form, None, lambda: (_stop if stops else _compare)(me, ticket_id, form.cleaned_data))
        if answer is not None and answer.accepted:
            return _stopped(request, ticket_id) if stops else _taken_up(me, ticket_id)
        if answer is not None:
            form.add_error(None, forms.ValidationError(_not_matched(answer.tries_left), code="not_matched"))
    form.forget_document()
    return _visit(request, me, ticket_id, identify=form)


def _compare(me: Me, ticket_id: int, given: dict[str, Any]) -> visits.Identified:
    return visits.identify(
        database(), ticket_id=ticket_id, msisdn=given["msisdn"], document=given["paper"], actor=me.actor,
        policy=pack().policy(), reference=given["reference"], declared_before=given["declared_before"],
        declares=given["declares"],
    )  # fmt: skip


def _stop(me: Me, ticket_id: int, given: dict[str, Any]) -> visits.Identified:
    return visits.stop(
        database(), ticket_id=ticket_id, msisdn=given["msisdn"], document=given["paper"], actor=me.actor,
        policy=pack().policy(),
    )  # fmt: skip


def _taken_up(me: Me, ticket_id: int) -> HttpResponse:
    _go_on(me, ticket_id)
    return go("visit", ticket_id)


def _stopped(request: HttpRequest, ticket_id: int) -> HttpResponse:
    messages.success(request, _("The closing is stopped. Nothing goes on before a reviewer has asked the holder."))
    return go("visit", ticket_id)


def _not_matched(left: int) -> str:
    words = _("Number and document do not belong together, or no line of ours is on that number.")
    tries = ngettext("%(n)d more try in this visit.", "%(n)d more tries in this visit.", left) % {"n": left}
    return f"{words} {tries}"


def _opened(me: Me, ticket_id: int) -> Case:
    case = visits.opened(database(), ticket_id=ticket_id, actor=me.actor).case
    if case is None:
        raise NotFound("this file is not open to you", code="not_open")
    return case


def _go_on(me: Me, ticket_id: int) -> None:
    visits.go_on(database(), case_id=_opened(me, ticket_id).id, billing=provided(Billing))


@desk(RIGHT)
def pay(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Take what is owed."""
    if request.method != "POST":
        return go("visit", ticket_id)
    _opened(me, ticket_id)
    form = PayForm(request.POST)
    if not form.is_valid():
        raise BadInput("the form of the payment was changed", code="bad_payment", remedy="Open the page again.")
    given = form.cleaned_data
    done = attempt(
        me, form, None,
        lambda: payments.pay(
            database(), ticket_id=ticket_id, amount=given["amount"], means=given["means"], key=given["key"],
            actor=me.actor, billing=provided(Billing),
        ),
    )  # fmt: skip
    return _after(request, me, ticket_id, done, _("The payment was taken."), pay=form)


def _after(request: HttpRequest, me: Me, ticket_id: int, done: object, said: str, **form: forms.Form) -> HttpResponse:
    """Back to the visit with the checks run again, or the page with the words for the refusal."""
    if done is None:
        return _visit(request, me, ticket_id, **form)
    _go_on(me, ticket_id)
    messages.success(request, said)
    return go("visit", ticket_id)


@desk(RIGHT)
def sim(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Take the SIM in, or note that the subscriber keeps it."""
    if request.method != "POST":
        return go("visit", ticket_id)
    case, form = _opened(me, ticket_id), SimForm(request.POST)
    done = None
    if form.is_valid():
        given = form.cleaned_data
        done = attempt(
            me, form, "iccid",
            lambda: evidence.declare_sim(
                database(), case_id=case.id, custody=given["custody"], actor=me.actor, pin_removed=given["pin_removed"],
                iccid=given["iccid"],
            ),
        )  # fmt: skip
    return _after(request, me, ticket_id, done, _("What becomes of the SIM is noted."), sim=form)


@desk(RIGHT)
def stop(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """Take the declaration back, or stop the closing because it was somebody else's."""
    if request.method != "POST":
        return go("visit", ticket_id)
    case, act = _opened(me, ticket_id), request.POST.get("act", "")
    if act == "freeze":
        freeze(database(), case_id=case.id, actor=me.actor)
        return _stopped(request, ticket_id)
    if act != "withdraw":
        raise BadInput("no such step", code="bad_step", remedy="Use the buttons of the page.")
    withdraw(database(), case_id=case.id, actor=me.actor)
    messages.success(request, _("The declaration is taken back. The line stays."))
    return go("visit", ticket_id)


@desk(RIGHT)
def statement(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """The statement to be signed, in Russian and the visitor's language."""
    found = visits.opened(database(), ticket_id=ticket_id, actor=me.actor)
    assert found.case is not None
    made = letters.statement(
        case=found.case, pack=pack(), language=found.ticket.language, holder=found.bound.subscriber if found.bound else None,
        document=found.documents[-1] if found.documents else None, representative=found.representative,
    )  # fmt: skip
    return _pdf(provided(Printer).make(made), "statement")


@desk(RIGHT)
def receipt(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """The receipt of a declaration that was made at the counter; one from another door is with whoever made it."""
    case = _opened(me, ticket_id)
    declaration = database().transact(lambda rows: rows.one(Declaration, {"case_id": case.id}))
    if declaration is None or declaration.door != "store":
        raise NotFound("no receipt of ours", code="not_found", remedy="The one who declared has it.")
    made = letters.receipt(receipt=receipt_of(declaration), case=case, pack=pack(), language=case.language, contact="")
    return _pdf(provided(Printer).make(made), "receipt")


def _pdf(content: bytes, name: str) -> HttpResponse:
    """Shown by the browser, to be printed; its name says what it is, never whose."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


@desk(RIGHT)
def paper(request: HttpRequest, me: Me, ticket_id: int) -> HttpResponse:
    """File the signed statement."""
    if request.method != "POST":
        return go("visit", ticket_id)
    case, form = _opened(me, ticket_id), PaperForm(request.POST, request.FILES)
    form.is_valid()
    work: Callable[[], object] = lambda: _file_paper(request, me, case, form.cleaned_data.get("way") or "scan")  # noqa: E731
    done = attempt(me, form, "paper", work)
    return _after(request, me, ticket_id, done, _("The signed statement is on file."), paper=form)


def _file_paper(request: HttpRequest, me: Me, case: Case, way: str) -> object:
    upload = request.FILES.get("paper")
    if is_too_big(request):
        raise BadInput("too big", code="photo_too_big")
    if upload is None:
        raise BadInput("no file", code="photo_missing")
    return file_statement(
        database(), case_id=case.id, upload=upload.read(), way=way, reader=provided(PhotoReader), actor=me.actor
    )

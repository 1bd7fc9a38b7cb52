"""The queue, taking a case, the case beside its decision, giving it back and handing it over."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.closing import assignments
from lastcall.core.closing.asking_holder import Reachable, contacts_to_ask
from lastcall.core.closing.assignment import Assignment
from lastcall.core.closing.case import Case
from lastcall.core.closing.dossier import dossier
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.review_queue import KINDS, held_by, review_queue
from lastcall.core.closing.texts import moment
from lastcall.core.database import database
from lastcall.core.errors import NotFound
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.policies.policy import Policy
from lastcall.core.staff.member import Member
from lastcall.core.staff.opening import Opening, open_file
from lastcall.core.staff.rights import actor_for, has
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me, attempt, desk
from lastcall.doors.desk.files.pages import shown_file
from lastcall.doors.desk.files.words import CONTACTS
from lastcall.doors.desk.review import presenters, words
from lastcall.doors.desk.review.forms import Choice, HandOverForm
from lastcall.doors.desk.shell import page


@desk("review.decide")
def queue(request: HttpRequest, me: Me) -> HttpResponse:
    """What waits, the most urgent first, and above it what I have."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    found, now = review_queue(database(), login=me.member.login, kind=kind), clock.now()
    mine = held_by(database(), login=me.member.login)
    content = {
        "rows": [row for row in presenters.rows_of(found, now=now) if row.with_whom != me.member.login],
        "mine": [presenters.held_row(held, now=now) for held in mine],
        "kinds": presenters.narrowings(found, kind),
    }
    return page(request, me, "review/queue.html", content)


@desk("review.decide")
def take(request: HttpRequest, me: Me, case_id: int) -> HttpResponse:
    """Take a case: it is mine for a while, and its file is open to me."""
    if request.method != "POST":
        return redirect("desk:review_queue")
    taken = assignments.take(database(), case_id=case_id, actor=me.actor)
    return redirect("desk:review_case", taken.id)


@dataclass(frozen=True, slots=True)
class Desktop:
    """A case that is mine now, with its open file."""

    assignment: Assignment
    case: Case
    opening: Opening


def desktop(me: Me, assignment_id: int) -> Desktop:
    """The case of an assignment that is mine and lives; its file is opened, which is noted once while it stays open.

    Raises ``NotFound`` in the same words whatever is wrong.
    """
    assignment, case = database().transact(lambda rows: _mine(rows, assignment_id, me.actor))
    opening = open_file(
        database(), case_id=case.id, actor=me.actor, ground="review", ground_id=assignment.id, reason="review",
        policy=Policy.from_json(case.policy),
    )  # fmt: skip
    return Desktop(assignment, case, opening)


def _mine(rows: Store, assignment_id: int, actor: Actor) -> tuple[Assignment, Case]:
    found = rows.one(Assignment, {"id": assignment_id, "login": actor.name, "ended_at": None})
    if found is None or not found.is_live(clock.now()):
        raise NotFound("no such assignment, or it is over", remedy="Take the case from the queue.")
    case = read_case(rows, found.case_id)
    assignments.refuse_if_took_part(rows, case, actor.name)
    return found, case


@desk("review.decide")
def case(request: HttpRequest, me: Me, assignment_id: int) -> HttpResponse:
    """The file with the decision beside it."""
    at = desktop(me, assignment_id)
    return page(request, me, "review/case.html", case_content(at))


def case_content(at: Desktop) -> dict[str, object]:
    """What the page of a case in review shows."""
    found = dossier(database(), case_id=at.case.id)
    kept = found.photo not in {"", "destroyed"}
    return {
        "file": shown_file(found, at.opening),
        "assignment": at.assignment,
        "case": found.case,
        "offer": presenters.offer(found.case),
        "notes": tuple(words.NOTES.items()),
        "photo_at": reverse("desk:file_photo", args=[at.opening.id]) if kept else "",
    }


@desk("review.decide")
def contacts(request: HttpRequest, me: Me, assignment_id: int) -> HttpResponse:
    """Where the holder of a frozen case is asked; shown only on purpose, and noted."""
    at = desktop(me, assignment_id)
    if request.method != "POST":
        return redirect("desk:review_case", at.assignment.id)
    found = contacts_to_ask(database(), case_id=at.case.id, actor=me.actor)
    shown = [(CONTACTS[contact.kind], _readable(contact), moment(contact.since)) for contact in found]
    return page(request, me, "review/contacts.html", {"contacts": shown, "assignment": at.assignment})


def _readable(contact: Reachable) -> str:
    return contact.address if contact.kind == "mail" else format_msisdn(int(contact.address.removeprefix("+")))


@desk("review.decide")
def release(request: HttpRequest, me: Me, assignment_id: int) -> HttpResponse:
    """Give the case back to the queue."""
    at = desktop(me, assignment_id)
    if request.method != "POST":
        return redirect("desk:review_case", at.assignment.id)
    assignments.release(database(), assignment_id=at.assignment.id, actor=me.actor)
    messages.success(request, _("The case is back in the queue."))
    return redirect("desk:review_queue")


@desk("review.decide")
def hand_over(request: HttpRequest, me: Me, assignment_id: int) -> HttpResponse:
    """Hand the case to a colleague who reviews."""
    at = desktop(me, assignment_id)
    form = _hand_over_form(request, at.assignment)
    if _was_handed_over(request, me, at.assignment, form):
        return redirect("desk:review_queue")
    return page(request, me, "review/hand_over.html", {"form": form, "assignment": at.assignment, "releases": False})


@desk("people.manage")
def assigned(request: HttpRequest, me: Me) -> HttpResponse:
    """Who has which case, for administrators: without a look into any file."""
    now = clock.now()
    rows = [presenters.held_row(held, now=now) for held in held_by(database(), login="")]
    return page(request, me, "review/assigned.html", {"rows": rows})


@desk("people.manage")
def reassign(request: HttpRequest, me: Me, assignment_id: int) -> HttpResponse:
    """Hand somebody's case to another reviewer, or give it back to the queue."""
    found = database().transact(lambda rows: _live(rows, assignment_id))
    if request.method == "POST" and "release" in request.POST:
        assignments.release(database(), assignment_id=found.id, actor=me.actor)
        messages.success(request, _("The case is back in the queue."))
        return redirect("desk:review_assigned")
    form = _hand_over_form(request, found)
    if _was_handed_over(request, me, found, form):
        return redirect("desk:review_assigned")
    return page(request, me, "review/hand_over.html", {"form": form, "assignment": found, "releases": True})


def _live(rows: Store, assignment_id: int) -> Assignment:
    found = rows.one(Assignment, {"id": assignment_id, "ended_at": None})
    if found is None or not found.is_live(clock.now()):
        raise NotFound("no such assignment, or it is over", remedy="See the list again.")
    return found


def _reviewers(rows: Store) -> dict[str, Member]:
    members = rows.some(Member, {"left_at": None}, order="name")
    return {member.login: member for member in members if has(member, "review.decide")}


def _hand_over_form(request: HttpRequest, standing: Assignment) -> HandOverForm:
    others = database().transact(_reviewers)
    colleagues: list[Choice] = [(login, member.name) for login, member in others.items() if login != standing.login]
    reasons = list(words.HAND_OVERS.items())
    posted = request.POST if request.method == "POST" else None
    return HandOverForm(posted, colleagues=colleagues, reasons=reasons)


def _was_handed_over(request: HttpRequest, me: Me, standing: Assignment, form: HandOverForm) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    to = actor_for(database().transact(_reviewers)[form.cleaned_data["to"]], "review.decide")
    given = attempt(
        me, form, None,
        lambda: assignments.hand_over(
            database(), assignment_id=standing.id, to=to, reason=form.cleaned_data["reason"], actor=me.actor
        ),
    )  # fmt: skip
    if given is None:
        return False
    messages.success(request, _("The case was handed over."))
    return True

"""The screen of a call: the caller's ticket, the questions one by one, and what the right answers open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.closing.declaration import Declaration
from lastcall.core.database import database
from lastcall.core.hotline import agents, calling_back, guiding, phrases, questions
from lastcall.core.hotline.asking import KINDS, Asking
from lastcall.core.hotline.call import Call
from lastcall.core.hotline.keypad import spoken_reference
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Billing
from lastcall.core.provided import provided
from lastcall.core.staff.opening import Opening
from lastcall.core.staff.shop import Shop
from lastcall.core.store import Store
from lastcall.doors.desk.acting import Me
from lastcall.doors.desk.calls import presenters, words
from lastcall.doors.desk.calls.acting import attempted, of_own_call, policy, posted, tried
from lastcall.doors.desk.calls.forms import AnswerForm, FinishForm, LanguageForm, NumberForm, ReferenceForm
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import pack, spoken
from lastcall.doors.screens.wording import Told, sure


@dataclass(frozen=True, slots=True)
class Standing:
    """How a call stands: what is asked now, whether anything may be asked, and whether a file is open."""

    asking: Asking | None
    opening: Opening | None
    locked: bool
    verified: bool
    reference: str
    dial: int | None
    shops: str
    settled: bool


def standing(rows: Store, call: Call, rules: Policy) -> Standing:
    """Everything the screen asks of the call, and nothing of a file."""
    shops = rows.some(Shop, {"closed_at": None}, order="name")
    return Standing(
        questions.asking_of(rows, call), agents.opening_of(rows, call), questions.is_locked(rows, call, rules),
        questions.is_verified(call, rules), _reference(rows, call), calling_back.number_to_call(rows, call),
        ", ".join(shop.name for shop in shops), agents.is_settled(rows, call),
    )  # fmt: skip


def _reference(rows: Store, call: Call) -> str:
    declaration = rows.one(Declaration, {"case_id": call.case_id}) if call.case_id is not None else None
    return spoken_reference(declaration.key) if declaration is not None else ""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of the screen, as they were filled in."""

    number: NumberForm = field(default_factory=NumberForm)
    reference: ReferenceForm = field(default_factory=ReferenceForm)
    answer: AnswerForm | None = None
    finish: forms.Form | None = None

    @property
    def failed(self) -> forms.Form | None:
        """The one that something is wrong with."""
        given: tuple[forms.Form | None, ...] = (self.number, self.reference, self.answer, self.finish)
        return next((form for form in given if form is not None and form.is_bound and form.errors), None)


@of_own_call
def call(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The screen as the call stands."""
    return show(request, me, call, Forms())


def show(request: HttpRequest, me: Me, call: Call, given: Forms) -> HttpResponse:
    """The screen of the call. Before the answers were right it knows nothing but the ticket."""
    rules, now = policy(), clock.now()
    found = database().transact(lambda rows: standing(rows, call, rules))
    opened = _guide(me, call) if found.opening is not None else None
    asking = found.asking if found.asking is not None and not found.asking.outcome else None
    caller, agent = call.language or spoken(), spoken()
    cards = _cards(call, found, opened, rules, caller, agent)
    content: dict[str, Any] = {
        "ticket": presenters.ticket(call, reference=found.reference, dial=found.dial),
        "may_do": Told(str(words.MAY_DO[guiding.may_do(rules)]), _law_is_sure()),
        "may_declare": guiding.may_do(rules) != "closed",
        "code_aloud": rules.hotline_code_aloud,
        "declared": call.case_id is not None,
        "settled": found.settled,
        "locked": found.locked,
        "verified": found.verified,
        "last": found.asking.outcome if found.asking is not None else "",
        "asking": asking,
        "step": (asking.answered + 1, len(asking.questions.split())) if asking is not None else None,
        "answer": given.answer or (_answer_form(asking) if asking is not None else None),
        "language_form": LanguageForm(initial={"language": call.language or me.member.language}),
        "wrong": (call.wrong_answers, rules.hotline_wrong_answers),
        "number_form": given.number,
        "reference_form": given.reference,
        "finish_form": given.finish or FinishForm(outcomes=outcomes(found.dial)),
        "form": given.failed,
        "guide": presenters.guide_part(opened, language=agent, now=now) if opened is not None else None,
        "cards": presenters.said(cards, caller=caller, agent=agent),
        "warnings": presenters.said(phrases.warnings(pack(), caller, agent), caller=caller, agent=agent),
    }
    return page(request, me, "calls/call.html", content)


def _guide(me: Me, call: Call) -> guiding.Guide:
    return guiding.guide(database(), call_id=call.id, billing=provided(Billing), actor=me.actor)


def _law_is_sure() -> bool:
    return sure(pack(), "termination.act_doors", "termination.intake_doors")


def outcomes(dial: int | None) -> tuple[str, ...]:
    """How this call can end."""
    return tuple(code for code in agents.OUTCOMES if code != "no_answer" or dial is not None)


def _answer_form(asking: Asking, data: Any = None) -> AnswerForm:
    return AnswerForm(
        data, question=asking.question, with_channel=asking.kind == "code" and asking.question == "document"
    )


def _cards(
    call: Call, found: Standing, opened: guiding.Guide | None, rules: Policy, caller: str, agent: str
) -> tuple[phrases.Card, ...]:
    asking = found.asking if found.asking is not None and not found.asking.outcome else None
    lead: tuple[str, ...] = ("we_call",) if found.dial is not None and opened is None and asking is None else ()
    if opened is not None and asking is None:
        may_book = (
            opened.proved and opened.callback is None and Policy.from_json(opened.story.case.policy).callback_offered
        )
        return phrases.after(
            opened.story, opened.bill, caller, agent, shops=found.shops, links=opened.links, may_book=may_book
        )
    if found.verified and asking is None:
        return phrases.cards(("answers_right", "nothing_declared"), caller, agent)
    question = asking.question if asking is not None else ""
    codes = phrases.before(
        number=call.claimed_msisdn is not None, declared=call.case_id is not None, locked=found.locked,
        question="document_code" if question == "document" and asking is not None and asking.kind == "code" else question,
        may_do=guiding.may_do(rules), outcome=found.asking.outcome if found.asking is not None else "",
    )  # fmt: skip
    return phrases.cards(lead + codes, caller, agent)


@posted
def language(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The language that the caller speaks."""
    wanted = request.POST.get("language", "")
    tried(request, me, lambda: agents.choose_language(database(), call_id=call.id, language=wanted, actor=me.actor))
    return redirect("desk:calls_call", call.id)


@posted
def number(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The number that the caller says."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        return show(request, me, call, Forms(number=form))
    typed = form.cleaned_data["number"]
    taken = attempted(
        me, form, "number",
        lambda: agents.claim_number(database(), call_id=call.id, typed=typed, actor=me.actor),
    )  # fmt: skip
    if taken is not None:
        return redirect("desk:calls_call", call.id)
    return show(request, me, call, Forms(number=form))


@posted
def reference(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The reference that the caller quotes."""
    form = ReferenceForm(request.POST)
    if not form.is_valid():
        return show(request, me, call, Forms(reference=form))
    typed = form.cleaned_data["reference"]
    found = attempted(
        me, form, "reference",
        lambda: agents.quote(database(), call_id=call.id, typed=typed, policy=policy(), actor=me.actor),
    )  # fmt: skip
    if found is not None:
        return redirect("desk:calls_call", call.id)
    if not form.errors:
        form.add_error("reference", _("There is no closing of this number with that reference."))
    return show(request, me, call, Forms(reference=form))


@posted
def declare(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """The caller's declaration, by the agent's hand."""
    if tried(request, me, lambda: agents.declare(database(), call_id=call.id, policy=policy(), actor=me.actor)):
        messages.success(request, _("The declaration was registered."))
    return redirect("desk:calls_call", call.id)


@posted
def ask(request: HttpRequest, me: Me, call: Call, kind: str) -> HttpResponse:
    """Begin the questions, or the code."""
    if kind not in KINDS:
        raise Http404
    tried(request, me, lambda: questions.begin(database(), call_id=call.id, kind=kind, policy=policy(), actor=me.actor))
    return redirect("desk:calls_call", call.id)


@posted
def answer(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """One answer. After the last the agent hears right or wrong; right answers open the file where there is one."""
    asking = database().transact(lambda rows: questions.asking_of(rows, call))
    question = request.POST.get("question", "")
    if asking is None or asking.question != question or not question:
        return redirect("desk:calls_call", call.id)  # sent twice: the first was taken
    form = _answer_form(asking, request.POST)
    said = "" if "unknown" in request.POST else request.POST.get("said", "")
    if "unknown" not in request.POST and not said.strip():
        form.add_error("said", _("Type what the caller says, or press “The caller does not know”."))
    if not form.is_valid():
        return show(request, me, call, Forms(answer=form))
    taken = attempted(
        me, form, "said",
        lambda: questions.answer(
            database(), call_id=call.id, question=question, said=said, policy=policy(), actor=me.actor,
            channel=form.cleaned_data.get("channel", "line"),
        ),
    )  # fmt: skip
    if taken is None:
        return show(request, me, call, Forms(answer=form))
    if taken.outcome == "right":
        return _right(request, me, call)
    if taken.outcome == "wrong":
        messages.warning(request, _("The answers were not all right. Which one was wrong is not told to anybody."))
    return redirect("desk:calls_call", call.id)


def _right(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    messages.success(request, _("The answers were right."))
    fresh = database().transact(
        lambda rows: agents.case_of(rows, agents.own_call(rows, call_id=call.id, login=me.actor.name))
    )
    if fresh is not None:
        tried(request, me, lambda: questions.open_file(database(), call_id=call.id, policy=policy(), actor=me.actor))
    return redirect("desk:calls_call", call.id)


@posted
def again(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """Send the code once more."""

    def work() -> bool:
        questions.send_again(database(), call_id=call.id, policy=policy(), actor=me.actor)
        return True

    if tried(request, me, work):
        messages.success(request, _("A new code is on its way, if the document was right."))
    return redirect("desk:calls_call", call.id)


@posted
def open_file(request: HttpRequest, me: Me, call: Call) -> HttpResponse:
    """Open the file again, or once the closing is declared."""
    tried(request, me, lambda: questions.open_file(database(), call_id=call.id, policy=policy(), actor=me.actor))
    return redirect("desk:calls_call", call.id)

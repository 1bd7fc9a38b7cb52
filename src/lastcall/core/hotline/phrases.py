"""What an agent can say next, as cards: each in the caller's language beside the agent's own. English here, ``locale/`` the rest.

Which cards there are follows from how the call stands. Facts of the operator (sums, shops, warnings) come from the case, the
pack and the register of shops, never from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing import words
from lastcall.core.closing.story import Missing, Story
from lastcall.core.closing.texts import money, remedy
from lastcall.core.policies.pack import Pack
from lastcall.core.rows import Json

Words = str | Promise

PHRASES: Final[dict[str, Words]] = {
    "greeting": _("Good day, this is the hotline. Do you want to close a line?"),
    "ask_number": _("Which number is it about? Please say it digit by digit."),
    "declare_intake": _(
        "I can register now that this line shall end. The date counts from now. "
        "To complete it, sign on our site or by post, or come to a shop."
    ),
    "declare_act": _("I can receive your declaration now. It counts from this moment."),
    "declare_closed": _("By phone I cannot receive a declaration. You can make it on our site or in a shop."),
    "before_questions": _(
        "Before I open your file I ask a few questions. I type what you say; the right answers I do not see."
    ),
    "ask_document": _("Please read me the whole number of the document in your agreement."),
    "ask_digits": _("Please tell me the last four signs of the number of your document."),
    "ask_name": _("Please tell me the name as it stands in the agreement."),
    "ask_channel": _("Where shall the code go: to this line, to another phone or to the mail that we have on file?"),
    "ask_code": _(
        "Please read me the code from the message. You called us yourself, so this once it is right. "
        "If anybody calls you and asks for a code, hang up."
    ),
    "answers_right": _("Thank you, that agrees. Now I see how your closing stands."),
    "answers_wrong": _("I am sorry, something did not agree. I cannot say what, to protect the line."),
    "locked": _("I cannot ask any more. Please come to any shop of ours with your original document."),
    "nothing_declared": _("No closing is under way yet. Shall I register one?"),
    "offer_link": _("I can send a link to a contact that we have on file. With it you go on by yourself, on our site."),
    "link_sent": _("The link is on its way. Open it on your phone: it is the page of your closing."),
    "offer_callback": _("We can call you back. Which day and which time suits you?"),
    "bring_document": _("Please bring the original document with which the agreement was made."),
    "bring_sim": _("Bring the SIM too, with its PIN taken off, or keep it: the closing does not depend on it."),
    "shops": _("You can come to one of our shops: %(shops)s."),
    "would_refund": _("If the line ended today, you would get back %(amount)s."),
    "would_owe": _("If the line ended today, %(amount)s would still be to pay."),
    "unlink": _("Before the end, take the number off your bank, state services, messengers and mail."),
    "confirm_withdraw": _("Shall I take the declaration back? Then nothing is closed."),
    "stop": _("If you did not declare this, I stop it now. Nothing is closed until you were asked."),
    "we_call": _("We call because you booked it. If you are in doubt, hang up and call the number in your agreement."),
    "goodbye": _("Is there anything else? Thank you for your call."),
}
"""Code -> what is said."""

_HELPS: Final[dict[str, tuple[str, ...]]] = {
    "identity_missing": ("offer_link", "bring_document", "shops"),
    "identity_expired": ("offer_link", "bring_document", "shops"),
    "identity_locked": ("bring_document", "shops"),
    "photo_missing": ("offer_link",),
    "photo_differs": ("bring_document", "shops"),
    "act_not_completed": ("offer_link", "bring_document", "shops"),
    "papers_missing": ("offer_link", "shops"),
    "line_locked": ("bring_document", "shops"),
    "no_old_contact": ("bring_document", "shops"),
    "line_not_known": ("bring_document", "shops"),
    "sim_undecided": ("offer_link", "bring_sim"),
    "sim_pin_on": ("bring_sim",),
}
"""What is missing -> what else is said about it."""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to say. ``theirs``: in the caller's language, to be read aloud; ``own``: in the agent's."""

    code: str
    theirs: str
    own: str


def card(code: str, caller: str, agent: str, **facts: Any) -> Card:
    """The card with that code in both languages."""
    return Card(code, _said(PHRASES[code], caller, facts), _said(PHRASES[code], agent, facts))


def _said(text: Words, language: str, facts: Mapping[str, Any]) -> str:
    with translation.override(language):
        return str(text) % {name: _shown(value) for name, value in facts.items()} if facts else str(text)


def _shown(value: Any) -> str:
    return money(*value) if isinstance(value, tuple) else str(value)


def cards(codes: Iterable[str], caller: str, agent: str) -> tuple[Card, ...]:
    """Cards without facts, in order."""
    return tuple(card(code, caller, agent) for code in codes)


def before(*, number: bool, declared: bool, locked: bool, question: str, may_do: str, outcome: str) -> tuple[str, ...]:
    """The codes while nothing is open. ``question``: the one that is asked now; ``may_do``: as ``guiding.may_do``; ``outcome``: of
    the last set."""
    if locked:
        return ("locked", "stop", "goodbye")
    if question:
        return (*(("ask_document", "ask_channel") if question == "document_code" else (f"ask_{question}",)),)
    if not number:
        return ("greeting", "ask_number")
    told = ("answers_wrong",) if outcome == "wrong" else ()
    return (*told, *(() if declared else (f"declare_{may_do}",)), "before_questions", "stop")


def after(
    told: Story, bill: Json, caller: str, agent: str, *, shops: str = "", links: int = 0, may_book: bool = False
) -> tuple[Card, ...]:
    """The cards once the file is open: how it stands, what is missing and how it is given, what the bill would be, what is ahead.

    ``shops``: their names; ``links``: how many were sent in this call; ``may_book``: whether a call-back can be booked.
    """
    said = [_state(told, caller, agent)]
    codes = ["link_sent"] if links else []
    for missing in told.missing:
        said += _remedy(missing, caller, agent)
        codes += [code for code in _HELPS.get(missing.reason, ()) if code not in codes and (code != "shops" or shops)]
    if links and "offer_link" in codes:
        codes.remove("offer_link")
    said += [card(code, caller, agent, **({"shops": shops} if code == "shops" else {})) for code in codes]
    said += _bill(bill, caller, agent)
    last = {"offer_callback": may_book, "unlink": told.case.ended_at is None, "goodbye": True}
    return (*said, *cards([code for code, holds in last.items() if holds], caller, agent))


def _state(told: Story, caller: str, agent: str) -> Card:
    text = (words.FROZEN if told.frozen and told.case.ended_at is None else words.STATES[told.state])[1]
    return Card("state", _said(text, caller, {}), _said(text, agent, {}))


def _remedy(missing: Missing, caller: str, agent: str) -> list[Card]:
    theirs, own = (remedy(missing.reason, language=language, details=missing.details) for language in (caller, agent))
    return [Card(missing.reason, theirs, own)] if theirs else []


def _bill(bill: Json, caller: str, agent: str) -> list[Card]:
    codes = {"would_refund": "refund", "would_owe": "owed"}
    return [
        card(code, caller, agent, amount=(bill[name], bill["currency"]))
        for code, name in codes.items()
        if bill.get(name)
    ]


def warnings(pack: Pack, caller: str, agent: str, *, most: int = 3) -> tuple[Card, ...]:
    """The advice against frauds that the pack's sources confirm (``scams``)."""
    known = [entry for entry in pack.entries("scams.") if entry.is_confirmed][:most]
    return tuple(Card(entry.key, _of(entry.value, caller), _of(entry.value, agent)) for entry in known)


def _of(value: Mapping[str, Mapping[str, str]], language: str) -> str:
    advice = value["advice"]
    return advice.get(language) or advice["en"]

"""The words of the hotline's pages: refusals, questions, outcomes, contacts."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import trouble

Words = str | Promise

TROUBLES: Final[dict[str, Words]] = {
    "busy": _("You have a call already. Finish it first."),
    "conflict": _("Somebody else was quicker. Look at it again and decide anew."),
    "no_number": _("Ask for the number first."),
    "malformed_number": _("This is not a phone number. Ask for it again, digit by digit."),
    "foreign_number": _("This is not a Russian number. We close Russian lines only."),
    "not_in_range": _("This number is in no range of the register. Ask for it again."),
    "number_settled": _("This call keeps its number and its closing. For another number open another call."),
    "too_many_references": _("Too many references were wrong. Declare anew, or ask the questions."),
    "door_closed": _("By phone no declaration is received. It can be made on the site or in a shop."),
    "identity_locked": _(
        "Nothing more may be asked about this number today. Only a shop helps, with the original document."
    ),
    "weaker_factor": _(
        "A code about this number failed. Questions may not follow it: only the code, or a shop, helps today."
    ),
    "nothing_to_ask": _(
        "Too little is on file to ask for. Only a shop helps, with the original document, or the site."
    ),
    "no_code_aloud": _("No code is said on the phone here. Send the link instead, or name a shop."),
    "declare_first": _("Nothing was declared in this call yet. Declare first, or take up the reference."),
    "caller_gone": _("The caller has gone. Nothing more can be asked. Finish the call."),
    "not_verified": _("The questions come first. If the answers were long ago, ask again."),
    "not_open": _("The file is not open any more. Ask the questions again."),
    "too_many_codes": _("Too many codes were asked for. Only a shop helps today."),
    "not_four_signs": _("Type the last four signs, letters or digits."),
    "malformed_document_number": _("This cannot be the number of a document. Type letters and digits only."),
    "malformed_name": _("This cannot be a name. Type it as it is said."),
    "not_a_code": _("Type the digits of the code."),
    "no_such_contact": _("No such contact was on file long enough before the declaration."),
    "too_many_links": _("This contact has had the link often enough today."),
    "no_public_host": _("This installation has no site, and so no link."),
    "no_callbacks": _("No call-backs are offered."),
    "identity_missing": _("A call-back needs a proved identity first: by the code, on the site or in a shop."),
    "not_a_slot": _("That time cannot be booked any more. Choose another one."),
    "slot_taken": _("Somebody else has just taken that time. Choose another one."),
    "called_already": _("This call-back is done."),
    "too_late": _("The line is being switched off already. It cannot be taken back any more."),
    "begin_first": _("There is no code to be sent again."),
    "bad_language": _("Choose a language."),
    "bad_outcome": _("Choose how the call ended."),
}
QUESTIONS: Final[dict[str, tuple[Words, Words]]] = {
    "document": (
        _("The whole number of the document"),
        _("As the caller reads it out. Spaces and dashes do not matter."),
    ),
    "digits": (_("The last four signs of the document's number"), _("Letters or digits.")),
    "name": (_("The name as in the agreement"), _("In Cyrillic, Latin or Chinese letters, in any order.")),
    "code": (_("The code that the caller reads out"), _("Digits only. It went to a contact on file, or nowhere.")),
}
"""Question -> label and hint."""
# Where a code or a link goes, as the end of a sentence.
CHANNELS: Final[dict[str, Words]] = {
    "line": _("to the line's own number"),
    "sms": _("to another phone on file"),
    "mail": _("to the mail on file"),
}
OUTCOMES: Final[dict[str, Words]] = {
    "guided": _("The caller knows what comes next"),
    "declared": _("The closing was declared"),
    "stopped": _("Stopped: it was not the holder"),
    "withdrawn": _("The declaration was taken back"),
    "to_shop": _("Sent to a shop"),
    "not_verified": _("The answers were not right"),
    "hung_up": _("The caller hung up"),
    "no_answer": _("Nobody answered the call-back"),
    "other": _("Something else"),
}
MAY_DO: Final[dict[str, Words]] = {
    "act": _("A declaration by phone counts at once."),
    "intake": _("By phone the declaration is registered, with its date. It is completed by signature or in person."),
    "closed": _("By phone no declaration is received here: on the site or in a shop."),
}
BACKS: Final[dict[str, Words]] = {
    "due": _("To be called"),
    "taken": _("With an agent"),
    "called": _("Called"),
    "no_answer": _("No answer"),
}


def refusal(code: str) -> str:
    """What a refusal means on the hotline's pages."""
    return str(TROUBLES[code]) if code in TROUBLES else trouble(code)

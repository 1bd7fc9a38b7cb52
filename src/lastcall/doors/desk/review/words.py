"""The words of review: why a person must look, doors, decisions, and what a reviewer may be refused."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

Words = str | Promise

REASONS: Final[dict[str, Words]] = {
    "frozen": _("Stopped: the holder must be asked"),
    "remote_identity": _("Identity was proved from afar"),
    "photo_unclear": _("The photo could not be read for certain"),
    "representative": _("Somebody acts for the holder"),
    "recent_sim_change": _("The SIM was changed shortly before"),
    "recent_contact_change": _("A contact was changed shortly before"),
    "recent_title_change": _("The line was taken over shortly before"),
    "sampled": _("Drawn by lot, nothing is suspicious"),
}
DOORS: Final[dict[str, Words]] = {
    "store": _("shop"),
    "portal": _("site"),
    "hotline": _("phone"),
    "text": _("text message"),
    "post": _("letter"),
    "api": _("another system"),
    "command": _("our own system"),
    "system": _("our own system"),
}
NOTES: Final[dict[str, Words]] = {
    "": _("What this page shows"),
    "called_back": _("The holder was called back at a contact on file"),
    "compared_signature": _("The signature was compared"),
    "asked_colleague": _("A colleague was asked"),
    "papers_seen": _("The papers themselves were seen"),
}
"""What an approval rests on."""
REJECTIONS: Final[dict[str, Words]] = {
    "identity_not_confirmed": _("Identity not confirmed"),
    "papers_not_accepted": _("Papers not accepted"),
    "not_the_holder": _("The holder says it was not theirs"),
    "suspected_fraud": _("Signs of fraud"),
    "line_already_ended": _("The line has ended already"),
}
REQUESTS: Final[dict[str, Words]] = {
    "photo": _("Another photo of the document"),
    "in_person": _("A visit to a shop with the document"),
    "papers": _("The representative's papers once more"),
    "signature": _("The signed statement"),
}
WAYS: Final[dict[str, Words]] = {
    "called_back": _("Called back at a contact that was on file before"),
    "in_person": _("In a shop, with the original document"),
    "by_mail": _("In writing, from an address that was on file before"),
}
JUDGEMENTS: Final[dict[str, tuple[Words, Words]]] = {
    "agrees": (_("Agrees"), _("It is the document on file. The checks go on.")),
    "differs": (_("Differs"), _("It is another document. The subscriber must come to a shop.")),
    "unreadable": (_("Cannot be read"), _("The subscriber is asked for another photo, or to come to a shop.")),
}
HAND_OVERS: Final[dict[str, Words]] = {
    "second_opinion": _("A second opinion is wanted"),
    "language": _("The colleague speaks the subscriber's language"),
    "knows_the_subscriber": _("I know the subscriber"),
    "absence": _("Absence, or too much work"),
}

register(
    {
        "case_taken": _("Somebody else has this case now. Take another one."),
        "nothing_to_review": _("Nothing is to be decided in this case any more."),
        "not_assigned": _("This case is not yours to decide now. Take it from the queue first."),
        "stale_page": _("The case has changed since this page was shown. Look at it once more, then decide."),
        "judge_photo_first": _("Say first what the photo shows."),
        "no_photo_to_judge": _("No photo waits to be judged."),
        "not_to_be_asked": _("That cannot be asked of this subscriber. Choose something else."),
        "bad_request": _("Choose what to ask for."),
        "bad_judgement": _("Choose what the photo shows."),
        "bad_way": _("Choose how the holder was asked."),
        "bad_note": _("Choose what the approval rests on."),
        "same_reviewer": _("That colleague has the case already."),
        "not_frozen": _("The case is not stopped any more."),
    }
)

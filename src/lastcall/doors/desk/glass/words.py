"""Words for what the break-glass refuses, and for its reasons, states and verdicts."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

REASONS: Final[dict[str, Promise]] = {
    "danger": _("Somebody could come to harm"),
    "authority": _("An authority asks and cannot wait"),
    "complaint": _("An urgent complaint"),
    "stuck": _("The switching off has come to a halt"),
}
STATES: Final[dict[str, Promise]] = {
    "asked": _("waits for a second person"),
    "approved": _("approved"),
    "refused": _("refused"),
    "reviewed": _("looked at afterwards"),
}
VERDICTS: Final[dict[str, Promise]] = {
    "right": _("It was right"),
    "avoidable": _("Another way was open"),
    "wrong": _("It should not have been"),
}

register(
    {
        "words_missing": _("Say in a few words what it is about."),
        "words_too_long": _("Say it in fewer words."),
        "personal_words": _("The words look as if they held a number, a document or a code. Leave those out."),
        "glass_pause": _("You asked for this file lately. It is not extended: let a colleague take over."),
        "glass_too_old": _("This was asked for too long ago. They must ask again."),
        "own_glass": _("You asked for this or approved it yourself. Another person must decide."),
        "bad_verdict": _("Choose one of the findings."),
        "unknown_reference": _("No case has this reference."),
    }
)

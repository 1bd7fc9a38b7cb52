"""What a page says once after something was done on the page before."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAID: Final[dict[str, str | Promise]] = {
    "proved": _("Thank you: you have shown who you are."),
    "code_again": _(
        "If what you gave agrees with what we have on file, a new code is on its way. Only the newest one works."
    ),
    "photo_given": _("The photo has arrived and is being read."),
    "call_booked": _("The call is booked."),
    "call_cancelled": _("The call is cancelled. You can book another one."),
    "papers_announced": _(
        "The cover sheet is ready. Print it, or copy its number by hand, and send it with the papers."
    ),
    "sim_kept": _("Noted: the SIM stays with you."),
    "sim_to_shop": _("Bring the SIM to any shop of ours. The closing goes on as soon as it was handed in."),
    "refund_chosen": _("The way of the refund is noted."),
    "withdrawn": _("The declaration was taken back. The line stays as it is."),
    "frozen": _("Everything is stopped. A member of our staff will ask the holder."),
    "asked_back": _("We have noted that you want the number back."),
    "rest_longer": _("Done: the number rests longer. Its new date is below."),
    "rest_over": _("Too late: the rest of the number is over, or ends at this moment."),
    "forgotten": _("This device has forgotten the closing."),
    "nothing_needed": _("That is no longer needed: the closing has moved on."),
    "no_letter": _("There is no such letter for this closing yet."),
    "other_case": _(
        "Another closing was opened on this device meanwhile, so nothing was done. Open the one you mean with its reference "
        "and secret."
    ),
}
"""Code -> words."""


def said(code: str) -> str:
    """The words, empty for an unknown code."""
    return str(SAID.get(code, ""))

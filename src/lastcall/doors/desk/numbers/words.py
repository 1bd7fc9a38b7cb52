"""The number room's words: reasons, states, what happened, what comes, and why something was refused."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

Words = str | Promise

REASONS: Final[dict[str, Words]] = {
    "subscribers_request": _("A subscriber asks"),
    "complaint": _("A complaint"),
    "authority_request": _("An authority asks"),
    "stuck": _("A stuck order"),
    "planning": _("Planning of numbers"),
    "audit": _("An audit"),
}
"""By the codes of :data:`lastcall.core.audit.reading.NUMBER_REASONS`."""

EARLY_REASONS: Final[dict[str, Words]] = {
    "shortage": _("Numbers run short"),
    "authority_order": _("An authority's order"),
    "public_service": _("Needed for a public service"),
    "wrong_date": _("The date was entered wrongly"),
}
"""By the codes of :data:`lastcall.core.numbers.release_request.REASONS`."""

LIFE_REASONS: Final[dict[str, Words]] = EARLY_REASONS | {
    "asked_by_leaver": _("The former holder asked for it"),
    "not_quiet": _("People still try to reach it"),
    "notice": _("Those who rely on it are told first"),
    "reported_in_error": _("Reported in error"),
    "wrong_line": _("The wrong line was closed"),
    "technical_fault": _("A technical fault"),
}
"""The reasons that a moment of a number's life may have: early releases, longer rests, corrections."""

STATES: Final[dict[str, tuple[Words, str]]] = {
    "available": (_("Available"), "good"),
    "reserved": (_("Reserved"), "act"),
    "in_service": (_("In service"), "good"),
    "pending_release": (_("Pending release"), "act"),
    "quarantined": (_("In quarantine"), "act"),
    "ported_out": (_("With another operator"), ""),
    "withdrawn": (_("Given back to the regulator"), ""),
}
"""State -> name and how it is marked."""

MOMENTS: Final[dict[str, Words]] = {
    "assigned": _("The number was assigned."),
    "given_back": _("The number was given back to its former holder."),
    "pending_release": _("The line had ended; the number went to pending release."),
    "quarantined": _("The number went into quarantine."),
    "released": _("The number was released."),
    "ported_out": _("The number went to another operator."),
    "returned": _("The number came back from another operator."),
    "withdrawn": _("The number was given back to the regulator."),
    "early_release_asked": _("Early release was asked for: %(reason)s."),
    "early_release_refused": _("Early release was refused."),
    "early_release_withdrawn": _("The request for early release was taken back."),
    "early_release_lapsed": _("The request for early release lapsed."),
    "released_early": _("Two people ended the quarantine early: %(reason)s."),
    "rest_extended": _("The rest was made longer: %(reason)s."),
    "transferred": _("Another subscriber took the line over."),
    "taken_over": _("The number was taken over from the holder before, without a gap."),
    "correction_asked": _("A correction of the closing was asked for: %(reason)s."),
    "corrected": _("Two people corrected the closing, it counts as none: %(reason)s."),
    "sim_activated": _("A SIM was put in."),
    "sim_barred": _("The network stopped serving the SIM."),
    "sim_dead": _("The SIM was made dead."),
    "line_locked": _("The line was locked against closing."),
    "line_unlocked": _("The line was unlocked."),
    "legal_hold": _("A legal hold was put on the line."),
    "legal_hold_ended": _("The legal hold was lifted."),
    "port_out_ordered": _("A move to another operator was ordered."),
    "port_out_cancelled": _("The move to another operator was called off."),
    "read": _("Looked at by %(role)s: %(reason)s."),
    "case": _("Closing %(case)d: %(state)s"),
}
"""By the codes of :class:`lastcall.core.numbers.timeline.Moment`, what happened."""

AHEAD: Final[dict[str, Words]] = {
    "reclaim_until": _("Until then only its former holder can have it."),
    "quarantine_until": _("Not before then can anybody have it."),
    "reserved_until": _("Until then it is kept for an order."),
    "request_until": _("Then the request for early release lapses."),
}
"""By the codes of the moments to come."""

WORK: Final[dict[str, Words]] = {
    "case.advance": _("Checking a closing"),
    "case.cease": _("Switching a line off"),
    "notice.send": _("Sending a notice"),
    "receipt.send": _("Sending a receipt"),
    "code.send": _("Sending a code"),
    "photo.read": _("Reading a photo"),
    "photo.destroy": _("Destroying a photo"),
    "hlr.provision": _("Putting a line on the network"),
    "hlr.remove": _("Taking a SIM out of the HLR"),
    "billing.open": _("Opening an account"),
    "review.overdue": _("A decision is overdue"),
    "delivery.send": _("Telling a relying party"),
    "webhook.verify": _("Asking a receiver to agree"),
    "telling.endpoint_dead": _("A relying party takes no announcements"),
    "batch.run": _("Working through a list of numbers"),
    "batch.call_back": _("Telling that a list is done"),
}
"""Kind of job or alert -> what is stuck."""

RESOLUTIONS: Final[dict[str, Words]] = {
    "mended": _("The cause was mended"),
    "done_by_hand": _("It was done by hand"),
    "no_longer_needed": _("It is no longer needed"),
    "passed_on": _("Somebody else has it now"),
}
"""By the codes of :data:`lastcall.core.stuck_work.RESOLUTIONS`."""

_REFUSED: Final[dict[str, Words]] = {
    "bad_reference": _("Give the order's own reference: 3 to 40 signs with a digit, no name and no phone number."),
    "below_floor": _("The number has not rested long enough for an early release."),
    "quarantine_over": _("This quarantine is over; there is nothing to shorten."),
    "legal_hold": _("The line is under a legal hold."),
    "took_part": _("Whoever had a part in the closing does not decide about its number. Ask a colleague."),
    "asked_already": _("It was asked for already. Another number manager decides."),
    "own_request": _("Whoever asked does not decide. Another number manager must."),
    "anothers_request": _("A colleague asked for it. Refuse it, if it should not be."),
    "request_lapsed": _("The request has lapsed. Ask anew, if it is still needed."),
    "no_number": _("This order is about no number."),
    "bad_resolution": _("Choose how it was resolved."),
    "bad_month": _("There is no calendar for that month."),
}


def known() -> None:
    """Make the words for refusals known to the desk."""
    register(_REFUSED)

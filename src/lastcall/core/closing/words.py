"""The words of a case's story: states, what happened, what comes next, bill and number. English here, ``locale/`` has the rest.

Keys are the codes of :mod:`lastcall.core.closing.story`, ``charges`` and :mod:`lastcall.core.numbers.status`.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

Words = str | Promise

STATES: Final[dict[str, tuple[Words, Words]]] = {
    "declared": (_("Received"), _("We have your declaration and are checking it.")),
    "checking": (_("Received"), _("We have your declaration and are checking it.")),
    "waiting": (
        _("Waiting for you"),
        _("Your declaration counts from the moment it was received. Something is still missing from you."),
    ),
    "review": (
        _("A member of our staff is looking at it"),
        _("Something needs a person's decision. Your declaration counts from the moment it was received."),
    ),
    "on_hold": (
        _("Accepted, on hold"),
        _("Everything is in order. Nothing irreversible happens before the hold ends."),
    ),
    "ceasing": (
        _("The line is being switched off"),
        _("The network, the SIM, the bill and the number are being closed, one after the other."),
    ),
    "closed": (_("The line is closed"), _("The network no longer serves the line, and nothing more is charged.")),
    "withdrawn": (_("Taken back"), _("The declaration was taken back. Nothing was closed.")),
    "rejected": (_("Not accepted"), _("The declaration was not accepted. Nothing was closed.")),
    "lapsed": (
        _("Lapsed"),
        _("Something was still missing when the time was over. Nothing was closed. You can declare again at any time."),
    ),
}
"""State -> title and explanation."""

FROZEN: Final[tuple[Words, Words]] = (
    _("Stopped"),
    _("Somebody said that this was not them. Nothing goes on until a member of our staff has asked the holder."),
)
"""Title and explanation of an open case that is frozen, whatever its state."""
STUCK: Final[Words] = _("The switching off has come to a halt. A member of our staff is working on it.")
WITHDRAWABLE: Final[Words] = _(
    "The declaration can still be taken back, on its page on our site, in a shop or by phone, "
    "until the switching off begins."
)
UNPROVED: Final[Words] = _(
    "Until somebody has shown who they are, this page tells only what was declared, nothing about the line or its holder."
)

HAPPENED: Final[dict[str, Words]] = {
    "declared": _("The declaration was received."),
    "waiting": _("Checked: something is still missing."),
    "review": _("Checked: a member of our staff must look at it."),
    "accepted": _("Every check was passed. The hold began."),
    "ceasing": _("The hold is over. The switching off began."),
    "approved": _("A member of our staff approved it."),
    "asked": _("A member of our staff asked for something more."),
    "rejected": _("The declaration was not accepted."),
    "lapsed": _("The declaration lapsed."),
    "withdrawn": _("The declaration was taken back."),
    "frozen": _("Somebody said that this was not them. Everything stopped."),
    "unfrozen": _("The holder was asked, and it goes on."),
    "paid": _("A payment was taken at the counter."),
    "closed": _("The line is closed."),
    "asked_back": _("The number was asked for again."),
    "identity_begun": _("The number of a document was given and a one-time code asked for."),
    "identity_refused": _("A proof of identity was not accepted."),
    "proved_in_person": _("The original document was seen in person."),
    "proved_document": _("The document's number was confirmed."),
    "proved_code": _("The one-time code was confirmed."),
    "proved_remotely": _("Identity was proved with the document's number and a one-time code."),
    "photo_given": _("A photo of the document was given."),
    "photo_matched": _("The photo agrees with the agreement."),
    "photo_unclear": _("The photo could not be read for certain. A member of our staff looks at it."),
    "photo_differs": _("The photo does not agree with the agreement."),
    "photo_destroyed": _("The photo was destroyed. No copy is left."),
    "callback_booked": _("A call-back was booked."),
    "callback_cancelled": _("The call-back was called off."),
    "papers_announced": _("A cover sheet for papers by post was made."),
    "papers_arrived": _("Papers arrived by post."),
    "sim_kept": _("The SIM stays with you."),
    "sim_collected": _("The SIM was handed in."),
    "sim_destroyed": _("The SIM was destroyed."),
    "signed": _("The declaration was signed."),
    "papers": _("The papers of whoever acts for the holder were put on file."),
    "refund_method": _("The way of the refund was chosen."),
    "stuck": _("The switching off came to a halt. A member of our staff was called."),
    "step_bar": _("The network confirmed that it no longer serves the line."),
    "step_take_number_off": _("The number was taken off the SIM."),
    "step_kill_sim": _("The SIM was made dead."),
    "step_stop_charging": _("Charging was stopped."),
    "step_final_bill": _("The final bill was settled."),
    "step_refund": _("The refund was dealt with."),
    "step_release_number": _("The number went to pending release."),
    "number_quarantined": _("The number went into quarantine."),
    "number_released": _("The number was released."),
    "number_reactivated": _("The number was given back to you."),
    "rest_extended": _("The number's rest was made longer."),
    "backup_saved": _(
        "The contacts and messages on the SIM were saved, encrypted. They open with the secret shown at the counter."
    ),
    "backup_fetched": _("The saved contacts and messages were fetched."),
    "backup_deleted": _("The saved contacts and messages were deleted here."),
    "backup_expired": _("The saved contacts and messages were deleted here. Nobody had fetched them."),
}

AHEAD: Final[dict[str, Words]] = {
    "lapse": _("If something is still missing then, the declaration lapses."),
    "review": _("A member of our staff decides by then."),
    "end_of_hold": _("The hold ends and the line is switched off."),
    "end_of_reclaim": _("Until then, only you can have the number back."),
    "next_owner": _("Not before then can somebody else get the number."),
    "callback": _("We call you."),
    "refund": _("The refund is paid out by then."),
}

BILL_LINES: Final[dict[str, Words]] = {
    "balance": _("Balance"),
    "early_termination_fee": _("Fee for leaving early"),
    "device_instalments": _("Instalments left on the device"),
    "premium_number_fee": _("Fee for the premium number"),
    "not_refundable": _("Bonus, not paid out"),
    "refund": _("Refund"),
    "owed": _("Still to pay"),
}

NUMBERS: Final[dict[str, tuple[Words, Words]]] = {
    "in_service": (_("In service"), _("The number is still on your line.")),
    "pending_release": (_("Pending release"), _("For now only you can have the number back.")),
    "quarantined": (_("In quarantine"), _("Nobody can have the number now, not even you.")),
    "released": (_("Released"), _("The number is free for others. Somebody else may have it now.")),
    "reactivated": (_("Given back"), _("You have got the number back.")),
    "transferred": (_("Taken over"), _("Somebody else has taken the line over and kept the number.")),
    "ported_out": (_("Moved"), _("The number has moved to another operator.")),
    "withdrawn": (_("Given back to the regulator"), _("The number is no longer ours to give.")),
}
"""State of the number, as its former holder sees it -> title and explanation."""

PHONES: Final[dict[str, Words]] = {
    "contacts.hotline_in_network": _("From a number of ours"),
    "contacts.hotline_free": _("From any phone in Russia, free"),
    "contacts.hotline_abroad": _("From abroad"),
}
"""Key of a pack's hotline -> from where it is called, in the order in which they are shown."""

ROLES: Final[dict[str, Words]] = {
    "clerk": _("a clerk in a shop"),
    "agent": _("an agent of the hotline"),
    "reviewer": _("a reviewer"),
    "number_manager": _("the number manager"),
    "administrator": _("an administrator"),
    "auditor": _("an auditor"),
    "system": _("the system, by itself"),
}
"""Role of whoever acted -> as the subscriber is told, never by name."""

LOOKED: Final[dict[str, Words]] = {
    "subscriber_present": _("the subscriber was there"),
    "subscriber_on_the_phone": _("the subscriber was on the phone"),
    "review": _("to decide about the closing"),
    "papers": _("papers had come by post"),
    "stuck": _("the switching off had come to a halt"),
    "complaint": _("a complaint"),
    "audit": _("an audit"),
    "command_line": _("work on the system"),
    "subscribers_request": _("a subscriber asked about the number"),
    "authority_request": _("an authority asked about the number"),
    "planning": _("planning of the numbers"),
    "danger": _("somebody could have come to harm"),
    "authority": _("an authority asked"),
}
"""Why staff looked at a file or at a number, by the codes of :data:`lastcall.core.audit.reading.REASONS` and ``NUMBER_REASONS``."""

BROKEN_GLASS: Final = _("%(why)s; by the emergency procedure, with a second person's consent")
"""Why staff looked at a file where that rested on a break-glass; ``why`` is one of :data:`LOOKED`."""

ASKED: Final[dict[tuple[str, str], Words]] = {
    ("bank", "asked"): _("A bank asked."),
    ("bank", "told"): _("A bank was told."),
    ("app", "asked"): _("An app or online service asked."),
    ("app", "told"): _("An app or online service was told."),
    ("authority", "asked"): _("An authority asked."),
    ("authority", "told"): _("An authority was told."),
    ("operator", "asked"): _("A telephone operator asked."),
    ("operator", "told"): _("A telephone operator was told."),
    ("other", "asked"): _("Another organisation asked."),
    ("other", "told"): _("Another organisation was told."),
}
"""Kind of organisation, and whether it asked about the number or was told; which one it was is not told."""


def asked(category: str, kind: str, times: int) -> str:
    """One of :data:`ASKED`, in the language in force; ``times``: how often on that day."""
    what = str(ASKED.get((category, kind), ASKED["other", kind]))
    if times == 1:
        return what
    told = ngettext("%(what)s %(times)d time.", "%(what)s %(times)d times.", times)
    return told % {"what": what, "times": times}

"""What the core's refusals mean at the counter."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

_READ_AGAIN: Final = _("The two lines could not be read whole. Put the page into the reader again, or type the number.")
WORDS: Final[dict[str, str | Promise]] = {
    "no_shop": _("You belong to no open shop. Ask an administrator."),
    "no_window": _("Choose your window first."),
    "window_taken": _("Somebody else sits at that window."),
    "bad_window": _("Give the window as it is written above it, one to three letters or digits."),
    "still_serving": _("A visitor is at your window. End that visit first."),
    "same_place": _("The visitor is there already. Choose another purpose or another window."),
    "no_ticket": _("There is no such ticket at your window. See the queue."),
    "too_many_documents": _("Too many documents did not match in this visit. End it, or ask a colleague."),
    "other_case": _("Another person's closing stands for this line, and they have shown who they are. A reviewer must decide."),
    "no_case": _("No closing of the visitor's stands for this line. If they want to close it, tick that they declare it here."),
    "too_late": _("The line is being switched off already, so this cannot be done any more."),
    "zone_shape": _READ_AGAIN,
    "zone_check": _READ_AGAIN,
    "zone_issuer": _("The lines name no state. Type the number, and the state as it is in the passport."),
    "zone_expired": _("The document has run out. Ask for one that is valid."),
    "nothing_owed": _("Nothing is to be paid."),
    "amount_changed": _("The amount has changed meanwhile. Nothing was booked: take the amount that is shown now."),
    "payment_open": _("A payment for this line is still being booked. Wait a moment, then look again."),
    "key_reused": _("This form was sent before. Look at what was booked, and open the page again."),
    "malformed_iccid": _("This is not a card number. Read it again from the card: 19 or 20 digits that begin with 89."),
    "not_this_card": _("This is not the card of this line. Compare the number on the card, and ask for the right one."),
    "no_such_reader": _("That reader is not paired with your shop any more. Choose another."),
    "reader_silent": _("That reader gives no sign. Look at its program, or choose another."),
    "no_card_to_read": _("This line has an eSIM: there is no card to read."),
    "handling_open": _("The reader is at it already. Wait until it is done, or call it off."),
    "reader_busy": _("A colleague's visitor is at that reader. Wait, or choose another."),
    "no_such_handling": _("There is nothing to call off any more."),
    "too_many_papers": _("Enough signed papers are on file for this closing."),
    "photo_missing": _("Choose a file first."),
    "photo_empty": _("The file is empty. Scan the page again."),
    "photo_too_big": _("The file is too big. Scan the page with a lower resolution."),
    "photo_wrong_type": _("Only JPEG, PNG and PDF are taken."),
    "photo_broken": _("The file is damaged. Scan the page again."),
    "photo_animated": _("The picture moves. Scan the page again."),
    "photo_too_many_dots": _("The picture has too many dots. Scan the page with a lower resolution."),
    "photo_too_small": _("The picture is too small to be read. Scan the page again, in full."),
    "photo_locked": _("The file is locked with a password. Scan the page without one."),
    "malformed_number": _("This is not a mobile number. Write it with +7 and ten digits."),
    "foreign_number": _("This is not a Russian number. We close Russian lines only."),
    "malformed_document_number": _("This cannot be the number of such a document. Type it again."),
    "bad_country": _("Type the state as it is in the passport, three letters."),
    "door_closed": _("The operator's rules take no declaration at the counter."),
}  # fmt: skip


def say() -> None:
    """Have the desk use these words."""
    register(WORDS)

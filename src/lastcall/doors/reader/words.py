"""The words of the screen beside the reader, by their codes."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

STEPS: Final[dict[str, Words]] = {
    "checking": _("Comparing the card"),
    "reading": _("Reading the card"),
    "writing": _("Making the files"),
    "sending": _("Sending the files, encrypted"),
    "unlocking": _("Taking the PIN off"),
}
NOTES: Final[dict[str, Words]] = {
    "wrong_pin": _("This was not the PIN."),
    "wrong_puk": _("This was not the PUK."),
    "pin_blocked": _("The PIN is blocked now."),
    "last_try": _("Only the last try is left."),
    "tries_unknown": _("The card does not say how many tries are left."),
    "reader_ended": _("The desk has ended the pairing. Ask for a new code."),
    "left": _("The pairing has ended."),
}
PINS: Final[dict[str, Words]] = {
    "removed": _("taken off"),
    "was_off": _("was off before"),
    "kept": _("still on"),
    "unsure": _("not known yet"),
    "": _("unchanged"),
}

PARTIAL: Final[dict[str, Words]] = {
    "contacts": _("Not all contacts on the card could be read."),
    "messages": _("Not all messages on the card could be read."),
    "both": _("Neither all contacts nor all messages on the card could be read."),
}
"""Of a backup: one of ``handling.PARTIAL``."""

_AGAIN: Final = _("Wait a moment and begin again.")
_CLERK: Final = _("Ask the clerk.")
_CANNOT_BE_READ: Final = (
    _("The card cannot be read"),
    _("Take it out, wipe its contacts with a dry cloth, put it back and begin again."),
)
_NO_READER: Final = (
    _("No card reader is ready"),
    _("The clerk looks after the reader of this computer. Then begin again."),
)
_NOT_TAKEN: Final = (_("The desk did not take it"), _CLERK)
PROBLEMS: Final[dict[str, tuple[Words, Words]]] = {
    "no_card": (_("There is no card in the reader"), _("Put your SIM card into the reader and begin again.")),
    "card_removed": (_("The card was pulled out"), _("Put it back and begin again.")),
    "reader_gone": (_("The card reader is gone"), _("Plug it in and begin again.")),
    "reader_silent": (
        _("The card reader gives no sign"),
        _(
            "What it still does is not known: the PIN may be tried or taken off. Unplug it, take the card out, and ask the clerk."
        ),
    ),
    "reader_busy": (_("Another program uses the reader"), _AGAIN),
    "no_reader": _NO_READER,
    "no_card_service": _NO_READER,
    "no_reader_library": _NO_READER,
    "which_reader": (_("There are cards in several readers"), _("Leave only your own card in, and begin again.")),
    "card_mute": _CANNOT_BE_READ,
    "card_failed": _CANNOT_BE_READ,
    "not_a_sim": _CANNOT_BE_READ,
    "no_iccid": _CANNOT_BE_READ,
    "card_changed": (_("This is another card"), _("Put the first card back and begin again.")),
    "wrong_card": (
        _("This is not the card of your line"),
        _(
            "Its number is not the one in your agreement. It was not read. If you have another card, ask the clerk to start again."
        ),
    ),
    "puk_blocked": (
        _("The card is locked for good"),
        _("The PUK is blocked too. Nobody can read the card any more; the line can be closed all the same."),
    ),
    "desk_away": (_("The desk does not answer"), _AGAIN),
    "desk_untrusted": (_("The desk's certificate cannot be trusted"), _("Do not go on. Tell your administrator.")),
    "desk_garbled": _NOT_TAKEN,
    "desk_refused": _NOT_TAKEN,
    "too_big": _NOT_TAKEN,
    "order_over": (_("The desk has ended this"), _("If you still want it, ask the clerk to start again.")),
    "visitor_refused": (_("You have stopped it"), ""),
}
OTHERWISE: Final = (_("Something went wrong in this program"), _("Begin again. If it stays, ask the clerk."))

"""What the menu says. English here, ``locale/`` has the rest; each is spoken to a file of its own before the server starts."""

from __future__ import annotations

from typing import Final

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.words import FROZEN, STATES
from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import spoken

Words = str | Promise

SENTENCES: Final[dict[str, Words]] = {
    # Translators: each language names itself and its own key: 1 Chinese, 2 Russian, 3 English.
    "choose_language": _("For English, press 3."),
    "main": _(
        "Closing a line. To close a line, press 1. To hear how a closing stands, press 2. "
        "For a member of our staff, press 0 at any time; where digits are asked for, 0 and the hash key."
    ),
    "other_key": _("That key has no meaning here."),
    "ask_number": _("Enter the number of the line and press the hash key."),
    "bad_number": _("What you entered cannot be read as a phone number. Please enter it again."),
    "not_our_number": _("This number is not one of ours. Please check it."),
    "you_entered": _("You entered:"),
    "confirm": _("If you declare that this line shall end, press 1. To enter the number again, press 2."),
    "not_registered": _("The declaration could not be registered on the phone."),
    "registered_ask_document": _(
        "Your declaration is registered. To hear the balance, enter the last four signs of the document's number "
        "and press the hash key; for a letter, press the key it stands on. To go on without the balance, press only the hash key."
    ),
    "no_match": _("What you entered does not agree with what we have on file."),
    "registered_at": _("Your declaration was received today. The time was"),
    "reference_is": _("Your reference for the phone is"),
    "again_or_on": _("To hear this again, press 1. To go on, press 2."),
    "balance_is": _("The balance of the line is"),
    "you_owe": _("Still to pay for services already rendered:"),
    "no_balance": _("We tell the balance only to the holder. You hear it in a shop, with your document."),
    "balance_away": _("We cannot ask for the balance at the moment."),
    "next_complete": _("With this call the declaration is complete."),
    "next_intake": _("On the phone the declaration is only registered. It must still be completed. You can do so:"),
    "next_portal": _("on our site;"),
    "next_store": _("in one of our shops, with the original of your document and the SIM;"),
    "next_post": _("by post, with a signed statement."),
    "next_proof": _("Nothing ends before the holder has shown who they are."),
    "again_or_agent": _(
        "To hear this again, press 1. For a member of our staff, press 0. To end the call, simply hang up."
    ),
    "ask_reference": _("Enter the eight digits of your reference for the phone and press the hash key."),
    "no_such_closing": _("We find no closing with this number and this reference."),
    "to_agent": _("We connect you with a member of our staff. Please stay on the line."),
    "goodbye": _("Thank you for your call. Goodbye."),
    "busy": _("All lines are busy. Please call again in a few minutes."),
    "trouble": _("Something has gone wrong on our side."),
    **{f"state_{state}": words for state, (_title, words) in STATES.items()},
    "state_frozen": FROZEN[1],
}
COMPLETING: Final = ("portal", "store", "post")
"""Doors through which a declaration by phone can be completed, as far as there is a sentence for them."""


def catalogue(language: str) -> dict[str, str]:
    """Key -> what is said, for every file that the menu needs in ``language``."""
    with translation.override(language):
        return {key: str(words) for key, words in SENTENCES.items()} | spoken.PIECES[language]


def all_keys() -> dict[str, tuple[str, ...]]:
    """Language -> keys of its files."""
    return {language: (*SENTENCES, *spoken.PIECES[language]) for language in LANGUAGES}

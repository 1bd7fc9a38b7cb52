"""The sentences of our answers by text. English here, translated in ``locale/``; each costs money to send, so they are few."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

SENTENCES: Final[dict[str, Words]] = {
    "declared": _("Received on %(received_at)s: the line %(number)s shall end. Reference: %(reference)s."),
    "declared_before": _(
        "The closing of the line %(number)s is under way, received on %(received_at)s. Reference: %(reference)s."
    ),
    "balance": _("Balance: %(balance)s."),
    "fees": _("Leaving costs %(fees)s."),
    "no_fees": _("Leaving costs nothing."),
    "refund": _("You get back %(refund)s."),
    "owed": _("Still to pay: %(owed)s."),
    "unknown_balance": _("You see your balance and the costs once you have shown who you are."),
    "intake": _("This text registers your wish; it becomes a declaration when you complete it."),
    "next_link": _("Next, show who you are: %(link)s or in a shop with your document."),
    "next_words": _("Next, show who you are, on our site with the reference and the secret %(secret)s or in a shop."),
    "next_other": _("Go on where you began, with the secret of your receipt, or in a shop with your document."),
    "undo": _("Changed your mind? Text %(stop)s."),
    "undo_other": _("This was not you? Text %(stop)s."),
    "standing": _("The closing of the line %(number)s, reference %(reference)s: %(state)s."),
    "withdrawn": _("Taken back: the line %(number)s stays, nothing was closed, and nothing more is to be done."),
    "frozen": _(
        "Stopped: the closing of the line %(number)s. A member of our staff asks the holder before anything goes on."
    ),
    "too_late": _(
        "The line %(number)s is being switched off already, which cannot be stopped. "
        "For a time you can ask for the number back, in a shop or by phone."
    ),
    "nothing_open": _("No closing of the line %(number)s is under way. To begin one, text %(close)s."),
    "not_ours": _(
        "By text we can help only from the line itself that shall end. Please write from that line, or ask in a shop."
    ),
    "door_closed": _("A line cannot be closed by text here. Please do it on our site or in a shop."),
    "help": _(
        "Text one word. %(close)s: close this line. %(status)s: where it stands. %(stop)s: take it back. "
        "Nothing ends before you have shown who you are."
    ),
}

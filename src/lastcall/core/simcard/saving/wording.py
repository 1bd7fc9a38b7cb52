"""What is said about a message, on the page and on paper alike. In the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lastcall.core.simcard.card import Card, Message
from lastcall.core.simcard.saving.contacts import contacts
from lastcall.core.simcard.saving.texts import masked, one_line

TITLE: Final = _("Messages on the SIM card")
STATUSES: Final[dict[str, str | Promise]] = {
    "read": _("received, read"),
    "unread": _("received, not read yet"),
    "sent": _("sent"),
    "to_be_sent": _("written, not sent"),
    "deleted": _("deleted, but still on the card"),
}


def direction(message: Message) -> str:
    """What stands before the other side's number or name, with the space that the language puts there."""
    words = gettext("To: %(party)s") if message.sent else gettext("From: %(party)s")
    return words.partition("%(party)s")[0]


def names(card: Card) -> dict[str, str]:
    """Number -> name, by the card's own contacts; the first that has it."""
    found = ((number, one_line(entry.name)) for entry in reversed(contacts(card)) for number in entry.numbers)
    return {number: name for number, name in found if name}


def party(message: Message, known: Mapping[str, str]) -> str:
    """The other side's number or name, after its name in ``known``."""
    written = one_line(message.party) or gettext("unknown")
    return f"{known[message.party]}, {written}" if message.party in known else written


def status(message: Message) -> str:
    """How it stands on the card."""
    return str(STATUSES[message.status])


def when(at: datetime | None) -> str:
    """The SMSC's time in its own offset, since that is what the card holds."""
    if at is None:
        return gettext("time not known")
    return f"{formats.date_format(at, 'DATE_FORMAT')} {at:%H:%M:%S} ({_offset(at)})"


def _offset(at: datetime) -> str:
    minutes = (at.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def remarks(message: Message) -> tuple[str, ...]:
    """What is missing of it, and why no text is shown."""
    found = []
    if message.missing:
        words = ngettext(
            "Part %(missing)s of %(parts)d is not on the card.",
            "Parts %(missing)s of %(parts)d are not on the card.",
            len(message.missing),
        )
        found.append(words % {"missing": ", ".join(map(str, message.missing)), "parts": message.parts})
    if message.damaged:
        found.append(gettext("Not all of this message could be read from the card."))
    if message.data:
        words = ngettext("No text, but %(n)d octet of data:", "No text, but %(n)d octets of data:", len(message.data))
        found.append(words % {"n": len(message.data)})
    return tuple(found)


def how_many(messages: int) -> str:
    """Their count."""
    if not messages:
        return gettext("There are no messages on this card.")
    return ngettext("%(n)d message", "%(n)d messages", messages) % {"n": messages}


def saved(card: Card, made_at: datetime) -> str:
    """When, from which card, and that what was saved is still there."""
    day = formats.date_format(timezone.localtime(made_at), "DATE_FORMAT")
    if not card.iccid:
        said = gettext("Saved on %(day)s.") % {"day": day}
    else:
        said = gettext("Saved on %(day)s from the card %(card)s.") % {"day": day, "card": masked(card.iccid)}
    if not card.messages:
        return said
    between = "" if said.endswith("。") else " "  # a full-width stop has its own space
    return said + between + gettext("The messages are still on the card, too.")

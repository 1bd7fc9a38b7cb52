"""What is said about a message or a call, on the page and on paper alike. In the language in force."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from lastcall.core.simcard.card import Call, Card, Entry, Message
from lastcall.core.simcard.saving.contacts import contacts
from lastcall.core.simcard.saving.texts import masked, one_line

_NUMBER: Final = re.compile(r"[\d\s+()*#.-]+")
TITLE: Final = _("Messages on the SIM card")
CALLS: Final = _("Calls on the SIM card")
STATUSES: Final[dict[str, str | Promise]] = {
    "read": _("received, read"),
    "unread": _("received, not read yet"),
    "sent": _("sent"),
    "to_be_sent": _("written, not sent"),
    "deleted": _("deleted, but still on the card"),
}


def direction(message: Message) -> str:
    """What stands before the other side's number or name, with the space that the language puts there."""
    return _before(gettext("To: %(party)s") if message.sent else gettext("From: %(party)s"))


def call_direction(call: Call) -> str:
    """Likewise, of a call."""
    return _before(gettext("Call from: %(party)s") if call.received else gettext("Call to: %(party)s"))


def _before(words: str) -> str:
    return words.partition("%(party)s")[0]


def names(card: Card) -> dict[str, str]:
    """Number -> name, by the card's own contacts, with what the card calls this number of theirs; the first that has it."""
    found = ((number, _name(entry, label)) for entry in reversed(contacts(card)) for number, label in entry.labelled())
    return {number: name for number, name in found if name}


def _name(entry: Entry, label: str) -> str:
    name = one_line(entry.name)
    return f"{name} ({one_line(label)})" if name and label else name


def party(message: Message, known: Mapping[str, str]) -> str:
    """The other side's number or name, after its name in ``known``. A name that the other side chose for itself is nobody's number:
    where it looks like one, that is said."""
    written = one_line(message.party) or gettext("unknown")
    if message.named:
        told = (
            gettext("%(name)s (a name that the sender chose, not a number)")
            if _NUMBER.fullmatch(written)
            else "%(name)s"
        )
        return told % {"name": written}
    return f"{known[message.party]}, {written}" if message.party in known else written


def call_party(call: Call, known: Mapping[str, str]) -> str:
    """The other side's name, by the contacts or by the call itself, and its number."""
    name = known.get(call.number, "") or one_line(call.name)
    return ", ".join(filter(None, (name, one_line(call.number)))) or gettext("unknown")


def call_facts(call: Call) -> tuple[str, ...]:
    """How it went, and through which application."""
    found = []
    if call.answered is not None:
        found.append(gettext("answered") if call.answered else gettext("not answered"))
    if call.seconds is not None and call.answered is not False:
        minutes, seconds = divmod(call.seconds, 60)
        hours, minutes = divmod(minutes, 60)
        found.append(gettext("duration %(time)s") % {"time": f"{hours}:{minutes:02}:{seconds:02}"})
    if call.damaged:
        found.append(gettext("not read in full"))
    return (*found, *filter(None, (one_line(call.application),)))


def status(message: Message) -> str:
    """How it stands on the card, and in which application where there are several."""
    return " · ".join(filter(None, (str(STATUSES[message.status]), one_line(message.application))))


def when(at: datetime | None) -> str:
    """The time in its own offset, where the card holds one."""
    if at is None:
        return gettext("time not known")
    moment = f"{formats.date_format(at, 'DATE_FORMAT')} {at:%H:%M:%S}"
    return moment if at.tzinfo is None else f"{moment} ({_offset(at)})"


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

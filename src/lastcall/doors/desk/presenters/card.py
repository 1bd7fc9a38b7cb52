"""A shop's card readers, and what was done with a visitor's card, in the clerk's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.simcard.handling import Handling
from lastcall.core.simcard.hearing import is_silent, last_heard
from lastcall.core.simcard.lifecycle import OPEN
from lastcall.core.simcard.reader import Reader

Words = str | Promise


@dataclass(frozen=True, slots=True)
class ReaderShown:
    """One paired reader. ``by``: the clerk with whose work it ends, by login; ``until``: when it ends at the latest; ``silent``:
    since when its program was not heard, in words, or empty while it is."""

    id: int
    name: str
    by: str
    until: str
    silent: str


def readers_shown(found: Sequence[Reader]) -> tuple[ReaderShown, ...]:
    """A shop's readers."""
    return tuple(ReaderShown(one.id, one.name, one.login, moment(one.until), _silent(one)) for one in found)


def _silent(reader: Reader) -> str:
    return _("not heard since %(time)s") % {"time": _time(last_heard(reader))} if is_silent(reader) else ""


def _time(at: datetime) -> str:
    """Hours and minutes; with the day where that was not today."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == timezone.localtime(clock.now()).date() else moment(at)


@dataclass(frozen=True, slots=True)
class HandlingShown:
    """What was asked for the visitor's card last. ``tone`` for its colour; ``said``: what is done, line by line."""

    id: int
    open: bool
    tone: str
    title: str
    said: tuple[str, ...]


_TITLES: Final[dict[str, Words]] = {
    "asked": gettext_lazy("The reader is asked: put the card in, and let the visitor go on there"),
    "taken": gettext_lazy("The line's own card is in the reader"),
    "done": gettext_lazy("Done at the reader"),
    "failed": gettext_lazy("Not done at the reader"),
    "cancelled": gettext_lazy("Called off"),
    "lapsed": gettext_lazy("Nothing came of it in time"),
    "missed": gettext_lazy("The reader did not take it up"),
}
_TONES: Final = {"asked": "act", "taken": "act", "done": "good", "failed": "stop", "missed": "stop"}
_MISSED: Final = gettext_lazy(
    "Its program gives no sign. Ask another reader, or start the program there and pair it again."
)
_PINS: Final[dict[str, Words]] = {
    "removed": gettext_lazy("The PIN was taken off."),
    "was_off": gettext_lazy("There was no PIN."),
    "kept": gettext_lazy("The PIN stayed on."),
}
_PARTLY: Final = gettext_lazy("Done at the reader, but not everything was saved")
_PARTIAL: Final[dict[str, Words]] = {
    "contacts": gettext_lazy("Not all contacts on the card could be read."),
    "messages": gettext_lazy("Not all messages on the card could be read."),
    "both": gettext_lazy("Neither all contacts nor all messages on the card could be read."),
}
_BEFORE: Final = gettext_lazy("Tell the visitor before you take the card in. You can ask the reader again.")
_NO_READER: Final = gettext_lazy("The reader was not there. Look at its plug and its program.")
_BAD_CARD: Final = gettext_lazy("The card does not answer as it should. Clean it, put it in again, or go on without.")
_PROBLEMS: Final[dict[str, Words]] = {
    "wrong_card": gettext_lazy("It is not the card of this line. Ask for the right one."),
    "no_card": gettext_lazy("There was no card in the reader."),
    "card_removed": gettext_lazy("The card was taken out before the end. It can be done again."),
    "card_mute": _BAD_CARD,
    "card_failed": _BAD_CARD,
    "not_a_sim": gettext_lazy("What is in the reader is no SIM."),
    "no_iccid": _BAD_CARD,
    "no_reader": _NO_READER,
    "which_reader": gettext_lazy("Several readers hold a card. Leave one in."),
    "reader_gone": _NO_READER,
    "reader_busy": gettext_lazy("Another program uses the reader."),
    "no_card_service": _NO_READER,
    "no_reader_library": _NO_READER,
    "wrong_pin": gettext_lazy("The PIN was wrong."),
    "pin_blocked": gettext_lazy("The PIN is blocked. With the PUK it can be set anew."),
    "puk_blocked": gettext_lazy("The card is locked for good: nothing on it can be read any more."),
    "pin_fixed": gettext_lazy("This card lets nobody take its PIN off."),
    "last_try": gettext_lazy("It would have been the last try of the PIN: stopped before it."),
    "tries_unknown": gettext_lazy("The card does not say how many tries are left: stopped."),
    "visitor_refused": gettext_lazy("The visitor did not want it."),
    "not_saved": gettext_lazy("The files could not be kept here."),
    "other": gettext_lazy("Something else went wrong at the reader."),
}  # fmt: skip


def handling_shown(handling: Handling, readers: Sequence[ReaderShown]) -> HandlingShown:
    """How it stands with one handling; ``readers``: those of the shop."""
    tone, title = _TONES.get(handling.state, "ended"), _TITLES[handling.state]
    if handling.partial:
        tone, title = "act", _PARTLY
    return HandlingShown(handling.id, handling.state in OPEN, tone, str(title), _said(handling, readers))


def _said(handling: Handling, readers: Sequence[ReaderShown]) -> tuple[str, ...]:
    if handling.state == "done":
        return tuple(_done(handling))
    if handling.state in OPEN:
        return tuple(f"{one.name}: {one.silent}" for one in readers if one.id == handling.reader_id and one.silent)
    why = {"failed": _PROBLEMS.get(handling.problem), "missed": _MISSED}.get(handling.state)
    return (str(why),) if why else ()


def _done(handling: Handling) -> list[str]:
    said = [_("It was the card of this line.")]
    if handling.wants_backup:
        contacts = ngettext("%(n)d contact", "%(n)d contacts", handling.contacts) % {"n": handling.contacts}
        texts = ngettext("%(n)d message", "%(n)d messages", handling.messages) % {"n": handling.messages}
        said.append(_("Saved for the visitor: %(contacts)s, %(messages)s.") % {"contacts": contacts, "messages": texts})
    if handling.partial:
        said += [f"{_PARTIAL[handling.partial]} {_BEFORE}"]
    return [*said, *([str(_PINS[handling.pin])] if handling.pin else [])]

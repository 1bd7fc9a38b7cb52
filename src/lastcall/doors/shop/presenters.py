"""What the shop's pages show, as texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import segno
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lastcall.core.closing.texts import moment
from lastcall.core.counter.kiosk import Place
from lastcall.core.counter.moves import today
from lastcall.core.counter.words import AT_HAND, PURPOSES
from lastcall.doors.screens.reader import TAGS

_PROBLEMS: Final[dict[str, str | Promise]] = {
    "too_many_tickets": gettext_lazy("Too many tickets were taken here just now. Wait some minutes, or ask our staff."),
    "queue_full": gettext_lazy(
        "The queue is full, and no more tickets are given out. Come later, or close the line on our site."
    ),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing said in one language."""

    code: str
    tag: str
    name: str
    text: str


def _in_each(text: str | Promise) -> tuple[Spoken, ...]:
    said: list[Spoken] = []
    for code, name in settings.LANGUAGES:
        with translation.override(code):
            said.append(Spoken(code, TAGS[code], name, str(text)))
    return tuple(said)


_TAKE: Final = gettext_lazy("Take a ticket")
_NUMBER: Final = gettext_lazy("Ticket")
_WINDOW: Final = gettext_lazy("Window")


def languages() -> tuple[Spoken, ...]:
    """Ours, each with what the kiosk is for, in itself."""
    return _in_each(_TAKE)


@dataclass(frozen=True, slots=True)
class Heading:
    """One column of the screen, in all languages."""

    number: Spoken
    window: Spoken


def headings() -> tuple[Heading, ...]:
    """Number and window in each language."""
    return tuple(Heading(left, right) for left, right in zip(_in_each(_NUMBER), _in_each(_WINDOW), strict=True))


def purposes(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What a visitor may come for: code and words."""
    return tuple((code, str(PURPOSES[code])) for code in codes)


def problem(code: str) -> str:
    """Why no ticket was given out, or an empty text."""
    return str(_PROBLEMS.get(code, ""))


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket as its visitor sees it. ``state``: ``waiting``, ``called``, ``serving`` or ``over``."""

    label: str
    purpose: str
    state: str
    title: str
    ahead: str
    wait: str
    window: str
    taken: str
    at_hand: tuple[str, ...]


def ticket(place: Place) -> Shown:
    """How the ticket stands, in the language in force."""
    held = place.ticket
    state = held.state if held.state in {"waiting", "called", "serving"} and held.day == today() else "over"
    waiting = state == "waiting"
    return Shown(
        label=held.label, purpose=str(PURPOSES[held.purpose]), state=state, title=_title(state, held.window, held.state),
        ahead=_ahead(place.ahead) if waiting else "", wait=_wait(place) if waiting else "", window=held.window,
        taken=moment(held.issued_at),
        at_hand=tuple(str(words) for _code, words in AT_HAND[held.purpose]),
    )  # fmt: skip


def _title(state: str, window: str, exactly: str) -> str:
    if state == "called":
        return _("You are called to window %(window)s") % {"window": window}
    if state == "serving":
        return _("You are at window %(window)s") % {"window": window}
    if state == "waiting":
        return _("Please wait until you are called")
    return {
        "left": _("You have left the queue"),
        "no_show": _("You were called, and nobody came"),
    }.get(exactly, _("This ticket is over"))


def _ahead(ahead: int) -> str:
    if ahead == 0:
        return _("You are next.")
    return ngettext("%(n)d person is before you.", "%(n)d people are before you.", ahead) % {"n": ahead}


def _wait(place: Place) -> str:
    """Empty when nothing can be told."""
    if place.minutes is None:
        return ""
    if place.minutes == 0:
        return _("You will be called in a moment.")
    words = ngettext("About %(n)d minute to wait.", "About %(n)d minutes to wait.", place.minutes)
    return words % {"n": place.minutes}


def picture(address: str) -> SafeString:
    """The address as a QR code, inline SVG without any style of its own."""
    drawn = segno.make_qr(address, error="m").svg_inline(border=4, scale=4, omitsize=True, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - made of dots by segno, never of text

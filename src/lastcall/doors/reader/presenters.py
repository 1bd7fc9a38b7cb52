"""What the screen shows, as texts in the language in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lastcall.core.closing.texts import moment
from lastcall.core.errors import ElementTrouble, Refused
from lastcall.core.simcard.pin import PinState, refuse_last_try
from lastcall.doors.reader.agent import Agent
from lastcall.doors.reader.order import Order, Saved
from lastcall.doors.reader.stage import Stage
from lastcall.doors.reader.words import NOTES, OTHERWISE, PARTIAL, PINS, PROBLEMS, STEPS
from lastcall.doors.screens.reader import TAGS, Language

GROUP: Final = 5


def languages(spoken: str) -> list[Language]:
    """Ours, in the order in which they are shown; ``spoken`` is in force."""
    return [Language(code, TAGS[code], name, code == spoken) for code, name in settings.LANGUAGES]


@dataclass(frozen=True, slots=True)
class Seen:
    """A reader: its name, and whether a card is in it, in words."""

    name: str
    card: str


def seen(agent: Agent) -> tuple[tuple[Seen, ...], str]:
    """The readers, or why none can be told of."""
    try:
        found = agent.seen()
    except ElementTrouble as trouble:
        return (), str(PROBLEMS.get(trouble.code, OTHERWISE)[0])
    said = tuple(Seen(reader.name, _("a card is in it") if reader.card else _("empty")) for reader in found)
    return said, "" if said else str(PROBLEMS["no_reader"][0])


def note(stage: Stage) -> str:
    """What to say first, or nothing."""
    return str(NOTES.get(stage.note, ""))


def problem(code: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    title, remedy = PROBLEMS.get(code, OTHERWISE)
    return str(title), str(remedy)


def tries(stage: Stage) -> str:
    """How many are left."""
    if stage.tries is None:
        return _("The card does not say how many tries are left.")
    return ngettext("%(n)d try is left.", "%(n)d tries are left.", stage.tries) % {"n": stage.tries}


def risky(stage: Stage) -> bool:
    """Whether one wrong PIN or PUK more may block the card."""
    act = "unblock" if stage.name == "puk" else "verify"
    left, right = (0, stage.tries) if act == "unblock" else (stage.tries, None)
    try:
        refuse_last_try(PinState(enabled=True, tries=left, puk_tries=right), act=act, last_try=False)
    except Refused:
        return True
    return False


def step(stage: Stage) -> str:
    """What is being done."""
    return str(STEPS[stage.step])


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was ordered, and how it stands."""

    what: str
    how: str


def facts(order: Order, stage: Stage) -> tuple[Fact, ...]:
    """What was ordered, and what of it is done."""
    found = []
    if order.backup:
        found += _saved(stage.saved)
    if order.pin_off:
        found.append(Fact(_("PIN"), str(PINS[stage.pin])))
    return tuple(found)


def _saved(saved: Saved | None) -> list[Fact]:
    if saved is None:
        return [Fact(_("Contacts and messages"), _("not saved"))]
    return [Fact(_("Contacts saved"), str(saved.contacts)), Fact(_("Messages saved"), str(saved.messages))]


def partly(saved: Saved | None) -> str:
    """That not all could be saved, or nothing."""
    return str(PARTIAL[saved.partial]) if saved is not None and saved.partial else ""


@dataclass(frozen=True, slots=True)
class Files:
    """How to get what was saved: the page, the secret in groups, both as one QR code, and until when."""

    address: str
    groups: tuple[str, ...]
    picture: SafeString
    until: str
    gaps: bool


def files(saved: Saved) -> Files:
    """How the visitor gets the files. The secret stands behind the ``#``, which browsers send to nobody."""
    groups = tuple(saved.secret[at : at + GROUP] for at in range(0, len(saved.secret), GROUP))
    return Files(
        saved.kept.address,
        groups,
        _picture(f"{saved.kept.address}#{saved.secret}"),
        moment(saved.kept.until),
        saved.gaps,
    )


def time_of_day(at: datetime) -> str:
    """Hours and minutes on this computer's own clock."""
    return f"{timezone.localtime(at):%H:%M}"


def _picture(text: str) -> SafeString:
    drawn = segno.make_qr(text, error="m").svg_inline(border=4, scale=4, omitsize=True, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - made of dots by segno, never of text

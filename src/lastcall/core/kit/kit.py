"""A leaver's kit: everything that can be prepared for one operator, reason and situation, as letters and dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from lastcall.core.closing.letters.letter import Letter
from lastcall.core.kit.afterwards import afterwards
from lastcall.core.kit.checklist import checklist
from lastcall.core.kit.choice import Choice
from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.contacts import contacts
from lastcall.core.kit.deadlines import Deadline, calendar_sheet, deadlines
from lastcall.core.kit.details import Details, line_of
from lastcall.core.kit.phrases import phrases
from lastcall.core.kit.powers import NEEDS_PAPERS, powers
from lastcall.core.kit.request import Request
from lastcall.core.kit.scams import scams
from lastcall.core.kit.statement import statement
from lastcall.core.kit.unlinking import unlinking
from lastcall.core.policies.pack import Pack
from lastcall.core.subscribers.inputs import one_of

__all__ = ["Deadline", "Details", "Kit", "make_kit"]

_PARTS: Final[tuple[Callable[[Request], Letter], ...]] = (
    checklist,
    phrases,
    statement,
    powers,
    unlinking,
    contacts,
    scams,
    afterwards,
    calendar_sheet,
)
"""In the order in which they are bound."""


@dataclass(frozen=True, slots=True)
class Kit:
    """``on``: the day of the statement, from which dates count. ``letters``: in the order in which they are bound. ``line``: tells
    the lines of one person apart, empty where no number was given."""

    operator: str
    language: str
    reason: str
    situation: str
    on: date
    letters: tuple[Letter, ...]
    deadlines: tuple[Deadline, ...]
    line: str = ""


def make_kit(
    *,
    pack: Pack,
    language: str,
    reason: str,
    situation: str,
    on: date,
    made_at: datetime,
    details: Details | None = None,
) -> Kit:
    """The kit for a leaver of ``pack``'s operator. ``details``: what is filled into the statement; there are lines for the rest.

    Nothing is read or sent but the pack. Raises ``BadInput`` (``bad_language``, ``bad_reason``, ``bad_situation``,
    ``naive_moment``).
    """
    one_of("language", language, LANGUAGES)
    one_of("reason", reason, REASONS)
    one_of("situation", situation, SITUATIONS)
    given = details or Details()
    asked = Request(pack, language, Choice(reason, situation), on, made_at, given)
    parts = tuple(part for part in _PARTS if part is not powers or situation in NEEDS_PAPERS)
    return Kit(
        operator=pack.operator,
        language=language,
        reason=reason,
        situation=situation,
        on=on,
        letters=tuple(part(asked) for part in parts),
        deadlines=deadlines(asked),
        line=line_of(given),
    )

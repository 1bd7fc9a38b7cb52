"""The pair of days that the index keeps of a number, and how two of the readings are taken from it alone.

Days are counted as small integers from :data:`ORIGIN`, so that a pair takes four bytes. Where a pair cannot tell, both are
:data:`COMPLEX` and the database is asked.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from lastcall.core.lookup.evidence import Evidence, Span, unbroken_from
from lastcall.core.lookup.readings import ABSENT

ORIGIN: Final = date(1999, 12, 30)
NOT_COVERED: Final = 0
NEVER: Final = 1
NOBODY: Final = 0
COMPLEX: Final = 65_535
FIRST_DAY: Final = 2
"""2000-01-01."""


def day_number(day: date) -> int:
    """Days since :data:`ORIGIN`, at least :data:`FIRST_DAY`, below :data:`COMPLEX`."""
    return min(max((day - ORIGIN).days, FIRST_DAY), COMPLEX - 1)


def day_from(number: int) -> date:
    """The day of a number that :func:`day_number` gave."""
    return ORIGIN + timedelta(days=number)


def pair_of(evidence: Evidence) -> tuple[int, int]:
    """``disconnect``: the last disconnect's day, :data:`NEVER` or :data:`NOT_COVERED`; ``activation``: the first day of the
    present holder's unbroken holding, or :data:`NOBODY`."""
    if not evidence.covered:
        return NOT_COVERED, NOBODY
    if evidence.state in ABSENT:
        return COMPLEX, COMPLEX
    ceased = [span.until for span in evidence.spans if span.ending == "ceased" and span.until is not None]
    last = day_number(max(ceased)) if ceased else NEVER
    if not evidence.spans or evidence.spans[-1].until is not None:
        # Held before and never ceased: it was ported out and came back.
        return (COMPLEX, COMPLEX) if evidence.spans and last == NEVER else (last, NOBODY)
    began = _unbroken_since(evidence.spans)
    return (last, day_number(began)) if began is not None else (COMPLEX, COMPLEX)


def _unbroken_since(spans: tuple[Span, ...]) -> date | None:
    """Since when the present holder has held it on every day; None when they came back after days without it."""
    place = unbroken_from(spans)
    came_back = place > 0 and spans[place - 1].holder == spans[-1].holder
    return None if came_back else spans[place].since


def camara(disconnect: int, activation: int, day: int, *, today: int, known_since: int) -> str | None:
    """:func:`lastcall.core.lookup.readings.camara` of a pair, in day numbers; None: ask the database."""
    if day > today or day < known_since:
        return "out_of_range"
    if disconnect == COMPLEX:
        return None
    if activation == NOBODY:
        return "true" if disconnect > NEVER else "not_found"
    return "false" if day >= activation else "true"


def disconnect(disconnect: int, activation: int, day: int, *, today: int, known_since: int) -> str | None:
    """:func:`lastcall.core.lookup.readings.disconnect` of a pair, in day numbers; None: ask the database."""
    if day > today:
        return "future_date"
    if disconnect == COMPLEX:
        return None
    if disconnect > NEVER and day <= disconnect:
        return "yes"
    return "no_data" if disconnect == NOT_COVERED or day < known_since else "no"

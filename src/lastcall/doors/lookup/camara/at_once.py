"""Number Recycling's everyday question, answered from the bytes of its body and the index alone.

Everyday: a two-legged token, the two properties and nothing else, a number that the index knows, a day up to when it was last
brought up to date. Whatever is out of the ordinary, errors included, is left to :mod:`.recycling`, which says the same of these.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from lastcall.core.database import database
from lastcall.core.lookup import pair
from lastcall.core.lookup.days import day_of
from lastcall.core.relying import asked as asking
from lastcall.doors.lookup import lookup
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked

READING: Final = "camara"
TRUE: Final = b'{"phoneNumberRecycled":true}'
FALSE: Final = b'{"phoneNumberRecycled":false}'

_NUMBER: Final = rb'"phoneNumber"%s:%s"\+([1-9][0-9]{4,14})"'
_DAY: Final = rb'"specifiedDate"%s:%s"([0-9]{4}-[0-9]{2}-[0-9]{2})"'
_BODY: Final = rb"%s\{%s" + _NUMBER + rb"%s,%s" + _DAY + rb"%s\}%s"
EVERYDAY: Final = re.compile(_BODY.replace(rb"%s", rb"[ \t\r\n]*"))
"""A JSON object (RFC 8259) of these two strings, without an escape."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """What holds while the index is as it was last looked at: the days it can be asked about, in numbers, and the two answers."""

    here: lookup.Present
    first: int
    last: int
    answers: dict[str | None, Answer]


def _made_ready(here: lookup.Present) -> _Ready:
    headers = (("x-lastcall-as-of", here.as_of_text),)
    answers: dict[str | None, Answer] = {
        "true": Answer(200, TRUE, headers=headers), "false": Answer(200, FALSE, headers=headers),
    }  # fmt: skip
    return _Ready(here, _number(here.known_since), _number(day_of(here.as_of)), answers)


_ready: _Ready | None = None


def at_once(asked: Asked) -> Answer | None:
    """``true`` or ``false``, or None: ask in full. The question is noted before it is answered."""
    global _ready  # noqa: PLW0603 - made anew about once a second, whoever comes first
    access, here = asked.access, lookup.present()
    if here is None or access is None or access.sandbox or access.msisdn is not None:
        return None
    found = EVERYDAY.fullmatch(asked.body)
    if found is None:
        return None
    ready = _ready
    if ready is None or ready.here is not here:
        ready = _ready = _made_ready(here)
    msisdn, day = int(found[1]), _day(found[2])
    disconnect, activation = here.index.find(msisdn)
    # From the first to the last day: a day that is none has the number 0.
    answer = ready.answers.get(pair.camara(disconnect, activation, day, today=ready.last, known_since=ready.first))
    if answer is not None:
        asking.note(database(), consumer_id=access.consumer_id, msisdn=msisdn, reading=READING)
    return answer


@lru_cache(maxsize=8192)
def _day(text: bytes) -> int:
    try:
        return _number(date.fromisoformat(text.decode()))
    except ValueError:
        return 0


def _number(day: date) -> int:
    """As :func:`pair.day_number`, but uncut, so that it can be compared with the ends of the evidence."""
    return (day - pair.ORIGIN).days

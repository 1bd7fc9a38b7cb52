"""Number Recycling 0.2.0: did the subscriber of this number change after that day?"""

from __future__ import annotations

from datetime import date
from typing import Final

from lastcall.core.lookup import coverage, pair, readings, subject
from lastcall.core.lookup.days import day_of, read_day, today
from lastcall.core.lookup.documented import RECYCLING
from lastcall.core.lookup.evidence import Evidence, evidence
from lastcall.core.policies.present import present_policy
from lastcall.core.store import Store
from lastcall.doors.lookup import lookup
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.camara.at_once import FALSE, READING, TRUE, at_once
from lastcall.doors.lookup.camara.question import Question, answering, ask, error, not_on_the_loop, out_of_range
from lastcall.doors.lookup.camara.shape import PHONE_NUMBER, Property, Shape

SHAPE: Final = Shape(
    "RecyclingQuestion",
    "Which number, and since which day.",
    (
        PHONE_NUMBER,
        Property(
            "specifiedDate", "The day, YYYY-MM-DD (RFC 3339 full-date).", format="date", required=True, example="2024-10-31"
        ),
    ),
)  # fmt: skip
_PERHAPS_NOT_SERVED: Final = frozenset({pair.NOT_COVERED, pair.COMPLEX})


@answering(RECYCLING)
def check(asked: Asked) -> Answer:
    """``phoneNumberRecycled``. Answered on the loop from the index; what the index cannot tell is asked of the database.

    Raises ``NotHere`` where that must happen beside the loop.
    """
    return at_once(asked) or in_full(asked)


def in_full(asked: Asked) -> Answer:
    """The same for any question, and with every error."""
    assert asked.access is not None
    question = ask(RECYCLING, asked.access, SHAPE.read(asked.document()), subject.either, mobiles_only=False)
    day = read_day(question.given["specifiedDate"])
    if question.life is not None:
        return _read(question.life.evidence(), day)
    return _from_index(question, day) or _from_database(question, day)


def _from_index(question: Question, day: date) -> Answer | None:
    here = lookup.present()
    if here is None:
        return None
    disconnect, activation = here.index.find(question.msisdn)
    if disconnect in _PERHAPS_NOT_SERVED:
        subject.require_mobile(question.msisdn)
    # The window is compared in days: a day number is cut at both ends.
    if day > today() or day < here.known_since:
        found: str | None = "out_of_range"
    else:
        number = pair.day_number(day)
        found = pair.camara(disconnect, activation, number, today=pair.COMPLEX, known_since=pair.FIRST_DAY)
    if found is None:
        return None
    question.note(READING)
    return _answer(found, here.as_of_text, here.known_since)


def _from_database(question: Question, day: date) -> Answer:
    not_on_the_loop()
    subject.require_mobile(question.msisdn)
    policy = present_policy()

    def read(rows: Store) -> Evidence:
        return evidence(rows, msisdn=question.msisdn, known_since=coverage.known_since(rows, policy))

    found = question.real(read)
    question.note(READING)
    return _read(found, day)


def _read(found: Evidence, day: date) -> Answer:
    answer = readings.camara(found, day, today=day_of(found.as_of))
    return _answer(answer, lookup.moment_text(found.as_of), found.known_since)


def _answer(found: str, as_of: str, known_since: date) -> Answer:
    if found == "out_of_range":
        raise out_of_range(RECYCLING, known_since)
    if found == "not_found":
        raise error(RECYCLING, "IDENTIFIER_NOT_FOUND")
    return Answer(200, TRUE if found == "true" else FALSE, headers=(("x-lastcall-as-of", as_of),))

"""What one answer to a relying party says, and nothing more: the asked reading of the asked day, and the window of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lastcall.core import clock
from lastcall.core.lookup import readings, sandbox
from lastcall.core.lookup.coverage import known_since
from lastcall.core.lookup.days import day_of
from lastcall.core.lookup.evidence import Evidence, evidences
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.store import Store, transaction


@dataclass(frozen=True, slots=True)
class Question:
    """Whether something became of ``msisdn`` since ``day``; None: a number that no hash of ours stands for."""

    msisdn: int | None
    day: date


@dataclass(frozen=True, slots=True)
class Answer:
    """``answer``: a word of the reading ``semantics``; ``known_since`` to ``as_of``: what the answer rests on.

    ``corrected``: a closing of this number was once reported wrongly and put right; told in rich answers only.
    """

    answer: str
    semantics: str
    as_of: datetime
    known_since: date
    corrected: bool

    def as_json(self) -> Json:
        """The answer as JSON tells it: no day but the one from which on we know, and the moment of the answer."""
        told: Json = {
            "answer": self.answer, "semantics": self.semantics, "asOf": in_json(self.as_of),
            "knownSince": self.known_since.isoformat(),
        }  # fmt: skip
        return told | ({"corrected": True} if self.corrected else {})


def in_json(moment: datetime) -> str:
    """A moment in UTC, to the second (RFC 3339)."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def answer(found: Evidence, day: date, *, semantics: str) -> Answer:
    """The reading of ``semantics`` (a name of ``readings.SEMANTICS``) of one number's evidence."""
    word = readings.SEMANTICS[semantics](found, day, today=day_of(found.as_of))
    return Answer(word, semantics, found.as_of, found.known_since, semantics == "rich" and found.corrected)


def answers(
    rows: Store, *, asked: Sequence[Question], semantics: str, policy: Policy, since: date | None = None
) -> tuple[Answer, ...]:
    """One answer for each question, in order, all as of one moment.

    ``since``: how far back our knowledge goes, where the caller has it from the index; finding it in the rows takes longer.
    """
    # Number 0 is nobody's: a hash without a number is answered as any number that is not ours.
    msisdns = [each.msisdn or 0 for each in asked]
    found = evidences(rows, msisdns=msisdns, known_since=since or known_since(rows, policy))
    return tuple(
        answer(found[msisdn], each.day, semantics=semantics) for msisdn, each in zip(msisdns, asked, strict=True)
    )


answer_all = transaction(answers)


def sandbox_answers(asked: Sequence[Question], *, semantics: str) -> tuple[Answer, ...]:
    """The same from the made-up numbers of the sandbox alone; any other number is not covered there."""
    lives = (sandbox.LIVES.get(each.msisdn or 0) for each in asked)
    found = (life.evidence() if life is not None else _not_covered() for life in lives)
    return tuple(answer(one, each.day, semantics=semantics) for one, each in zip(found, asked, strict=True))


def _not_covered() -> Evidence:
    return Evidence((), "available", covered=False, known_since=sandbox.KNOWN_SINCE, as_of=clock.now())

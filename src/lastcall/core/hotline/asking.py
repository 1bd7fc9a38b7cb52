"""The asking: one set of questions that an agent put to a caller, told as right or wrong only as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models

from lastcall.core.rows import Row, holds, table, unique

OUTCOMES = ("", "right", "wrong", "given_up")
KINDS = ("questions", "code")


@table(
    "hotline",
    references={"call_id": "hotline.Call"},
    constraints=(
        unique("asking_counted_per_number", "msisdn", "ordinal"),
        unique("asking_one_open_per_call", "call_id", where=models.Q(outcome="")),
        holds("asking_outcome", models.Q(outcome__in=OUTCOMES)),
        holds("asking_kind", models.Q(kind__in=KINDS)),
        holds(
            "asking_over_with_an_outcome",
            models.Q(outcome="", ended_at__isnull=True) | (~models.Q(outcome="") & models.Q(ended_at__isnull=False)),
        ),
    ),
    indexes=(models.Index(fields=["msisdn", "began_at"], name="asking_number"),),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Row):
    """``kind``: ``questions`` open the file for guidance, ``code`` (with the document) proves identity for the closing.

    ``questions``: words in the order in which they are asked; ``answered``: how many were; ``wrong``: whether one answer was, which
    no page shows before the end, and then only of the whole. ``ordinal``: the how manieth about that number, so that two calls at
    once are counted as two. No answer is kept.
    """

    id: int
    call_id: int
    msisdn: int
    ordinal: int
    kind: str
    questions: str
    began_at: datetime
    answered: int = 0
    wrong: bool = False
    ended_at: datetime | None = None
    outcome: str = ""

    @property
    def question(self) -> str:
        """The question that is asked now, empty when all were."""
        words = self.questions.split()
        return words[self.answered] if self.outcome == "" and self.answered < len(words) else ""

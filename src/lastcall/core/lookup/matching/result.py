"""The result of comparing one attribute (CAMARA KYC Match 0.4.0, MatchResult and MatchScoreResult)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Result:
    """``match``: ``true``, ``false`` or ``not_available``; ``score``: 0 to 99, only with ``false`` and where one is defined."""

    match: str
    score: int | None = None


TRUE: Final = Result("true")
FALSE: Final = Result("false")
NOT_AVAILABLE: Final = Result("not_available")


def of(matches: bool, score: int | None = None) -> Result:
    """``true`` without a score, or ``false`` with the one given."""
    return TRUE if matches else Result("false", score)

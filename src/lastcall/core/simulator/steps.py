"""A step: an act and its words, as it can be printed, and done again on another store."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lastcall.core.errors import LastcallError
from lastcall.core.simulator.acts import ACTS
from lastcall.core.simulator.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """``act``: a key of :data:`~lastcall.core.simulator.acts.ACTS`; ``words``: what it is called with."""

    act: str
    words: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join([self.act, *(f"{name}={value!r}" for name, value in self.words.items())])


@dataclass(frozen=True, slots=True)
class Outcome:
    """``refused``: the code of the refusal, empty when the step was done; ``words``: what came of it."""

    refused: str
    words: str

    def __str__(self) -> str:
        return f"refused: {self.refused}" if self.refused else self.words or "done"


def take(world: World, step: Step) -> Outcome:
    """Do the step. A refusal by the rules is an outcome; any other exception passes."""
    try:
        return Outcome("", ACTS[step.act](world, **step.words))
    except LastcallError as refusal:
        return Outcome(f"{type(refusal).__name__} {refusal.code}", "")

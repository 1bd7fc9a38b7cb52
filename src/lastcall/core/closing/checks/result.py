"""The result of a check: one condition, one coded answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from lastcall.core.closing.facts import Bound, Facts

PASSED: Final = "passed"
FAILED: Final = "failed"
PERSON: Final = "person"
ENDED: Final = "ended"


@dataclass(frozen=True, slots=True)
class Result:
    """``outcome``: ``passed``; ``failed`` (the subscriber can mend it: see the remedy of ``reason`` in ``texts``);
    ``person`` (somebody must look); ``ended`` (the line ended otherwise). ``details`` fill the remedy's text."""

    check: str
    outcome: str
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.outcome == PASSED


BoundCheck = Callable[[Facts, Bound], Result]

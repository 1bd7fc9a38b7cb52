"""The pool: how many numbers of one range were in which state when they were last counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lastcall.core.rows import Row, table

OUTSIDE = 0


@table("numbers", key=("first",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Row):
    """A range of ours by its ``first`` and ``last`` number, both included, as counted at ``at``.

    ``first`` is :data:`OUTSIDE` for what is held but lies in no range of ours: ported in, or of a range that was given back.
    """

    first: int
    last: int
    region: str
    at: datetime
    in_service: int = 0
    pending_release: int = 0
    quarantined: int = 0
    reserved: int = 0
    ported_out: int = 0
    withdrawn: int = 0

    @property
    def size(self) -> int:
        """How many numbers the range holds; 0 outside of ranges."""
        return self.last - self.first + 1 if self.first != OUTSIDE else 0

    @property
    def free(self) -> int:
        """How many may be given to anybody; never below 0."""
        taken = (
            self.in_service + self.pending_release + self.quarantined + self.reserved + self.ported_out + self.withdrawn
        )
        return max(self.size - taken, 0)

"""What relying parties are told of a number, and from which event of the log each kind is derived."""

from __future__ import annotations

from typing import Final

KINDS: Final = (
    "ceased",
    "reclaim_ended",
    "release_soon",
    "reissued",
    "returned",
    "transferred",
    "ported_out",
    "corrected",
    "rest_extended",
)
"""``ceased``: its line was closed; ``reclaim_ended``: the former holder can no longer have it back; ``release_soon``: it may be
anybody's from the day that is told; ``reissued``: somebody else has it; ``returned``: the former holder has it back;
``transferred``: it passed to another subscriber without a gap; ``ported_out``: another operator serves its holder, and we tell no
more of it; ``corrected``: a closing was reported wrongly; ``rest_extended``: it is released later than was told."""

OF_EVENTS: Final = {
    "number.pending_release": "ceased",
    "number.quarantined": "reclaim_ended",
    "number.assigned": "reissued",
    "number.reactivated": "returned",
    "number.transferred": "transferred",
    "number.ported_out": "ported_out",
    "number.corrected": "corrected",
    "number.rest_extended": "rest_extended",
}
"""Kind of event -> kind of announcement. ``release_soon`` comes from the calendar, not from the log."""

IN_THE_DAILY_FILE: Final = ("ceased", "returned", "corrected")
"""What the daily file has a row for: a closing, and what takes one back."""


def type_of(kind: str) -> str:
    """The type of its CloudEvent. A change that old readers would not understand gets the next version."""
    return f"org.lastcall.number.{kind}.v1"

"""What the feeds share: how much of them is asked for at a time."""

from __future__ import annotations

import re
from typing import Final

from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.operation import Parameter
from lastcall.doors.lookup.own.shapes import invalid

_LIMIT: Final = re.compile("[1-9][0-9]{0,3}", re.ASCII)


def limit_of(asked: Asked, *, most: int, usual: int = 0) -> int:
    """``limit`` of the query; without one ``usual``, or ``most``. Raises ``ApiError`` (400) for anything but 1 to ``most``."""
    text = asked.query.get("limit", str(usual or most))
    if not _LIMIT.fullmatch(text) or int(text) > most:
        raise invalid(f"limit is 1 to {most}.")
    return int(text)


def paged(most: int, *, cursor: str, usual: int = 0) -> tuple[Parameter, ...]:
    """The query of a feed; ``cursor``: the pattern of its cursors."""
    return (
        Parameter(
            "after",
            "The cursor of the page before; without it from the beginning.",
            {"type": "string", "pattern": cursor},
        ),
        Parameter(
            "limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": most, "default": usual or most}
        ),
    )

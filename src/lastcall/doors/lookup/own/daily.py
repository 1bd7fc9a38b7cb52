"""The daily file of closed numbers, for consumers with the agreement to have it."""

from __future__ import annotations

from lastcall.core.database import database
from lastcall.core.lookup.days import read_day
from lastcall.core.telling import daily
from lastcall.doors.lookup.answer import Answer
from lastcall.doors.lookup.asked import Asked
from lastcall.doors.lookup.own.asker import asker
from lastcall.doors.lookup.own.shapes import invalid

CSV = "text/csv"


def fetch(asked: Asked) -> Answer:
    """``GET /lookup/v1/closed-numbers/{date}``."""
    hashed = asked.query.get("hashed", "0")
    if hashed not in {"0", "1"}:
        raise invalid("hashed is 0 or 1.")
    day = read_day(asked.params["date"])
    path = daily.fetch(database(), access=asker(asked), day=day, hashed=hashed == "1")
    saved_as = ("content-disposition", f'attachment; filename="closed-numbers-{day.isoformat()}.csv"')
    return Answer(200, path, f"{CSV}; charset=us-ascii; header=present", (saved_as,))

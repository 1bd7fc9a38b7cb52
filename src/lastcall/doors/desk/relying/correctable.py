"""Which closing of a number can be put right."""

from __future__ import annotations

from lastcall.core import clock
from lastcall.core.numbers.correction_row import Correction
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.store import Store


def correctable(rows: Store, msisdn: int) -> int | None:
    """The latest tenure whose holder had the number back after the closing, and of which no correction was made."""
    found = rows.some(Tenure, {"msisdn": msisdn, "follows_id__gt": 0}, order="-ordinal")
    closed = [each.follows_id for each in found if each.follows_id is not None]
    done = {each.tenure_id for each in rows.some(Correction, {"tenure_id__in": closed}) if each.at is not None}
    return next((tenure_id for tenure_id in closed if tenure_id not in done), None)


def is_asked(rows: Store, tenure_id: int) -> bool:
    """Whether a correction of it waits for its second person."""
    now = clock.now()
    return any(each.at is None and now < each.until for each in rows.some(Correction, {"tenure_id": tenure_id}))

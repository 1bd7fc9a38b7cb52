"""Whether the program beside a reader is still there: it asks for something to do every few seconds, or it has gone.

When it was last heard is a stamp, no state: kept to half a minute, by a guarded update, and without an event.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import Conflict
from lastcall.core.plan import Change, Plan
from lastcall.core.policies.present import present_policy
from lastcall.core.simcard.reader import Reader
from lastcall.core.store import Store

HEARD_EVERY: Final = timedelta(seconds=30)
"""So old a stamp may be while the program is heard: nothing is written at every question."""


def hear(rows: Store, reader: Reader) -> None:
    """Its program has just asked or told something: from now on it is not silent, however long it was."""
    now = clock.now()
    if now - last_heard(reader) < HEARD_EVERY:
        return
    where = {"id": reader.id, "state": "paired", "heard_at": reader.heard_at}
    try:
        rows.apply(Plan((Change(Reader, where, {"heard_at": now}),)))
    except Conflict:
        return  # another question of the same program was quicker, or the pairing ended


def last_heard(reader: Reader) -> datetime:
    """When its program last asked or told something, or was paired."""
    return reader.heard_at or reader.paired_at or reader.asked_at


def is_silent(reader: Reader, *, since: datetime | None = None) -> bool:
    """Whether its program gave no sign for policy ``sim.reader_silence_minutes``; they begin ``since`` then at the earliest."""
    heard = max(last_heard(reader), since or last_heard(reader))
    return clock.now() - heard >= timedelta(minutes=present_policy().sim_reader_silence_minutes)

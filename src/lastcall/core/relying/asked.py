"""Who asked about a number: noted in a journal when an answer is given, gathered into rows, told to the leaver, deleted in time.

What is told is the category of the consumer and the day, never its name and never the answer.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from django.conf import settings

from lastcall.core import clock
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.relying.asked_number import Asked, Gathered
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.journal import Entry, Journal, entries, files_to_gather
from lastcall.core.relying.today import today
from lastcall.core.store import Database, Store, transaction

if TYPE_CHECKING:
    import numpy as np

    from lastcall.core.database import DatabaseStore

ASKED, TOLD = "asked", "told"
HASHED: Final = "hashed"
"""Ends the name of a reading where the question had the number as a hash: who asked so is never told the number itself."""
_TOGETHER: Final = 5_000
_KEPT_AFTER: Final = timedelta(days=2)
_ADD: Final = (
    "INSERT INTO relying_asked (msisdn, day, consumer_id, reading, category, times) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (msisdn, day, consumer_id, reading) DO UPDATE SET times = relying_asked.times + excluded.times"
)


class Asking(NamedTuple):
    """What a leaver may know: ``category`` of who asked or was told, the day, how often; ``kind``: ``asked`` or ``told``."""

    category: str
    day: date
    times: int
    kind: str


_journals: dict[str, Journal] = {}
_last: tuple[object, Journal | None] = (None, None)
_read_settings = vars(settings)
"""Where Django keeps the settings that were read before: its own way to them takes longer than a note."""


def _journal() -> Journal:
    global _last  # noqa: PLW0603 - a note costs too little to look the folder up each time
    folder = _read_settings.get("LASTCALL_ASKED")
    at, journal = _last
    if journal is None or folder is None or at is not folder:
        folder = settings.LASTCALL_ASKED
        journal = _journals.setdefault(os.fspath(folder), Journal(Path(folder)))
        _last = (folder, journal)
    return journal


def note(database: Database, *, consumer_id: int, msisdn: int, reading: str) -> None:
    """A consumer asked about a number today; ``reading``: which question, up to 16 Latin letters. Costs microseconds.

    A process that is killed afterwards has lost nothing; a machine that loses its power, what came since the last
    :func:`flush`. Raises ``OSError`` when there is no room: then no answer may be given either.
    """
    _journal().note(consumer_id, msisdn, today().toordinal(), reading.encode("ascii"))


def note_many(database: Database, *, consumer_id: int, msisdns: Sequence[int] | np.ndarray, reading: str) -> None:
    """The same for many numbers at once, a numpy array of int64 or any sequence; about a microsecond each."""
    journal, day, word = _journal(), today().toordinal(), reading.encode("ascii")
    for msisdn in msisdns.tolist() if hasattr(msisdns, "tolist") else msisdns:
        journal.note(consumer_id, msisdn, day, word)


def flush() -> None:
    """Put on the disk what this process noted so far."""
    _journal().flush()


def hand_over() -> None:
    """Let what this process noted so far be gathered."""
    _journal().hand_over()


def gather(database: Database) -> int:
    """Put what processes have handed over, or left behind when they were killed, into rows; returns how many records.

    Interrupted anywhere and begun again, each record counts once.
    """
    hand_over()
    folder = Path(settings.LASTCALL_ASKED)
    return sum(_gather_file(database, path, descriptor) for path, descriptor in files_to_gather(folder))


def _gather_file(database: Database, path: Path, descriptor: int) -> int:
    content = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
    found = list(entries(content))
    begun = _begun(database, journal=path.name)
    for start in range(begun, len(found), _TOGETHER):
        part = found[start : start + _TOGETHER]
        _put(database, journal=path.name, done=start, part=part)
    path.unlink()
    return len(found) - begun


@transaction
def _begun(rows: Store, *, journal: str) -> int:
    row = rows.one(Gathered, {"journal": journal})
    return row.done if row is not None else 0


@transaction
def _put(rows: Store, *, journal: str, done: int, part: Sequence[Entry]) -> None:
    """Rows and mark in one transaction, the mark guarded: two who gather the same file do not both count it."""
    wanted = sorted({entry.consumer_id for entry in part})
    categories = {one.id: one.category for one in rows.some(Consumer, {"id__in": wanted})}
    now = clock.now()
    mark = (
        Insert(Gathered(journal=journal, done=len(part), at=now))
        if done == 0
        else Change(Gathered, {"journal": journal, "done": done}, {"done": done + len(part), "at": now})
    )
    rows.apply(Plan((mark,)))
    cast("DatabaseStore", rows).many(_ADD, _counted(part, categories))


def _counted(part: Iterable[Entry], categories: dict[int, str]) -> list[tuple[object, ...]]:
    counted = sorted(Counter(part).items())  # in one order, so that two writers never wait for each other
    return [
        (
            entry.msisdn, date.fromordinal(entry.day), entry.consumer_id, entry.reading,
            categories.get(entry.consumer_id, "other"), times,
        )
        for entry, times in counted
    ]  # fmt: skip


def of_number(rows: Store, *, msisdn: int, since: date, until: date | None) -> tuple[Asking, ...]:
    """Who asked about the number from ``since`` to ``until`` (both included; None: to this day), a line for each category and day.

    The newest first.
    """
    where = {"msisdn": msisdn, "day__gte": since} | ({"day__lte": until} if until is not None else {})
    times: Counter[tuple[date, str]] = Counter()
    for row in rows.some(Asked, where):
        times[row.day, row.category] += row.times
    found = sorted(times.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    return tuple(Asking(category, day, count, ASKED) for (day, category), count in found)


_FORGET: Final = (
    "DELETE FROM relying_asked WHERE (msisdn, day, consumer_id, reading) IN "
    "(SELECT msisdn, day, consumer_id, reading FROM relying_asked WHERE day < %s LIMIT %s)"
)


@transaction
def forget(rows: Store, *, keep_days: int, most: int = 5_000) -> int:
    """Delete what is older than ``keep_days``, at most so many rows at a time; returns how many. To be called again and again."""
    until = today() - timedelta(days=keep_days)
    gone = cast("DatabaseStore", rows).run(_FORGET, (until, most)).rowcount
    cast("DatabaseStore", rows).run("DELETE FROM relying_gathered WHERE at < %s", (clock.now() - _KEPT_AFTER,))
    return int(gone)

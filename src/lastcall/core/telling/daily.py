"""The daily file of closed numbers: written once after each day's end, for those who want files. It is never written again: what
comes to light later stands in a later file, with its true day, and a closing that is taken back is a row of its own."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import try_again
from lastcall.core.errors import NotFound, Refused
from lastcall.core.lookup.days import today
from lastcall.core.plan import Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.relying import consumers
from lastcall.core.relying.access import Access
from lastcall.core.relying.hashing import number_hash
from lastcall.core.store import Database, Store
from lastcall.core.telling.agreement import agreed
from lastcall.core.telling.closed import Closed, DailyFile, Fetched
from lastcall.core.telling.kinds import IN_THE_DAILY_FILE
from lastcall.core.telling.mark import Mark, moved, read_mark
from lastcall.core.telling.matching import mark_of
from lastcall.core.telling.news import News

COLUMNS: Final = ("number", "day", "kind")
_ONE_DAY: Final = timedelta(days=1)


def closed_of(news: Iterable[News], mark: Mark) -> list[Write]:
    """What the news adds to the files: to the file of its own day, or to the next one when that is written already.

    What lies before the first file of all is in none.
    """
    first = _first_unwritten(mark)
    return [
        Insert(Closed(place=one.place, msisdn=one.msisdn, day=one.day, kind=one.kind, file_day=max(one.day, first)))
        for one in news
        if one.kind in IN_THE_DAILY_FILE and (mark.day is not None or one.day >= first)
    ]


def _first_unwritten(mark: Mark) -> date:
    return today() - _ONE_DAY if mark.day is None else mark.day + _ONE_DAY


def path_for(day: date) -> Path:
    """Where the file of ``day`` lies, or would."""
    return _folder() / f"{day.isoformat()}.csv"


def _folder() -> Path:
    return Path(settings.LASTCALL_DAILY)


def write(database: Database, *, day: date) -> Path:
    """The file of ``day``; a day that is already written is not written anew, but put back when its file is gone.

    To be called after the log was followed. Raises ``Refused`` (``day_not_over``, ``out_of_turn``: the days are written in order),
    ``NotFound`` (``no_daily_file``: kept no longer).
    """
    if day >= today():
        raise Refused("this day is not over yet", code="day_not_over", remedy="Its file is written after midnight.")
    content = try_again(lambda: database.transact(lambda rows: _written(rows, day)))
    return _kept(path_for(day), content)


def _written(rows: Store, day: date) -> bytes:
    known, mark = rows.one(DailyFile, {"day": day}), read_mark(rows)
    if known is None and day != (first := _first_unwritten(mark)):
        if day < first:
            raise _no_file()
        raise Refused(
            "the days before it are not written yet", code="out_of_turn", remedy=f"Write {first.isoformat()} first."
        )
    closed = rows.some(Closed, {"file_day": day}, order="place")
    content = _as_csv((f"+{one.msisdn}", one) for one in closed)
    if known is None:
        now = clock.now()
        row = DailyFile(day=day, written_at=now, numbers=len(closed), sha256=hashlib.sha256(content).hexdigest())
        event = Event(
            at=now, kind="daily.written", subject="day", subject_id=day.toordinal(), actor="system:worker", door="system",
            data={"rows": len(closed), "sha256": row.sha256},
        )  # fmt: skip
        rows.apply(Plan((moved(mark, place=mark.place, day=day), Insert(row)), (event,)))
    return content


def _as_csv(lines: Iterable[tuple[str, Closed]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    writer.writerow(COLUMNS)
    writer.writerows((number, one.day.isoformat(), one.kind) for number, one in lines)
    return out.getvalue().encode("ascii")


def _kept(path: Path, content: bytes) -> Path:
    """The file with this content: whole or not at all, readable by the owner only, written only where it is not so already."""
    if path.exists() and path.read_bytes() == content:
        return path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def keep_written(database: Database) -> int:
    """Write the files of all days that are over and have none; returns how many. The first day of all is the day before."""
    count = 0
    while (day := database.transact(lambda rows: _first_unwritten(read_mark(rows)))) < today():
        write(database, day=day)
        count += 1
    return count


def fetch(database: Database, *, access: Access, day: date, hashed: bool = False) -> Path:
    """The file of ``day`` for a consumer; ``hashed``: with each number as its hash under the consumer's present key.

    That it was fetched is noted: the leaver sees who was told. Raises ``Refused`` (``no_agreement``, ``sandbox``), ``NotFound``
    (``no_daily_file``: not written yet, or kept no longer).
    """
    key = consumers.hash_key(database, access.consumer_id) if hashed else None
    closed = try_again(lambda: database.transact(lambda rows: _fetched(rows, access, day)))
    if key is None:
        return write(database, day=day)
    path = _folder() / f"{day.isoformat()}.{access.consumer_id}.{mark_of(key)}.csv"
    return _kept(path, _as_csv((number_hash(key, one.msisdn), one) for one in closed))


def _fetched(rows: Store, access: Access, day: date) -> list[Closed]:
    if agreed(rows, consumer_id=access.consumer_id).sandbox:
        raise Refused("a sandbox has no real numbers", code="sandbox", remedy="Use a consumer with an agreement.")
    if rows.one(DailyFile, {"day": day}) is None:
        raise _no_file()
    fetched = Fetched(id=clock.new_id(), consumer_id=access.consumer_id, day=day, at=clock.now())
    rows.apply(Plan((InsertMissing(fetched),)))
    return rows.some(Closed, {"file_day": day}, order="place")


def _no_file() -> NotFound:
    return NotFound(
        "there is no file of this day",
        code="no_daily_file",
        remedy="It is written after the day, and kept for some weeks.",
    )


def forget(database: Database, policy: Policy) -> int:
    """Delete the files that policy ``told.daily_days`` no longer keeps, and what was in them; returns how many."""
    last = today() - timedelta(days=policy.told_daily_days)
    days = database.transact(lambda rows: [one.day for one in rows.some(DailyFile, {"day__lt": last}, order="day")])
    for day in days:
        _remove_files(day)
        database.transact(lambda rows, day=day: _forget_day(rows, day))  # type: ignore[misc]
    return len(days)


def _remove_files(day: date) -> None:
    for path in _folder().glob(f"{day.isoformat()}.*csv"):
        with suppress(FileNotFoundError):
            path.unlink()


def _forget_day(rows: Store, day: date) -> None:
    closed: Sequence[Write] = [Remove(Closed, {"place": one.place}) for one in rows.some(Closed, {"file_day": day})]
    fetched: Sequence[Write] = [Remove(Fetched, {"id": one.id}) for one in rows.some(Fetched, {"day": day})]
    rows.apply(Plan((*closed, *fetched, Remove(DailyFile, {"day": day}))))

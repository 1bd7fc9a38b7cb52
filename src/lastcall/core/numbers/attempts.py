"""Attempts to reach resting numbers, as the network counted them: read from a file a day, kept as long as the rule looks back."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from django.utils import timezone

from lastcall.core import clock
from lastcall.core.actor import NUMBER_MANAGER, SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput, NotAllowed
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, Plan, Remove, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database, Store, transaction

COLUMNS: Final = ("number", "day", "calls", "messages")
MOST_ROWS: Final = 1_000_000
MOST_PROBLEMS: Final = 20
CHUNK: Final = 2_000

_NUMBER: Final = re.compile(r"\+([1-9][0-9]{6,14})|(7[0-9]{10})", re.ASCII)
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MAY: Final = frozenset({NUMBER_MANAGER, SYSTEM})


class AttemptsError(BadInput):
    """A file that was not taken; nothing of it was used. ``problems``: up to :data:`MOST_PROBLEMS`, each named by its line."""

    code = "bad_attempts"

    def __init__(self, problems: tuple[str, ...]) -> None:
        found = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(
            f"nothing was read, {found}: {problems[0]}", remedy=f"The first line is {','.join(COLUMNS)}; mend the file."
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Imported:
    """``rows``: read; ``kept``: new or changed; ``known``: as they were; ``dropped``: of numbers that do not rest with us, or of
    days too long ago to count."""

    rows: int
    kept: int
    known: int
    dropped: int


def import_file(
    database: Database, *, path: Path, policy: Policy, actor: Actor, progress: Callable[[int, int], None] | None = None
) -> Imported:
    """Read a CSV with the header ``number,day,calls,messages``: a number in E.164, a day as ``YYYY-MM-DD``, how many of each.

    What is wrong anywhere is named by line, and nothing is kept then. The same file again changes nothing; another count of the
    same day replaces the first. Raises ``NotAllowed``, :class:`AttemptsError`. ``progress``: (rows done, of how many).
    """
    if actor.role not in _MAY:
        raise NotAllowed(f"attempts: importing is not for this role ({actor.role})")
    today = _today()
    found = _read(path, today)
    first = today - timedelta(days=policy.quiet_days)
    recent = iter([row for row in found if row.day >= first and policy.quiet_days > 0])
    kept = known = done = 0
    while chunk := list(islice(recent, CHUNK)):
        new, same = keep(database, found=chunk)
        kept, known, done = kept + new, known + same, done + len(chunk)
        if progress is not None:
            progress(done, len(found))
    imported = Imported(len(found), kept, known, len(found) - kept - known)
    database.transact(lambda rows: _finish(rows, imported, first, actor))
    return imported


def _today() -> date:
    return clock.now().astimezone(timezone.get_default_timezone()).date()


def _read(path: Path, today: date) -> list[Attempts]:
    """Every row of the file, or :class:`AttemptsError`."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(csv.reader(file, strict=True), today))
    except (OSError, UnicodeDecodeError, csv.Error) as trouble:
        what = "it is not in UTF-8" if isinstance(trouble, UnicodeDecodeError) else str(trouble)
        raise AttemptsError((f"the file cannot be read: {what}",)) from trouble


def _rows(lines: Iterable[list[str]], today: date) -> Iterator[Attempts]:
    problems: list[str] = []
    seen: set[tuple[int, date]] = set()
    for place, fields in enumerate(lines, start=1):
        if place == 1:
            if [field.strip().lower() for field in fields] != list(COLUMNS):
                raise AttemptsError((f"line 1: the header is not {','.join(COLUMNS)}",))
            continue
        if not fields:
            continue
        row = _row(fields, today)
        if isinstance(row, str) or (row.msisdn, row.day) in seen:
            problems.append(f"line {place}: {row if isinstance(row, str) else 'this number and day came before'}")
            if len(problems) >= MOST_PROBLEMS:
                break
            continue
        seen.add((row.msisdn, row.day))
        if len(seen) > MOST_ROWS:
            raise AttemptsError((f"more than {MOST_ROWS:,} rows: divide the file",))
        if not problems:
            yield row
    if problems:
        raise AttemptsError(tuple(problems))


def _row(fields: list[str], today: date) -> Attempts | str:
    """One row, or what is wrong with it. Never says the number itself."""
    if len(fields) != len(COLUMNS):
        return f"{len(fields)} columns where there should be {len(COLUMNS)}"
    number, day, calls, messages = (field.strip() for field in fields)
    if (written := _NUMBER.fullmatch(number)) is None:
        return "the number is not in E.164, as +7 and ten digits"
    if not (_COUNT.fullmatch(calls) and _COUNT.fullmatch(messages)):
        return "calls and messages are whole numbers, 0 or more"
    try:
        on = date.fromisoformat(day) if _DAY.fullmatch(day) else None
    except ValueError:
        on = None
    if on is None:
        return "the day is not one of the calendar, as YYYY-MM-DD"
    if on > today:
        return "the day is still to come"
    return Attempts(msisdn=int(written[1] or written[2]), day=on, calls=int(calls), messages=int(messages))


@transaction
def keep(rows: Store, *, found: Sequence[Attempts]) -> tuple[int, int]:
    """Keep those of resting numbers; how many were new or changed, and how many were there already."""
    resting = _resting(rows, {row.msisdn for row in found})
    wanted = [row for row in found if row.msisdn in resting]
    there = {(row.msisdn, row.day): row for row in rows.some(Attempts, {"msisdn__in": sorted(resting)})}
    writes: list[Write] = []
    for row in wanted:
        before = there.get((row.msisdn, row.day))
        if before is None:
            writes.append(Insert(row))
        elif before != row:
            counts = {"calls": before.calls, "messages": before.messages}
            where = {"msisdn": row.msisdn, "day": row.day} | counts
            writes.append(Change(Attempts, where, {"calls": row.calls, "messages": row.messages}))
    if writes:
        rows.apply(Plan(tuple(writes)))
    return len(writes), len(wanted) - len(writes)


def _resting(rows: Store, msisdns: set[int]) -> set[int]:
    """Those in pending release or quarantine."""
    latest: dict[int, Tenure] = {}
    for tenure in rows.some(Tenure, {"msisdn__in": sorted(msisdns)}):
        if tenure.msisdn not in latest or latest[tenure.msisdn].ordinal < tenure.ordinal:
            latest[tenure.msisdn] = tenure
    now, found = clock.now(), set()
    for msisdn, tenure in latest.items():
        if tenure.until is None or tenure.quarantine_until is None:
            continue
        # Until its date nothing but its former holder takes a number out of its rest; then the sweep may have.
        if tenure.quarantine_until > now or read_life(rows, msisdn).state in {"pending_release", "quarantined"}:
            found.add(msisdn)
    return found


def _finish(rows: Store, imported: Imported, first: date, actor: Actor) -> None:
    """What is too old to count is deleted; an import that changed something leaves one event, of counts alone."""
    forget_before(rows, first)
    if imported.kept == 0:
        return
    event = Event(
        at=clock.now(), kind="numbers.attempts_imported", subject="import", subject_id=0, actor=str(actor), door=actor.door,
        data={"rows": imported.rows, "kept": imported.kept, "dropped": imported.dropped},
    )  # fmt: skip
    rows.apply(Plan(events=(event,)))


def forget_before(rows: Store, first: date) -> None:
    """Delete the attempts of all days before ``first``."""
    if isinstance(rows, DatabaseStore):
        rows.run("DELETE FROM numbers_attempts WHERE day < %s", [first])
        return
    old = rows.some(Attempts, {"day__lt": first})
    rows.apply(Plan(tuple(Remove(Attempts, {"msisdn": row.msisdn, "day": row.day}) for row in old)))

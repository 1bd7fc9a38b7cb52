"""Reading lives from the database: in order of the number, a batch at a time, each batch as of one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar, cast

from lastcall.core.audit.event import Event
from lastcall.core.audit.life import Held
from lastcall.core.closing.case import Case
from lastcall.core.closing.code import Code
from lastcall.core.closing.declaration import Declaration
from lastcall.core.closing.effect import Effect
from lastcall.core.closing.notice import Notice
from lastcall.core.closing.scan import Scan
from lastcall.core.database import DatabaseStore
from lastcall.core.job import Job
from lastcall.core.numbers.number import Absent, PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.rows import Row
from lastcall.core.simcard.backup import Backup
from lastcall.core.statements import load, statements
from lastcall.core.store import Database, Store
from lastcall.core.subscribers.line import Line
from lastcall.core.subscribers.subscriber import Contact, Subscriber

R = TypeVar("R", bound=Row)
T = TypeVar("T")

CHUNK: Final = 5_000
"""Values in one IN: below the limits of both databases (32 766 and 65 535)."""

_NUMBERS: Final = (("numbers_number", "msisdn"), ("numbers_tenure", "msisdn"), ("numbers_absent", "msisdn"),
                   ("numbers_reservation", "msisdn"), ("closing_case", "claimed_msisdn"))  # fmt: skip
# Spelled out as in the partial index on open jobs, or it could not be used: done jobs stay, and are many.
_OPEN_JOBS: Final = (
    "SELECT id FROM work_job WHERE state IN ('queued', 'leased', 'dead') "
    "AND kind IN ('case.advance', 'case.cease', 'review.overdue', 'photo.destroy', 'hlr.provision', 'billing.open', 'hlr.remove')"
)


def read_batch(database: Database, *, after: int, batch: int) -> tuple[int, Held] | None:
    """The rows of the next ``batch`` numbers above ``after`` with the last of them, or None when there are no more."""

    def read(rows: Store) -> tuple[int, Held] | None:
        msisdns = next_numbers(cast(DatabaseStore, rows), after=after, batch=batch)
        return (msisdns[-1], read_held(cast(DatabaseStore, rows), msisdns)) if msisdns else None

    return as_of_one_moment(database, read)


def as_of_one_moment(database: Database, work: Callable[[Store], T]) -> T:
    """Run a read-only ``work`` so that all its statements see the same moment."""

    def run(rows: Store) -> T:
        # SQLite holds the database for the transaction; PostgreSQL must be asked to.
        if isinstance(rows, DatabaseStore) and not rows.sqlite:
            rows.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return work(rows)

    return database.transact(run)


def next_numbers(rows: DatabaseStore, *, after: int, batch: int) -> list[int]:
    """The next numbers, in order, that anything is held about."""
    parts = (
        f"SELECT msisdn FROM (SELECT DISTINCT {column} AS msisdn FROM {table} WHERE {column} > %s "
        f"ORDER BY {column} LIMIT %s) AS {table}_part"
        for table, column in _NUMBERS
    )
    found = rows.run(" UNION ".join(parts) + " ORDER BY msisdn LIMIT %s", [after, batch] * len(_NUMBERS) + [batch])
    return [int(row[0]) for row in found.fetchall()]


def read_held(rows: DatabaseStore, msisdns: Sequence[int]) -> Held:
    """Everything about these numbers, without HLR and billing."""
    tenures = _in(rows, Tenure, "msisdn", msisdns)
    lines = _lines(rows, tenures)
    sims = _in(rows, Sim, "id", [line.sim_id for line in lines])
    holders = [tenure.subscriber_id for tenure in tenures] + [line.subscriber_id for line in lines]
    cases = _in(rows, Case, "claimed_msisdn", msisdns)
    case_ids = _ids(cases)
    backups = _in(rows, Backup, "case_id", case_ids)
    return Held(
        tenures=tenures, pending=_members(rows, PendingRelease, "reclaim_until", tenures),
        quarantine=_members(rows, Quarantine, "quarantine_until", tenures),
        absent=_in(rows, Absent, "msisdn", msisdns), reservation=_in(rows, Reservation, "msisdn", msisdns),
        lines=lines, sims=sims, cases=cases, subscribers=_in(rows, Subscriber, "id", holders),
        contacts=_in(rows, Contact, "subscriber_id", holders), codes=_in(rows, Code, "case_id", case_ids),
        declarations=_in(rows, Declaration, "case_id", case_ids), effects=_in(rows, Effect, "case_id", case_ids),
        notices=_in(rows, Notice, "case_id", case_ids), scans=_scans(rows, case_ids), backups=backups,
        ciphertexts=_ciphertexts(rows, _ids(backups)),
        jobs=_jobs(rows, [*case_ids, *_ids(lines), *_ids(sims)]),
        events=_events(rows, (("case", case_ids), ("tenure", _ids(tenures)), ("sim", _ids(sims)), ("line", _ids(lines)))),
    )  # fmt: skip


def _ids(rows: Iterable[Any]) -> list[int]:
    return [row.id for row in rows]


def _in(rows: DatabaseStore, kind: type[R], column: str, values: Iterable[int], **where: object) -> list[R]:
    wanted = list(dict.fromkeys(values))
    found: list[R] = []
    for start in range(0, len(wanted), CHUNK):
        found += rows.some(kind, {f"{column}__in": wanted[start : start + CHUNK], **where})
    return found


def _scans(rows: DatabaseStore, case_ids: Sequence[int]) -> list[Scan]:
    """Photos without the pictures: of what is sealed the first character tells whether it is still there."""
    select = statements(Scan).select.replace('"sealed_photo"', "substr(sealed_photo, 1, 1)")
    found: list[Scan] = []
    for start in range(0, len(case_ids), CHUNK):
        chunk = case_ids[start : start + CHUNK]
        raw = rows.run(f"{select}case_id IN ({', '.join(['%s'] * len(chunk))})", chunk).fetchall()
        found += [load(Scan, row) for row in raw]
    return found


def _ciphertexts(rows: DatabaseStore, backup_ids: Sequence[int]) -> list[int]:
    """Of which backups the file is still there, without the files."""
    found: list[int] = []
    for start in range(0, len(backup_ids), CHUNK):
        chunk = backup_ids[start : start + CHUNK]
        sql = f"SELECT backup_id FROM simcard_ciphertext WHERE backup_id IN ({', '.join(['%s'] * len(chunk))})"
        found += [int(row[0]) for row in rows.run(sql, chunk).fetchall()]
    return found


def _lines(rows: DatabaseStore, tenures: Iterable[Tenure]) -> list[Line]:
    own = _in(rows, Line, "tenure_id", _ids(tenures))
    sharing = _in(rows, Line, "sim_id", [line.sim_id for line in own])
    return list({line.id: line for line in own + sharing}.values())


def _jobs(rows: DatabaseStore, subject_ids: Sequence[int]) -> list[Job]:
    ids: list[int] = []
    for start in range(0, len(subject_ids), CHUNK):
        chunk = subject_ids[start : start + CHUNK]
        found = rows.run(_OPEN_JOBS + f" AND subject_id IN ({', '.join(['%s'] * len(chunk))})", chunk)
        ids += [int(row[0]) for row in found.fetchall()]
    return _in(rows, Job, "id", ids)


def _events(rows: DatabaseStore, subjects: Iterable[tuple[str, list[int]]]) -> list[Event]:
    found = [event for subject, ids in subjects for event in _in(rows, Event, "subject_id", ids, subject=subject)]
    return sorted(found, key=lambda event: event.id)


def _members(rows: DatabaseStore, kind: type[R], due: str, tenures: Iterable[Tenure]) -> list[R]:
    # The membership tables are kept in order of the date alone, so a member is found by the date frozen in its tenure.
    resting = [tenure for tenure in tenures if getattr(tenure, due) is not None]
    dates, msisdns = {getattr(tenure, due) for tenure in resting}, {tenure.msisdn for tenure in resting}
    return rows.some(kind, {f"{due}__in": dates, "msisdn__in": msisdns}) if resting else []

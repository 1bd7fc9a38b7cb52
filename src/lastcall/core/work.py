"""Durable work: claimed by lease, done outside any transaction, retried with back-off, and a person alerted at the end.

A job is written in the transaction that makes it necessary. A worker claims it for a time; if the worker dies, the lease runs
out and another takes over. What a handler does outside carries its own idempotency key.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict, ElementTrouble, NotFound
from lastcall.core.job import Alert, Job
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.store import Database, Store, transaction

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
MOST_ATTEMPTS: Final = 10
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(hours=1)

Handler = Callable[[int], None]
"""Does the work for the subject's id. Raises ``ElementTrouble``, or ``Conflict`` to be called again soon."""


def wait_after(attempts: int) -> timedelta:
    """The back-off after so many attempts: 5 s, 10 s, 20 s … at most an hour."""
    doubled: int = 1 << min(max(attempts - 1, 0), 20)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


@dataclass(frozen=True)
class Worker:
    """``handlers``: job kind -> what does it; ``on_dead``: what is done when a job of the kind has run out of tries.

    One worker may serve several threads.
    """

    database: Database
    handlers: Mapping[str, Handler]
    on_dead: Mapping[str, Handler] = field(default_factory=dict)

    def run_one(self) -> Job | None:
        """Claim and do the job that is due first; None when none is due."""
        job = claim(self.database)
        if job is None:
            return None
        if job.attempts > MOST_ATTEMPTS:
            # Every try ended with the worker's own death, or it would have been counted out before.
            self._fail(job, "unfinished: its worker ended each time", permanent=True)
            return job
        try:
            self.handlers[job.kind](job.subject_id)
        except Conflict:
            self._lose(job)
        except ElementTrouble as trouble:
            logger.warning(
                "job %s %s: %s (%s)", job.kind, job.id, trouble.code, "permanent" if trouble.permanent else "temporary"
            )
            self._fail(job, f"{trouble.code}: {trouble.message}", permanent=trouble.permanent)
        except Exception as trouble:  # whatever a handler meets, the job must not be lost or spin
            logger.error("job %s %s: unexpected %s", job.kind, job.id, type(trouble).__name__)
            self._fail(job, f"unexpected: {type(trouble).__name__}", permanent=False)
        else:
            finish(self.database, job=job)
        return job

    def _lose(self, job: Job) -> None:
        if job.attempts < MOST_ATTEMPTS:
            postpone(self.database, job=job, error="conflict")
        else:
            self._fail(job, "conflict: lost every time", permanent=True)

    def _fail(self, job: Job, error: str, *, permanent: bool) -> None:
        """In one transaction with ``on_dead``: a worker that dies here leaves no alert without its mark on the case."""

        def failing(rows: Store) -> None:
            if fail(self.database, job=job, error=error, permanent=permanent) and job.kind in self.on_dead:
                self.on_dead[job.kind](job.subject_id)

        self.database.transact(failing)

    def run_until_idle(self, *, most: int = 10_000) -> int:
        """Do everything that is due by now; returns how many jobs were run."""
        count = 0
        while count < most and self.run_one() is not None:
            count += 1
        return count

    def run_forever(self, *, stop: threading.Event, idle_seconds: float = 0.5) -> None:
        """Work until ``stop`` is set, also through a time without the database: what was leased comes back."""
        while not stop.is_set():
            if self._try_one() is None:
                stop.wait(idle_seconds)

    def _try_one(self) -> Job | None:
        try:
            return self.run_one()
        except Exception as trouble:  # the database is away or too busy; the next round tries again
            logger.error("the worker could not keep its books: %s", type(trouble).__name__)
            return None


@transaction
def claim(rows: Store) -> Job | None:
    """The job due first, leased to the caller; None when none is due. Two callers never get the same."""
    now = clock.now()
    job = rows.claim(now)
    if job is None:
        return None
    lease = clock.token(60)
    rows.apply(
        Plan(
            (
                Change(
                    Job,
                    {"id": job.id, "state": job.state, "lease": job.lease},
                    {
                        "state": "leased",
                        "lease": lease,
                        "lease_until": now + LEASE,
                        "due_at": now + LEASE,
                        "attempts": job.attempts + 1,
                    },
                ),
            )
        )
    )
    return rows.one(Job, {"id": job.id})


def _held(job: Job) -> dict[str, object]:
    return {"id": job.id, "state": "leased", "lease": job.lease}


@transaction
def finish(rows: Store, *, job: Job) -> None:
    """The job is done. A lease that was lost meanwhile leaves it to the new owner."""
    _if_still_ours(rows, job, {"state": "done", "finished_at": clock.now(), "lease": "", "lease_until": None})


@transaction
def postpone(rows: Store, *, job: Job, error: str) -> None:
    """Somebody was quicker: try again in a moment. Losing once counts as no try, losing again and again does."""
    attempts = job.attempts if job.last_error == error else max(job.attempts - 1, 0)
    _if_still_ours(rows, job, {"state": "queued", "due_at": clock.now() + timedelta(seconds=1), "lease": "", "last_error": error,
                               "attempts": attempts, "lease_until": None})  # fmt: skip


def _if_still_ours(rows: Store, job: Job, values: dict[str, object]) -> bool:
    if rows.one(Job, _held(job)) is None:
        return False
    rows.apply(Plan((Change(Job, _held(job), values),)))
    return True


@transaction
def fail(rows: Store, *, job: Job, error: str, permanent: bool) -> bool:
    """Try again later with back-off; after the last attempt, or when trying cannot help, alert a person.

    Returns whether the job is dead.
    """
    now = clock.now()
    if not permanent and job.attempts < MOST_ATTEMPTS:
        _if_still_ours(rows, job, {"state": "queued", "due_at": now + wait_after(job.attempts), "lease": "", "lease_until": None,
                                   "last_error": error})  # fmt: skip
        return False
    if _if_still_ours(
        rows, job, {"state": "dead", "lease": "", "lease_until": None, "last_error": error, "finished_at": now}
    ):
        rows.apply(alert(job, error))
        return True
    return False


def alert(job: Job, detail: str) -> Plan:
    """A person must look at this job's subject."""
    now = clock.now()
    row = Alert(id=clock.new_id(), at=now, code=job.kind, subject_id=job.subject_id, job_id=job.id, detail=detail)
    event = Event(
        at=now, kind="work.alerted", subject="job", subject_id=job.id, actor="system:worker", door="system",
        reason=job.kind, data={"subject": job.subject_id, "detail": detail},
    )  # fmt: skip
    return Plan((Insert(row),), (event,))


def revive(rows: Store, *, job_id: int, by: str, door: str = "command") -> Job:
    """Give a dead job another life, by a person's hand; its alerts are resolved. Raises ``NotFound``."""
    job = rows.one(Job, {"id": job_id, "state": "dead"})
    if job is None:
        raise NotFound("no such job that has run out of tries", remedy="List them with 'lastcall work dead'.")
    now = clock.now()
    writes = [
        Change(
            Job, {"id": job.id, "state": "dead"}, {"state": "queued", "attempts": 0, "due_at": now, "finished_at": None}
        )
    ]
    for row in rows.some(Alert, {"job_id": job.id, "resolved_at": None}):
        writes.append(Change(Alert, {"id": row.id, "resolved_at": None}, {"resolved_at": now, "resolved_by": by}))
    event = Event(at=now, kind="work.retried", subject="job", subject_id=job.id, actor=by, door=door)
    rows.apply(Plan(tuple(writes), (event,)))
    changed = rows.one(Job, {"id": job_id})
    assert changed is not None
    return changed


retry = transaction(revive)

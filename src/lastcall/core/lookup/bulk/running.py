"""Answering batches: durable work in turns of a minute, each taking up where the last one ended or was killed."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.errors import BadInput, NotFound
from lastcall.core.lookup.bulk import hashes
from lastcall.core.lookup.bulk.batch import Batch
from lastcall.core.lookup.bulk.batches import clear, remove
from lastcall.core.lookup.bulk.changes import CALL_BACK, EXPIRE, RUN, in_days, job, move, read
from lastcall.core.lookup.bulk.check import Checked, Manner, TurnIsOver, check
from lastcall.core.lookup.bulk.hashes import Numbers
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.place import index_path
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.present import present_policy
from lastcall.core.relying import asked, consumers
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Database, Store

TURN_SECONDS: Final = 60.0
"""Well below the time for which a job is leased: whoever works on longer would be taken for dead."""
READING: Final = "batch"
_TOLD_SECONDS: Final = 2.0


def run(database: Database, batch_id: int, *, policy: Policy | None = None, turn_seconds: float = TURN_SECONDS) -> None:
    """Answer the batch, or a turn's worth of it and then leave a job for the next turn."""
    policy = policy or present_policy()
    batch = database.transact(lambda rows: _taken_up(rows, batch_id))
    if batch is None:
        return
    try:
        done = _check(database, batch, policy, turn_seconds)
    except TurnIsOver:
        database.transact(lambda rows: _next_turn(rows, batch_id))
    except (BadInput, NotFound) as trouble:
        code = trouble.code
        database.transact(lambda rows: _failed(rows, batch_id, code, policy))
    else:
        database.transact(lambda rows: _finished(rows, batch_id, done, policy))
        batch.questions.unlink(missing_ok=True)


def _taken_up(rows: Store, batch_id: int) -> Batch | None:
    batch = read(rows, batch_id)
    if batch.state == "queued":
        return move(rows, batch, "run")
    return batch if batch.state == "running" else None


def _check(database: Database, batch: Batch, policy: Policy, seconds: float) -> Checked:
    consumer = database.transact(lambda rows: rows.one(Consumer, {"id": batch.consumer_id, "ended_at": None}))
    if consumer is None:
        raise NotFound("its consumer has ended", code="consumer_ended")
    key = consumers.hash_key(database, consumer.id) if batch.hashed else None
    ends = clock.ticks() + seconds
    manner = Manner(
        note=_noter(database, batch, consumer), before_keeping=asked.flush, durable=True, sandbox=consumer.sandbox,
        turn_is_over=lambda: clock.ticks() > ends,
    )  # fmt: skip
    try:
        return check(
            batch.questions, batch.answers, semantics=batch.semantics, format=batch.format, index=_index(policy),
            database=database, policy=policy, hash_key=key, progress=_Teller(database, batch), manner=manner,
        )  # fmt: skip
    finally:
        asked.flush()


def _index(policy: Policy) -> Index | None:
    """The index, unless there is none or it is too old to be answered from."""
    try:
        index = Index.open(index_path())
    except BadInput:
        return None
    fresh = clock.now() - index.as_of <= timedelta(seconds=policy.lookup_index_age_seconds)
    return index if fresh else None


def _noter(database: Database, batch: Batch, consumer: Consumer) -> partial[None] | None:
    """Every number that is asked about is noted for its holder to see; a sandbox's are nobody's."""
    reading = READING + (asked.HASHED if batch.hashed else "")
    return None if consumer.sandbox else partial(_note, database, consumer.id, reading)


def _note(database: Database, consumer_id: int, reading: str, numbers: Numbers) -> None:
    asked.note_many(database, consumer_id=consumer_id, msisdns=numbers, reading=reading)


class _Teller:
    """Keeps the row's count of answered rows about right."""

    def __init__(self, database: Database, batch: Batch) -> None:
        self._database, self._batch, self._told_at = database, batch, clock.ticks()

    def __call__(self, done: int, total: int) -> None:
        if clock.ticks() - self._told_at < _TOLD_SECONDS or not total:
            return
        self._told_at = clock.ticks()
        rows = self._batch.rows * done // total
        guard = {"id": self._batch.id, "state": "running"}
        self._database.transact(lambda store: store.apply(Plan((Change(Batch, guard, {"done_rows": rows}),))))


def _next_turn(rows: Store, batch_id: int) -> None:
    rows.apply(Plan((job(RUN, batch_id, about=f"turn {clock.new_id()}"),)))


def _finished(rows: Store, batch_id: int, done: Checked, policy: Policy) -> None:
    batch = read(rows, batch_id)
    if batch.state == "running":
        data = {"rows": done.rows, "bad": done.bad}
        values: dict[str, Any] = {"rows": done.rows, "done_rows": done.rows, "bad": done.bad, "as_of": done.as_of}
        move(rows, batch, "finish", data=data, jobs=_at_the_end(batch, policy), finished_at=clock.now(), **values)


def _failed(rows: Store, batch_id: int, code: str, policy: Policy) -> None:
    batch = read(rows, batch_id)
    if batch.state in {"queued", "running"}:
        jobs = _at_the_end(batch, policy)
        move(rows, batch, "fail", reason=code, jobs=jobs, finished_at=clock.now(), failure=code)


def _at_the_end(batch: Batch, policy: Policy) -> tuple[Insert, ...]:
    expiring = job(EXPIRE, batch.id, about="finished", due_at=in_days(policy))
    return (expiring, job(CALL_BACK, batch.id, about="finished")) if batch.sealed_callback else (expiring,)


def given_up(database: Database, batch_id: int) -> None:
    """The worker could not do it: the batch has failed, and a person is alerted."""
    policy = present_policy()
    database.transact(lambda rows: _failed(rows, batch_id, "worker", policy))


def expire(database: Database, batch_id: int, *, policy: Policy) -> None:
    """Delete a batch whose time is over: days after it ended, or after it was begun and never closed."""
    batch = database.transact(lambda rows: read(rows, batch_id))
    since = batch.created_at if batch.state == "uploading" else batch.finished_at
    if batch.state not in {"uploading", "done", "failed"} or since is None:
        return
    if since + timedelta(days=policy.lookup_batch_days) <= clock.now():
        remove(database, batch, "expire")


def clear_files(database: Database, batch_id: int) -> None:
    """Remove what is left of a deleted batch's files."""
    clear(database.transact(lambda rows: read(rows, batch_id)))


def forget_tables(database: Database) -> int:
    """Delete tables of hashes whose key is no consumer's any more; returns how many. To be called again and again."""
    standing = database.transact(lambda rows: rows.some(Consumer, {"ended_at": None}))
    keys = [consumers.hash_key(database, consumer.id) for consumer in standing]
    return hashes.forget_others(hashes.folder(), keys)

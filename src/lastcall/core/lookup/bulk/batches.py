"""Batches as their consumers use them: begin, send the file in parts, close, look, fetch the answers, delete."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import BadInput, Conflict, NotFound, Refused
from lastcall.core.lookup.bulk.batch import Batch, sealed_callback
from lastcall.core.lookup.bulk.changes import CLEAR, EXPIRE, RUN, begun, in_days, job, move, read
from lastcall.core.lookup.bulk.check import FORMATS
from lastcall.core.lookup.bulk.lifecycle import BATCH
from lastcall.core.lookup.bulk.meaning import ANSWERS
from lastcall.core.lookup.bulk.parquet import ParquetFile
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.present import present_policy
from lastcall.core.ports import Webhooks
from lastcall.core.provided import provided
from lastcall.core.relying import quotas
from lastcall.core.relying.access import Access
from lastcall.core.relying.consumer import Consumer
from lastcall.core.store import Database, Store, transaction

OPEN_STATES: Final = ("uploading", "queued", "running")
_MEGABYTE: Final = 1_000_000
_COUNTED: Final = 1 << 20


def begin(
    database: Database, *, access: Access, semantics: str, format: str, hashed: bool = False, callback_url: str = "",
    webhooks: Webhooks | None = None,
) -> Batch:  # fmt: skip
    """A new batch, ready to take the file. ``callback_url``: told, signed, when the batch has come to its end.

    Raises ``BadInput`` (``bad_semantics``, ``unknown_format``, ``bad_address``), ``Refused`` (``no_agreement``,
    ``too_many_batches``).
    """
    if semantics not in ANSWERS:
        raise BadInput("there is no such semantics", code="bad_semantics", remedy=f"One of: {', '.join(ANSWERS)}.")
    if format not in FORMATS:
        raise BadInput("there is no such format", code="unknown_format", remedy=f"One of: {', '.join(FORMATS)}.")
    if callback_url:
        (webhooks or provided(Webhooks)).check(callback_url)
    batch = _begin(
        database,
        access=access,
        semantics=semantics,
        format=format,
        hashed=hashed,
        url=callback_url,
        policy=present_policy(),
    )
    batch.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return batch


@transaction
def _begin(
    rows: Store, *, access: Access, semantics: str, format: str, hashed: bool, url: str, policy: Policy
) -> Batch:
    _agreed(rows, access)
    open_now = rows.count(Batch, {"consumer_id": access.consumer_id, "state__in": OPEN_STATES})
    if open_now >= policy.lookup_batches_open:
        raise Refused(
            f"{open_now} batches of this consumer are unfinished", code="too_many_batches",
            remedy="Wait until one is done, or delete one.",
        )  # fmt: skip
    new_id = clock.new_id()
    batch = Batch(
        id=new_id, consumer_id=access.consumer_id, state=BATCH.start, semantics=semantics, format=format, hashed=hashed,
        purpose=access.purpose, created_at=clock.now(), sealed_callback=sealed_callback(new_id, url),
    )  # fmt: skip
    rows.apply(Plan((Insert(batch), job(EXPIRE, new_id, about="begun", due_at=in_days(policy))), (begun(batch),)))
    return batch


def _agreed(rows: Store, access: Access) -> None:
    consumer = rows.one(Consumer, {"id": access.consumer_id, "ended_at": None})
    if consumer is None or not consumer.bulk:
        raise Refused(
            "files were not agreed with this consumer",
            code="no_agreement",
            remedy="Ask the operator for a bulk agreement.",
        )


def append(database: Database, *, batch_id: int, access: Access, chunk: bytes, offset: int) -> Batch:
    """Add ``chunk`` at ``offset``, which must be where the last one ended, so that a broken upload can be taken up again.

    Durable when it returns. Raises ``NotFound``, ``NotAllowed``, ``Conflict`` (``wrong_offset``), ``Refused`` (``too_big``).
    """
    batch, policy = look(database, batch_id=batch_id, access=access), present_policy()
    BATCH.move(batch.state, "append", role="system")
    with _held(batch) as file:
        batch = look(database, batch_id=batch_id, access=access)
        BATCH.move(batch.state, "append", role="system")
        if batch.uploaded_bytes != offset:
            raise Conflict(
                f"the batch has {batch.uploaded_bytes} bytes, not {offset}", code="wrong_offset",
                remedy="Go on where it ends.",
            )  # fmt: skip
        if offset + len(chunk) > policy.lookup_batch_megabytes * _MEGABYTE:
            raise Refused(
                f"a batch may have {policy.lookup_batch_megabytes} MB", code="too_big", remedy="Divide it into several."
            )
        _write(file, chunk, offset)
        return database.transact(lambda rows: _grown(rows, batch, len(chunk)))


def _write(file: int, chunk: bytes, offset: int) -> None:
    os.ftruncate(file, offset)  # what an append left that was broken off
    view, done = memoryview(chunk), 0
    while done < len(view):
        done += os.pwrite(file, view[done:], offset + done)
    os.fsync(file)


def _grown(rows: Store, batch: Batch, more: int) -> Batch:
    grown = replace(batch, uploaded_bytes=batch.uploaded_bytes + more, revision=batch.revision + 1)
    guard = {"id": batch.id, "state": batch.state, "revision": batch.revision}
    values = {"uploaded_bytes": grown.uploaded_bytes, "revision": grown.revision}
    rows.apply(Plan((Change(Batch, guard, values),)))
    return grown


@contextmanager
def _held(batch: Batch) -> Iterator[int]:
    """The uploaded file, held by one caller at a time: two that append at the same place do not mix."""
    batch.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(batch.questions, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def close(database: Database, *, batch_id: int, access: Access) -> Batch:
    """The file is whole: it is answered as soon as a worker is free. Its rows are taken from the day's quota.

    Closing a closed batch changes nothing. Raises ``NotFound``, ``NotAllowed``, ``BadInput`` (``empty``, ``bad_file``),
    ``Refused`` (``no_agreement``, ``quota_exceeded``).
    """
    batch = look(database, batch_id=batch_id, access=access)
    if batch.state in {"queued", "running", "done", "failed"}:
        return batch
    BATCH.move(batch.state, "close", role="system")
    if not batch.uploaded_bytes:
        raise BadInput("the batch has no rows", code="empty", remedy="Send the file before it is closed.")
    database.transact(lambda rows: _agreed(rows, access))
    count = _rows_of(batch)
    quotas.spend_rows(database, access, count)
    return database.transact(
        lambda rows: move(
            rows, batch, "close", rows=count, data={"rows": count}, jobs=(job(RUN, batch.id, about="turn 1"),)
        )
    )


def _rows_of(batch: Batch) -> int:
    """How many rows are paid for: of Parquet what it says, of text its lines."""
    if batch.format == "parquet":
        return ParquetFile.open(batch.questions).rows
    with batch.questions.open("rb") as file:
        blocks: Callable[[], bytes] = lambda: file.read(_COUNTED)  # noqa: E731
        lines, last = 0, b""
        for block in iter(blocks, b""):
            lines, last = lines + block.count(b"\n"), block[-1:]
    lines += last != b"\n"
    return max(lines - (batch.format == "csv"), 0)


@transaction
def look(rows: Store, *, batch_id: int, access: Access) -> Batch:
    """The consumer's batch as it stands. Raises ``NotFound``, also for another consumer's and for a deleted one."""
    batch = read(rows, batch_id)
    if batch.consumer_id != access.consumer_id or batch.state == "deleted":
        raise NotFound("no such batch", remedy="Use the id that you got when it was begun.")
    return batch


def answers(database: Database, *, batch_id: int, access: Access) -> Path:
    """The file with answers. Raises ``NotFound``, ``Refused`` (``not_done``, ``batch_failed``)."""
    batch = look(database, batch_id=batch_id, access=access)
    if batch.state == "failed":
        raise Refused(f"the batch has failed: {batch.failure}", code="batch_failed", remedy="Begin another one.")
    if batch.state != "done" or not batch.answers.exists():
        raise Refused("the batch is not done", code="not_done", remedy="Look at it again later, or be called back.")
    return batch.answers


def delete(database: Database, *, batch_id: int, access: Access) -> Batch:
    """Delete the batch and its files at once. Raises ``NotFound``, ``NotAllowed`` while it is being answered."""
    batch = look(database, batch_id=batch_id, access=access)
    return remove(database, batch, "delete")


def remove(database: Database, batch: Batch, action: str) -> Batch:
    """Delete files and say so; a job sees to it even if this process ends between the two."""
    clearing = (job(CLEAR, batch.id, about=action),)
    gone = database.transact(lambda rows: move(rows, batch, action, sealed_callback="", jobs=clearing))
    clear(gone)
    return gone


def clear(batch: Batch) -> None:
    """Remove what is left of a deleted batch's files."""
    if batch.state == "deleted":
        shutil.rmtree(batch.folder, ignore_errors=True)

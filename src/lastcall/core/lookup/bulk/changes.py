"""The one way a batch changes: a guarded update to the next revision, plus one event, in one plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import SYSTEM
from lastcall.core.audit.event import Event
from lastcall.core.errors import NotFound
from lastcall.core.job import Job
from lastcall.core.lookup.bulk.batch import Batch
from lastcall.core.lookup.bulk.lifecycle import BATCH
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.rows import Json
from lastcall.core.store import Store

RUN: Final = "batch.run"
CALL_BACK: Final = "batch.call_back"
EXPIRE: Final = "batch.expire"
CLEAR: Final = "batch.clear"
Policies = Callable[[], Policy]


def move(
    store: Store, batch: Batch, action: str, *, reason: str = "", data: Json | None = None,
    jobs: tuple[Insert, ...] = (), **values: Any,
) -> Batch:  # fmt: skip
    """Take ``action`` and write it; returns the batch as it is then. Raises ``NotAllowed``, ``Conflict``."""
    state = BATCH.move(batch.state, action, role=SYSTEM)
    values |= {"state": state, "revision": batch.revision + 1}
    by_consumer = action in {"close", "delete"}
    event = Event(
        at=clock.now(), kind=f"batch.{action}", subject="batch", subject_id=batch.id,
        actor=f"consumer:{batch.consumer_id}" if by_consumer else "system:worker", door="api" if by_consumer else "system",
        reason=reason, source=batch.state, target=state, data=data or {},
    )  # fmt: skip
    guard = {"id": batch.id, "state": batch.state, "revision": batch.revision}
    store.apply(Plan((Change(Batch, guard, values), *jobs), (event,)))
    return replace(batch, **values)


def begun(batch: Batch) -> Event:
    """The event of a new batch; no address and no row of it stands in any."""
    data = {"semantics": batch.semantics, "format": batch.format, "hashed": batch.hashed, "purpose": batch.purpose}
    return Event(
        at=batch.created_at, kind="batch.begin", subject="batch", subject_id=batch.id, actor=f"consumer:{batch.consumer_id}",
        door="api", target=batch.state, data=data,
    )  # fmt: skip


def job(kind: str, batch_id: int, *, about: str, due_at: datetime | None = None) -> Insert:
    """Durable work on a batch; ``about`` tells several of a kind apart."""
    due = due_at or clock.now()
    return Insert(Job(id=clock.new_id(), kind=kind, subject_id=batch_id, about=about, state="queued", due_at=due))


def in_days(policy: Policy) -> datetime:
    """When files of a batch are deleted."""
    return clock.now() + timedelta(days=policy.lookup_batch_days)


def read(rows: Store, batch_id: int) -> Batch:
    """The batch. Raises ``NotFound``."""
    batch = rows.one(Batch, {"id": batch_id})
    if batch is None:
        raise NotFound("no such batch", remedy="Use the id that you got when it was begun.")
    return batch

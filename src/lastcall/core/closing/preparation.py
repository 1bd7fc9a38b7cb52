"""Before you leave: a list that helps and never blocks. No check reads it."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import Actor
from lastcall.core.audit.event import Event
from lastcall.core.closing.facts import read_case
from lastcall.core.closing.tick import Tick
from lastcall.core.errors import BadInput
from lastcall.core.plan import Insert, Plan, Remove
from lastcall.core.policies.pack import Pack
from lastcall.core.store import Store, transaction

TASKS: Final = ("document", "contacts_saved", "messages_saved", "pin_removed", "arrears", "terms_read")
_MOST: Final = 60
_LONGEST: Final = 80


def tasks(pack: Pack) -> tuple[str, ...]:
    """All tasks in order: our own, then ``unlink.…`` for each service to take the number off."""
    return TASKS + tuple(f"unlink.{name}" for name in pack.facts("unlink"))


@transaction
def tick(rows: Store, *, case_id: int, done: Set[str], actor: Actor) -> frozenset[str]:
    """From now on exactly the tasks in ``done`` are ticked. Raises ``BadInput`` (``bad_task``)."""
    if len(done) > _MOST or any(not task or len(task) > _LONGEST for task in done):
        raise BadInput("these are no tasks of the list", code="bad_task", remedy="Tick boxes of the list.")
    _set(rows, case_id, ticked(rows, case_id), frozenset(done), actor)
    return frozenset(done)


def add(rows: Store, *, case_id: int, done: Set[str], actor: Actor) -> None:
    """Tick what somebody else has seen done; what the subscriber ticked stays. Raises ``NotFound``."""
    before = ticked(rows, case_id)
    _set(rows, case_id, before, before | done, actor)


def _set(rows: Store, case_id: int, before: frozenset[str], done: frozenset[str], actor: Actor) -> None:
    case, now = read_case(rows, case_id), clock.now()
    writes = [Insert(Tick(case_id=case.id, task=task, done_at=now)) for task in sorted(done - before)]
    removed = [Remove(Tick, {"case_id": case.id, "task": task}) for task in sorted(before - done)]
    if writes or removed:
        event = Event(
            at=now, kind="case.prepared", subject="case", subject_id=case.id, case_id=case.id, actor=str(actor),
            door=actor.door, data={"done": sorted(done)},
        )  # fmt: skip
        rows.apply(Plan((*writes, *removed), (event,)))


def ticked(rows: Store, case_id: int) -> frozenset[str]:
    """The tasks that are ticked."""
    return frozenset(row.task for row in rows.some(Tick, {"case_id": case_id}))

"""What is marked on a case when work on it stops and a person must look."""

from __future__ import annotations

from datetime import datetime

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.audit.event import Event
from lastcall.core.closing.changes import move
from lastcall.core.closing.facts import read_case
from lastcall.core.job import Alert
from lastcall.core.plan import Insert, Plan
from lastcall.core.store import Store, transaction


@transaction
def cease_got_stuck(rows: Store, *, case_id: int) -> None:
    """The cease ran out of tries: the case says so; the number stays where it is, never freed."""
    case = read_case(rows, case_id)
    if case.state == "ceasing" and case.stuck_at is None:
        now = clock.now()
        rows.apply(move(case, "step", actor=WORKER, now=now, reason="stuck", stuck_at=now))


@transaction
def review_is_overdue(rows: Store, *, case_id: int, now: datetime) -> None:
    """Nobody has decided in time (policy ``review.deadline_hours``): a person is alerted, once per deadline."""
    case = read_case(rows, case_id)
    if case.state != "review" or case.review_due_at is None or now < case.review_due_at:
        return
    if rows.one(Alert, {"subject_id": case.id, "code": "review.overdue", "resolved_at": None}) is not None:
        return
    alert = Alert(id=clock.new_id(), at=now, code="review.overdue", subject_id=case.id, job_id=0, detail="")
    event = Event(at=now, kind="work.alerted", subject="case", subject_id=case.id, case_id=case.id,
                  actor=str(WORKER), door=WORKER.door, reason="review.overdue")  # fmt: skip
    rows.apply(Plan((Insert(alert),), (event,)))

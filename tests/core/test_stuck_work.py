"""Work that waits for a person: what is told of it, another try, and the end of an alert."""

from __future__ import annotations

import pytest

from lastcall.core import stuck_work, work
from lastcall.core.actor import ADMINISTRATOR, NUMBER_MANAGER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import BadInput, NotAllowed, NotFound
from lastcall.core.job import Alert, Job
from lastcall.core.plan import Insert, Plan
from tests.cast import IRINA, OLGA, Cast
from tests.core.tools import only, refused, some

NIKOLAI = Actor(NUMBER_MANAGER, "nikolai", "desk")
ALLA = Actor(ADMINISTRATOR, "alla", "desk")


def died(cast: Cast) -> Job:
    """A cease whose HLR never answered."""
    receipt = cast.ceasing()
    job = only(cast.base, Job, kind="case.cease", subject_id=receipt.case_id)
    held = work.claim(cast.base)
    assert held is not None and held.id == job.id
    work.fail(cast.base, job=held, error="not_done: the HLR said something about 89701990000000005011", permanent=True)
    return job


def test_a_dead_job_is_told_with_its_code_and_tries(cast: Cast) -> None:
    job = died(cast)
    [told] = stuck_work.stuck(cast.base)
    assert (told.kind, told.subject, told.subject_id) == ("case.cease", "case", job.subject_id)
    assert (told.since, told.tries, told.error, told.job_id) == (cast.time.now(), 1, "not_done", job.id)


def test_another_try_revives_it_and_ends_its_alert(cast: Cast) -> None:
    job = died(cast)
    assert stuck_work.retry_stuck(cast.base, job_id=job.id, actor=NIKOLAI).state == "queued"
    assert stuck_work.stuck(cast.base) == ()
    event = some(cast.base, Event, kind="work.retried")[-1]
    assert (event.actor, event.door, event.subject_id) == ("number_manager:nikolai", "desk", job.id)
    cast.work()
    assert only(cast.base, Job, id=job.id).state == "done"


def test_trying_twice_is_refused(cast: Cast) -> None:
    job = died(cast)
    stuck_work.retry_stuck(cast.base, job_id=job.id, actor=ALLA)
    with refused("not_found", NotFound):
        stuck_work.retry_stuck(cast.base, job_id=job.id, actor=ALLA)


@pytest.mark.parametrize("actor", [OLGA, IRINA], ids=str)
def test_neither_clerk_nor_reviewer_touches_it(cast: Cast, actor: Actor) -> None:
    job = died(cast)
    alert = only(cast.base, Alert)
    with refused("not_allowed", NotAllowed):
        stuck_work.retry_stuck(cast.base, job_id=job.id, actor=actor)
    with refused("not_allowed", NotAllowed):
        stuck_work.resolve(cast.base, alert_id=alert.id, how="mended", actor=actor)


def test_an_alert_is_resolved_once_with_a_word(cast: Cast) -> None:
    died(cast)
    alert = only(cast.base, Alert)
    with refused("bad_resolution", BadInput):
        stuck_work.resolve(cast.base, alert_id=alert.id, how="never mind", actor=NIKOLAI)
    stuck_work.resolve(cast.base, alert_id=alert.id, how="done_by_hand", actor=NIKOLAI)
    event = only(cast.base, Event, kind="work.resolved")
    assert (event.reason, event.subject, event.subject_id) == ("done_by_hand", "alert", alert.id)
    assert stuck_work.stuck(cast.base) == ()
    assert only(cast.base, Alert).resolved_by == "number_manager:nikolai"
    with refused("not_found", NotFound):
        stuck_work.resolve(cast.base, alert_id=alert.id, how="done_by_hand", actor=NIKOLAI)


def test_an_alert_without_a_job_cannot_be_tried_again(cast: Cast) -> None:
    case_id = cast.declare().case_id
    alert = Alert(id=5, at=cast.time.now(), code="review.overdue", subject_id=case_id, job_id=0, detail="")
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(alert),))))
    [told] = stuck_work.stuck(cast.base)
    assert (told.kind, told.subject, told.job_id, told.error) == ("review.overdue", "case", None, "")


def test_an_alert_about_the_staff_is_neither_shown_nor_closed_here(cast: Cast) -> None:
    alert = Alert(
        id=6, at=cast.time.now(), code="staff.unusual_viewing", subject_id=1, job_id=0, detail="over_limit: 21"
    )
    cast.base.transact(lambda rows: rows.apply(Plan((Insert(alert),))))
    assert stuck_work.stuck(cast.base) == ()
    with refused("not_found", NotFound):
        stuck_work.resolve(cast.base, alert_id=alert.id, how="mended", actor=NIKOLAI)

"""Durable work: leased, retried with back-off, handed over when a worker dies, and in the end a person's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from lastcall.core import clock, work
from lastcall.core.audit.event import Event
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import Conflict, ElementTrouble, NotFound
from lastcall.core.job import Alert, Job
from lastcall.core.plan import Insert, Plan
from lastcall.core.work import LEASE, MOST_ATTEMPTS, Worker, wait_after
from tests.core.tools import only, refused, some

SECOND = timedelta(seconds=1)


def put(
    base: DjangoDatabase, kind: str = "errand", *, subject: int = 7, about: str = "", after: timedelta = timedelta(0)
) -> Job:
    job = Job(id=clock.new_id(), kind=kind, subject_id=subject, about=about, state="queued", due_at=clock.now() + after)
    base.transact(lambda rows: rows.apply(Plan((Insert(job),))))
    return job


def now(base: DjangoDatabase, job: Job) -> Job:
    return only(base, Job, id=job.id)


def worker(base: DjangoDatabase, handler: Callable[[int], None]) -> Worker:
    return Worker(base, handlers={"errand": handler})


def fails(*, permanent: bool = False) -> Callable[[int], None]:
    def handler(subject: int) -> None:
        raise ElementTrouble("no answer", permanent=permanent, code="unreachable")

    return handler


def test_what_is_due_is_done_once_and_in_the_order_of_its_due_dates(base: DjangoDatabase, time: ManualClock) -> None:
    done: list[int] = []
    for subject, after in ((1, 3), (2, 1), (3, 2), (4, 99)):
        put(base, subject=subject, after=after * SECOND)
    time.advance(3 * SECOND)
    assert worker(base, done.append).run_until_idle() == 3
    assert done == [2, 3, 1]
    assert sorted(job.state for job in some(base, Job)) == ["done", "done", "done", "queued"]


def test_nothing_is_done_before_it_is_due(base: DjangoDatabase, time: ManualClock) -> None:
    put(base, after=SECOND)
    assert worker(base, fails()).run_one() is None
    time.advance(SECOND - timedelta(microseconds=1))
    assert worker(base, fails()).run_one() is None


def test_a_lease_keeps_others_away_until_it_runs_out(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base)
    first = work.claim(base)
    assert first is not None and first.id == job.id
    time.advance(LEASE - timedelta(microseconds=1))
    assert work.claim(base) is None
    time.advance(timedelta(microseconds=1))
    second = work.claim(base)
    assert second is not None and (second.id, second.attempts) == (job.id, 2)
    assert second.lease != first.lease


def test_a_worker_that_lost_its_lease_cannot_finish_fail_or_postpone(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base)
    first = work.claim(base)
    time.advance(LEASE)
    second = work.claim(base)
    assert first is not None and second is not None
    work.finish(base, job=first)
    work.postpone(base, job=first, error="conflict")
    assert not work.fail(base, job=first, error="late", permanent=True)
    assert now(base, job) == second
    assert some(base, Alert) == []
    work.finish(base, job=second)
    assert now(base, job).state == "done"


def test_temporary_trouble_is_tried_again_after_ever_longer_waits(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base)
    waits = []
    while (present := now(base, job)).state == "queued":
        time.advance(max(present.due_at - time.now(), timedelta(0)))
        assert worker(base, fails()).run_one() is not None
        waits.append(now(base, job).due_at - time.now())
    assert waits[:-1] == [wait_after(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert waits[:3] == [5 * SECOND, 10 * SECOND, 20 * SECOND]
    assert (present.state, present.attempts) == ("dead", MOST_ATTEMPTS)


def test_no_wait_is_longer_than_an_hour() -> None:
    assert max(wait_after(attempt) for attempt in range(200)) == timedelta(hours=1)


def test_permanent_trouble_is_a_persons_matter_at_once(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base)
    worker(base, fails(permanent=True)).run_one()
    alert = only(base, Alert)
    assert (now(base, job).state, now(base, job).last_error) == ("dead", "unreachable: no answer")
    assert (alert.code, alert.subject_id, alert.job_id, alert.resolved_at) == ("errand", 7, job.id, None)
    assert only(base, Event, kind="work.alerted").data["subject"] == 7


def test_what_is_done_when_work_dies_happens_with_the_alert_or_not_at_all(
    base: DjangoDatabase, time: ManualClock
) -> None:
    marked: list[int] = []
    put(base)
    Worker(base, handlers={"errand": fails(permanent=True)}, on_dead={"errand": marked.append}).run_one()
    assert marked == [7]

    def breaks(subject: int) -> None:
        raise RuntimeError("the mark could not be set")

    other = put(base, subject=8)
    with pytest.raises(RuntimeError):
        Worker(base, handlers={"errand": fails(permanent=True)}, on_dead={"errand": breaks}).run_one()
    assert now(base, other).state == "leased"
    assert [alert.subject_id for alert in some(base, Alert)] == [7]


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyError("x")], ids=["a bug", "a key"])
def test_whatever_a_handler_meets_the_job_is_neither_lost_nor_spins(
    base: DjangoDatabase, time: ManualClock, error: Exception
) -> None:
    def handler(subject: int) -> None:
        raise error

    job = put(base)
    assert worker(base, handler).run_until_idle() == 1
    present = now(base, job)
    assert (present.state, present.due_at) == ("queued", time.now() + 5 * SECOND)
    assert "a bug" not in present.last_error


def test_work_of_an_unknown_kind_waits_and_ends_with_a_person(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base, kind="from the future")
    for _ in range(MOST_ATTEMPTS):
        worker(base, fails()).run_one()
        time.advance(timedelta(hours=1))
    assert now(base, job).state == "dead"
    assert len(some(base, Alert)) == 1


def test_losing_a_race_once_costs_no_try(base: DjangoDatabase, time: ManualClock) -> None:
    losses = [True]

    def handler(subject: int) -> None:
        if losses:
            losses.pop()
            raise Conflict("somebody was quicker")

    job = put(base)
    worker(base, handler).run_until_idle()
    assert (now(base, job).state, now(base, job).attempts) == ("queued", 0)
    time.advance(SECOND)
    worker(base, handler).run_until_idle()
    assert (now(base, job).state, now(base, job).attempts) == ("done", 1)


def test_losing_for_ever_ends_with_a_person(base: DjangoDatabase, time: ManualClock) -> None:
    def handler(subject: int) -> None:
        raise Conflict("a constraint holds")

    job = put(base)
    for _ in range(MOST_ATTEMPTS + 1):
        worker(base, handler).run_one()
        time.advance(SECOND)
    assert now(base, job).state == "dead"
    assert len(some(base, Alert)) == 1


def test_work_that_ends_its_worker_each_time_ends_with_a_person(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base)
    for _ in range(MOST_ATTEMPTS):
        assert work.claim(base) is not None
        time.advance(LEASE)
    called: list[int] = []
    worker(base, called.append).run_one()
    assert (now(base, job).state, called) == ("dead", [])
    assert len(some(base, Alert)) == 1


def test_a_person_gives_dead_work_another_life_and_the_alert_is_resolved(
    base: DjangoDatabase, time: ManualClock
) -> None:
    job = put(base)
    worker(base, fails(permanent=True)).run_one()
    time.advance(timedelta(days=1))
    revived = work.retry(base, job_id=job.id, by="administrator:vera")
    assert (revived.state, revived.attempts, revived.due_at) == ("queued", 0, time.now())
    alert = only(base, Alert)
    assert (alert.resolved_at, alert.resolved_by) == (time.now(), "administrator:vera")
    assert only(base, Event, kind="work.retried").actor == "administrator:vera"
    done: list[int] = []
    assert worker(base, done.append).run_until_idle() == 1
    assert now(base, job).state == "done"


def test_only_dead_work_is_given_another_life(base: DjangoDatabase, time: ManualClock) -> None:
    job = put(base)
    for job_id in (job.id, 1):
        with refused("not_found", NotFound):
            work.retry(base, job_id=job_id, by="administrator:vera")


def test_the_same_work_is_open_once_and_may_come_again_when_it_is_done(base: DjangoDatabase, time: ManualClock) -> None:
    put(base)
    with refused("conflict", Conflict):
        put(base)
    put(base, about="something else")
    worker(base, lambda subject: None).run_until_idle()
    put(base)
    assert len(some(base, Job)) == 3


def test_it_works_until_it_is_told_to_stop(base: DjangoDatabase, time: ManualClock) -> None:
    stop, done = threading.Event(), []
    put(base, subject=1)
    put(base, subject=2)

    def handler(subject: int) -> None:
        done.append(subject)
        if len(done) == 2:
            stop.set()

    worker(base, handler).run_forever(stop=stop, idle_seconds=0.01)
    assert sorted(done) == [1, 2]

"""Two workers at once on one database: each thing is done, and done once. Told to stop, a worker stops cleanly."""

from __future__ import annotations

import time as wall

from lastcall.core.closing.case import Case
from lastcall.core.job import Job
from tests.whole.checks import attempts, rows_of
from tests.whole.processes import running
from tests.whole.stage import Stage
from tests.whole.waiting import wait_until

CASES = 20


def test_two_workers_close_each_case_once(stage: Stage) -> None:
    leavers = stage.many_are_leaving(CASES)

    with running([stage.errand()] * 2, stage.folder) as workers:
        wait_until(lambda: not stage.due() and len(rows_of(stage.cast, Case, state="closed")) == CASES)
        codes = [worker.terminate() for worker in workers]

    assert codes == [0, 0]
    assert "unexpected" not in "".join(worker.complaints for worker in workers)
    assert all(worker.steps > 0 for worker in workers)
    assert sum(worker.steps for worker in workers) == CASES * 7
    stage.all_is_right(leavers)
    for receipt, _ in leavers:
        assert set(attempts(stage.cast, receipt).values()) == {1}


def test_a_worker_told_to_stop_ends_the_job_in_hand(stage: Stage) -> None:
    leavers = stage.many_are_leaving(8)

    with running([stage.errand()], stage.folder) as (worker,):
        wait_until(lambda: bool(rows_of(stage.cast, Case, state="closed")))
        assert worker.terminate() == 0

    assert worker.complaints == ""
    assert not rows_of(stage.cast, Job, state="leased")
    stage.cast.work()
    stage.all_is_right(leavers)


def test_an_idle_worker_stops_at_once(stage: Stage) -> None:
    with running([stage.errand()], stage.folder) as (worker,):
        wait_until(lambda: not stage.due())
        began = wall.monotonic()
        assert worker.terminate() == 0

    assert wall.monotonic() - began < 5
    assert worker.complaints == ""

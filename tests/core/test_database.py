"""Transactions on SQLite and PostgreSQL: shared commits, each caller's own outcome, losers told of a conflict."""

from __future__ import annotations

import threading
import time as system_time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.store import Store
from lastcall.core.subscribers.subscriber import Contact
from lastcall.core.transacting import GroupCommit
from tests.core.tools import dump, race, some, winners


def job(number: int) -> Job:
    return Job(id=number, kind="errand", subject_id=number, about="", state="queued", due_at=clock.now())


def add(number: int) -> Callable[[Store], int]:
    """Work that writes one job and returns its number."""

    def work(rows: Store) -> int:
        rows.apply(Plan((Insert(job(number)),)))
        return number

    return work


def orphan(rows: Store) -> None:
    """Work that breaks a constraint which is only looked at when the transaction commits."""
    contact = Contact(id=1, subscriber_id=404, kind="mail", sealed_address="", on_file_since=clock.now())
    rows.apply(Plan((Insert(contact),)))


def numbers(base: DjangoDatabase) -> list[int]:
    return sorted(row.id for row in some(base, Job))


class Together:
    """Works that gather behind one that is held back, so that they are committed in one go; SQLite only."""

    def __init__(self, base: DjangoDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
        self._base = base
        self.batches: list[int] = []
        commit = GroupCommit._commit_together

        def counted(group: GroupCommit, batch: list[Any]) -> None:
            self.batches.append(len(batch))
            commit(group, batch)

        monkeypatch.setattr(GroupCommit, "_commit_together", counted)

    def run(self, *works: Callable[[Store], Any]) -> list[Any]:
        """What each returned, or raised."""
        go, outcomes = threading.Event(), [None] * (len(works) + 1)

        def hold_back(rows: Store) -> None:
            assert go.wait(timeout=20)

        def call(place: int, work: Callable[[Store], Any]) -> None:
            try:
                outcomes[place] = self._base.transact(work)
            except BaseException as error:  # handed to the test
                outcomes[place] = error  # type: ignore[call-overload]
            finally:
                connections["default"].close()

        threads = []
        for item in enumerate((hold_back, *works)):
            threads.append(threading.Thread(target=call, args=item))
            threads[-1].start()
            system_time.sleep(0.05)  # so that they come in this order
        go.set()
        for thread in threads:
            thread.join(timeout=20)
            assert not thread.is_alive()
        return outcomes[1:]


@pytest.fixture
def together(base: DjangoDatabase, time: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Together:
    return Together(base, monkeypatch)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL gathers commits by itself
def test_who_waits_is_committed_together(base: DjangoDatabase, together: Together) -> None:
    assert together.run(*(add(number) for number in range(1, 9))) == list(range(1, 9))
    assert together.batches == [1, 8]
    assert numbers(base) == list(range(1, 9))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL gathers commits by itself
def test_a_failing_one_does_not_harm_the_others(base: DjangoDatabase, together: Together) -> None:
    def half(rows: Store) -> None:
        rows.apply(Plan((Insert(job(50)),)))
        raise KeyError("half way")

    first, broken, taken, missing, last = together.run(
        add(1), half, add(1), lambda rows: rows.apply(Plan((Change(Job, {"id": 9}, {"state": "dead"}),))), add(2)
    )
    assert (first, last) == (1, 2)
    assert isinstance(broken, KeyError)
    assert isinstance(taken, Conflict) and isinstance(missing, Conflict)
    assert together.batches == [1, 5]
    assert numbers(base) == [1, 2]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL gathers commits by itself
def test_what_breaks_only_at_the_commit_is_told_to_its_owner_alone(base: DjangoDatabase, together: Together) -> None:
    outcomes = together.run(add(1), orphan, add(2))
    assert (outcomes[0], outcomes[2]) == (1, 2)
    assert isinstance(outcomes[1], Conflict)
    assert numbers(base) == [1, 2]
    assert some(base, Contact) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL gathers commits by itself
def test_whoever_leads_and_is_interrupted_leaves_the_others_their_turn(
    base: DjangoDatabase, together: Together
) -> None:
    def interrupted(rows: Store) -> None:
        rows.apply(Plan((Insert(job(50)),)))
        raise KeyboardInterrupt

    leader, *others = together.run(interrupted, add(1), add(2))
    assert isinstance(leader, KeyboardInterrupt)
    assert others == [1, 2]
    assert numbers(base) == [1, 2]


def test_many_threads_lose_and_mix_up_nothing(base: DjangoDatabase, time: ManualClock) -> None:
    def runner(first: int) -> Callable[[], list[int]]:
        return lambda: [base.transact(add(number)) for number in range(first, first + 25)]

    outcomes = race(*(runner(100 * thread) for thread in range(1, 9)))
    assert winners(outcomes) == [list(range(100 * thread, 100 * thread + 25)) for thread in range(1, 9)]
    assert len(numbers(base)) == 200


def test_what_was_committed_is_there_for_every_connection(base: DjangoDatabase, time: ManualClock) -> None:
    base.transact(add(1))
    assert len(dump()["work_job"]) == 1


def test_a_broken_commit_is_a_conflict_with_a_remedy(base: DjangoDatabase, time: ManualClock) -> None:
    for work in (orphan, lambda rows: (add(1)(rows), add(1)(rows))):
        with pytest.raises(Conflict) as conflict:
            base.transact(work)
        assert conflict.value.remedy
    assert numbers(base) == [] and some(base, Contact) == []


def test_a_work_inside_another_is_part_of_it_and_may_fail_alone(base: DjangoDatabase, time: ManualClock) -> None:
    def outer(rows: Store) -> None:
        add(1)(rows)
        base.transact(add(2))

    base.transact(outer)
    assert numbers(base) == [1, 2]


@pytest.mark.element
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer at a time
def test_two_who_wait_for_each_other_are_told_apart(base: DjangoDatabase, time: ManualClock) -> None:
    base.transact(add(1))
    base.transact(add(2))
    met = threading.Barrier(2)

    def touch(first: int, second: int) -> Callable[[], int]:
        def work(rows: Store) -> int:
            rows.apply(Plan((Change(Job, {"id": first}, {"about": "mine"}),)))
            met.wait(timeout=20)
            rows.apply(Plan((Change(Job, {"id": second}, {"about": "mine too"}),)))
            return first

        return lambda: base.transact(work)

    outcomes = race(touch(1, 2), touch(2, 1))
    assert len(winners(outcomes)) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1


def test_it_can_be_closed_and_used_again(base: DjangoDatabase, time: ManualClock) -> None:
    base.transact(add(1))
    base.close()
    base.transact(add(2))
    assert numbers(base) == [1, 2]

"""Transactions that are committed together on SQLite: each caller gets its own outcome, durable before it hears of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from time import monotonic, sleep
from typing import Any

import pytest
from django.db import connections

from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import Conflict
from lastcall.core.numbers.number import Number, Reservation
from lastcall.core.numbers.range import Range
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.store import Store

NOW = datetime(2026, 1, 12, 9, tzinfo=UTC)


def put(number: int) -> Callable[[Store], int]:
    """Work that writes one number and returns it."""

    def work(rows: Store) -> int:
        rows.apply(Plan((Insert(Number(msisdn=number, known_since=NOW)),)))
        return number

    return work


def held(base: DjangoDatabase) -> set[int]:
    """The numbers in the database."""
    return {row.msisdn for row in base.transact(lambda rows: rows.some(Number, {}))}


def transact(base: DjangoDatabase, work: Callable[[Store], Any]) -> Any:
    """Run ``work`` from a thread of its own, whose connection ends with it."""
    try:
        return base.transact(work)
    finally:
        connections["default"].close()


def gather(base: DjangoDatabase, works: list[Callable[[Store], Any]]) -> list[Any]:
    """Let ``works`` wait while a first one is busy, so that they are committed together; their results or errors."""
    busy, free = threading.Event(), threading.Event()

    def first(rows: Store) -> None:
        busy.set()
        assert free.wait(10)

    with ThreadPoolExecutor(len(works) + 1) as pool:
        leader = pool.submit(transact, base, first)
        assert busy.wait(10)
        futures = [pool.submit(transact, base, work) for work in works]
        threading.Timer(0.1, free.set).start()
        leader.result(10)
        return [future.exception(10) or future.result(10) for future in futures]


def test_everybody_who_waited_gets_the_own_result(base: DjangoDatabase) -> None:
    assert gather(base, [put(number) for number in range(1, 21)]) == list(range(1, 21))
    assert held(base) == set(range(1, 21))


def test_the_trouble_of_one_is_not_the_trouble_of_the_others(base: DjangoDatabase) -> None:
    def trouble(rows: Store) -> None:
        put(90)(rows)
        raise ZeroDivisionError

    outcomes = gather(base, [put(1), trouble, put(2)])
    assert outcomes[0] == 1 and outcomes[2] == 2
    assert isinstance(outcomes[1], ZeroDivisionError)
    assert held(base) == {1, 2}


def test_two_who_write_the_same_key_are_told_apart(base: DjangoDatabase) -> None:
    outcomes = gather(base, [put(1), put(1), put(2)])
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    assert held(base) == {1, 2}


def test_a_reference_that_breaks_the_common_commit_hurts_its_owner_only(base: DjangoDatabase) -> None:
    """References are checked at the commit, when all have had their turn already."""

    def unknown_operator(rows: Store) -> None:
        rows.apply(Plan((Insert(Range(id=1, first=1, last=2, operator_id="nobody", region="", territory="")),)))

    outcomes = gather(base, [put(1), unknown_operator, put(2)])
    assert isinstance(outcomes[1], Conflict)
    assert held(base) == {1, 2}


def test_work_alone_leaves_nothing_when_it_fails(base: DjangoDatabase) -> None:
    def trouble(rows: Store) -> None:
        put(1)(rows)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        base.transact(trouble)
    assert held(base) == set()
    assert base.transact(put(2)) == 2


def test_work_inside_work_is_undone_without_the_outer_one(base: DjangoDatabase) -> None:
    def inner(rows: Store) -> None:
        put(2)(rows)
        raise ZeroDivisionError

    def outer(rows: Store) -> None:
        put(1)(rows)
        with pytest.raises(ZeroDivisionError):
            base.transact(inner)
        put(3)(rows)

    base.transact(outer)
    assert held(base) == {1, 3}


def test_an_interrupted_leader_leaves_its_followers_to_the_next(base: DjangoDatabase) -> None:
    """As when Ctrl-C meets the thread that commits for others: first in the queue, it leads those behind it."""
    outcomes: list[Any] = []
    busy, free = threading.Event(), threading.Event()

    def first(rows: Store) -> None:
        busy.set()
        assert free.wait(10)

    def interrupted(rows: Store) -> None:
        raise KeyboardInterrupt

    def caller(work: Callable[[Store], Any]) -> None:
        try:
            outcomes.append(transact(base, work))
        except KeyboardInterrupt:
            outcomes.append("interrupted")

    threads = [threading.Thread(target=caller, args=[work]) for work in (first, interrupted, put(1), put(2))]
    for place, thread in enumerate(threads):
        thread.start()
        assert busy.wait(10)
        wait_until_queued(base, place)
    free.set()
    for thread in threads:
        thread.join(10)
    assert sorted(map(str, outcomes)) == ["1", "2", "None", "interrupted"]
    assert held(base) == {1, 2}


def wait_until_queued(base: DjangoDatabase, count: int) -> None:
    """Wait until so many callers queue behind the one at work; on PostgreSQL nobody queues."""
    deadline = monotonic() + 10
    while base._group is not None and len(base._group._waiting) < count:
        assert monotonic() < deadline
        sleep(0.001)


def test_a_guard_that_does_not_hold_undoes_what_was_sent_with_it(base: DjangoDatabase) -> None:
    """PostgreSQL is sent a plan's statements in one go: the first must not stay when the second finds nothing."""
    change = Change(Reservation, {"msisdn": 7, "purpose": "order"}, {"until": NOW})
    with pytest.raises(Conflict):
        base.transact(lambda rows: rows.apply(Plan((Insert(Number(msisdn=1, known_since=NOW)), change))))
    assert held(base) == set()


def test_a_constraint_broken_in_the_middle_of_a_plan_undoes_all_of_it(base: DjangoDatabase) -> None:
    writes = tuple(Insert(Number(msisdn=number, known_since=NOW)) for number in (1, 2, 1, 3))
    with pytest.raises(Conflict):
        base.transact(lambda rows: rows.apply(Plan(writes)))
    assert held(base) == set()


def test_a_moment_is_kept_whatever_time_zone_it_was_told_in(base: DjangoDatabase) -> None:
    moscow = NOW.astimezone(timezone(timedelta(hours=3)))
    base.transact(lambda rows: rows.apply(Plan((Insert(Number(msisdn=1, known_since=moscow)),))))
    row = base.transact(lambda rows: rows.one(Number, {"known_since": NOW}))
    assert row is not None and row.known_since == NOW


def test_closing_waits_and_the_next_call_opens_again(base: DjangoDatabase) -> None:
    base.transact(put(1))
    base.close()
    base.transact(put(2))
    assert held(base) == {1, 2}

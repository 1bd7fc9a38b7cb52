"""Quotas: so many a second, so many a day, exact over threads and processes."""

from __future__ import annotations

import multiprocessing
import threading
import time as time_module
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.relying import consumers, quotas, roll, tokens
from lastcall.core.relying.access import Access
from lastcall.core.relying.quotas import TooMany
from tests.databases import opened
from tests.relying import SYSTEM, registered

pytestmark = pytest.mark.usefixtures("time")


def access_of(base: DjangoDatabase, **given: Any) -> Access:
    party = registered(base, **({"requests_per_second": 10**6} | given))
    return tokens.verify(base, tokens.issue(base, consumer=party.consumer, scopes=["lookup:check"]))


def spent(base: DjangoDatabase, access: Access, tries: int) -> int:
    """How many of so many requests were let through."""
    through = 0
    for _ in range(tries):
        with suppress(TooMany):
            if not quotas.spend_at_once(base, access):
                quotas.spend(base, access)
            through += 1
    return through


def test_a_day_has_its_requests_and_not_one_more(base: DjangoDatabase, time: ManualClock) -> None:
    access = access_of(base, requests_per_day=100)
    assert spent(base, access, 150) == 100
    with pytest.raises(TooMany) as caught:
        quotas.spend(base, access)
    assert caught.value.retry_after == 12 * 3600  # it is noon in Moscow
    time.advance(timedelta(hours=12))
    assert spent(base, access, 101) == 100


def test_threads_share_the_day(base: DjangoDatabase) -> None:
    access, through = access_of(base, requests_per_day=200), []

    def ask() -> None:
        through.append(spent(base, access, 100))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(through) == 200


def in_a_process(url: str, access: Access, tries: int, begin: Any, results: Any) -> None:
    with opened(url) as base:
        begin.wait(timeout=60)
        results.put(spent(base, access, tries))


def test_processes_share_the_day(base: DjangoDatabase, database_url: str) -> None:
    access = access_of(base, requests_per_day=300)
    base.close()
    fork = multiprocessing.get_context("fork")
    begin, results = fork.Barrier(2), fork.SimpleQueue()
    children = [
        fork.Process(target=in_a_process, args=(database_url, access, 400, begin, results)) for _ in range(2)
    ]  # each alone would use up the day
    for child in children:
        child.start()
    total = sum(results.get() for _ in children)
    for child in children:
        child.join(timeout=60)
    roll.forget(base)
    assert total == 300
    assert quotas.taken(base, consumer_id=access.consumer_id) == {"requests": 300}


def test_what_was_leased_and_not_spent_is_given_back(base: DjangoDatabase) -> None:
    access = access_of(base, requests_per_day=1_000)
    assert spent(base, access, 3) == 3
    assert quotas.taken(base, consumer_id=access.consumer_id)["requests"] > 3
    quotas.give_back(base, idle_seconds=0)
    assert quotas.taken(base, consumer_id=access.consumer_id) == {"requests": 3}
    assert spent(base, access, 1_000) == 997


def test_a_second_has_its_requests(base: DjangoDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    access, now = access_of(base, requests_per_second=5), [1_000.0]
    roll.roll_of(base).refresh(base)
    monkeypatch.setattr(time_module, "monotonic", lambda: now[0])
    monkeypatch.setattr(roll.roll_of(base), "_read_at", float("inf"))

    def through(tries: int) -> int:
        count = 0
        for _ in range(tries):
            with suppress(TooMany):
                quotas.spend(base, access)
                count += 1
        return count

    assert through(8) == 5
    with pytest.raises(TooMany) as caught:
        quotas.spend(base, access)
    assert (caught.value.code, caught.value.retry_after) == ("too_many_requests", 1)
    now[0] += 0.5
    assert through(8) == 2
    now[0] += 10
    assert through(8) == 5


def test_rows_are_spent_all_or_none(base: DjangoDatabase) -> None:
    access = access_of(base, rows_per_day=1_000)
    quotas.spend_rows(base, access, 600)
    with pytest.raises(TooMany) as caught:
        quotas.spend_rows(base, access, 500)
    assert caught.value.code == "quota_exceeded"
    quotas.spend_rows(base, access, 400)
    assert quotas.taken(base, consumer_id=access.consumer_id) == {"rows": 1_000}


def test_a_quota_of_nothing_lets_nothing_through(base: DjangoDatabase) -> None:
    assert spent(base, access_of(base, requests_per_day=0), 3) == 0


def test_a_change_of_the_quota_counts_for_the_rest_of_the_day(base: DjangoDatabase) -> None:
    access = access_of(base, requests_per_day=10)
    assert spent(base, access, 20) == 10
    consumers.change(base, name="Demo Bank", requests_per_day=15, actor=SYSTEM)
    assert spent(base, access, 20) == 5


def test_old_days_are_forgotten(base: DjangoDatabase, time: ManualClock) -> None:
    access = access_of(base, requests_per_day=10)
    spent(base, access, 1)
    assert quotas.forget(base) == 0
    time.advance(timedelta(days=92))
    assert quotas.forget(base) == 1

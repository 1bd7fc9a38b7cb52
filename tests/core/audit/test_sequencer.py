"""The sequencer: each event gets one place, whoever commits first, however many sequencers run."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
import pytest
from django.db import connections

from lastcall.core.audit import sequencer
from lastcall.core.audit.auditor import audit
from lastcall.core.audit.event import Event
from lastcall.core.audit.link import Link
from lastcall.core.audit.sequencer import START, digest, sequence
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import Conflict
from lastcall.core.plan import Plan
from lastcall.core.store import Store
from tests.core.audit.past_the_guards import write

T = TypeVar("T")


def _say(base: DjangoDatabase, time: ManualClock, count: int = 1) -> None:
    def event(number: int) -> Event:
        return Event(
            at=time.now(), kind="subscriber.viewed", subject="subscriber", subject_id=number, actor="clerk:olga",
            door="store", data={"имя": "姓名", "b": 1, "a": [True, None]},
        )  # fmt: skip

    base.transact(lambda rows: rows.apply(Plan(events=tuple(event(number) for number in range(count)))))


def _links(base: DjangoDatabase) -> list[Link]:
    return base.transact(lambda rows: rows.some(Link, {}, order="place"))


def _insert(url: str, event_id: int, time: ManualClock) -> None:
    write(
        url,
        "INSERT INTO audit_event (id, at, kind, subject, subject_id, actor, door, reason, source, target, data) "
        "VALUES (%s, %s, 'late', 'subscriber', 1, 'clerk:olga', 'store', '', '', '', '{}')",
        [event_id, time.now()],
    )


def test_every_event_gets_the_next_place_and_a_digest_over_the_one_before(
    base: DjangoDatabase, time: ManualClock
) -> None:
    _say(base, time, 3)
    assert sequence(base) == 3
    links, events = _links(base), base.transact(lambda rows: rows.some(Event, {}, order="id"))
    assert [link.place for link in links] == [1, 2, 3]
    assert [link.event_id for link in links] == [event.id for event in events]
    previous = START
    for link, event in zip(links, events, strict=True):
        previous = digest(previous, event)
        assert link.digest == previous


def test_the_digest_is_sha_256_over_the_previous_one_and_the_event_as_sorted_json(time: ManualClock) -> None:
    event = Event(
        id=7,
        at=time.now(),
        kind="k",
        subject="case",
        subject_id=2,
        actor="clerk:olga",
        door="store",
        data={"b": 1, "a": "号"},
    )
    text = json.dumps(
        {"id": 7, "at": "2026-01-12T09:00:00.000000+00:00", "kind": "k", "subject": "case", "subject_id": 2, "case_id": None,
         "actor": "clerk:olga", "door": "store", "reason": "", "source": "", "target": "", "data": {"a": "号", "b": 1}},
        sort_keys=True, separators=(",", ":"), ensure_ascii=False,
    )  # fmt: skip
    assert digest("ab", event) == hashlib.sha256(("ab" + text).encode()).hexdigest()


def test_nothing_new_is_nothing_to_do(base: DjangoDatabase, time: ManualClock) -> None:
    _say(base, time)
    assert [sequence(base), sequence(base)] == [1, 0]


def test_more_than_a_batch_is_linked_in_one_chain(base: DjangoDatabase, time: ManualClock) -> None:
    _say(base, time, 25)
    assert sequence(base, batch=10) == 25
    _say(base, time, 5)
    assert sequence(base, batch=2) == 5
    assert [link.place for link in _links(base)] == list(range(1, 31))
    assert audit(base).ok


def test_an_event_that_committed_after_later_ones_gets_a_later_place(
    base: DjangoDatabase, time: ManualClock, database_url: str
) -> None:
    _say(base, time, 2)
    _insert(database_url, 10, time)
    sequence(base)
    _insert(database_url, 7, time)
    assert sequence(base) == 1
    assert [link.event_id for link in _links(base)] == [1, 2, 10, 7]
    assert audit(base).ok


def test_an_event_that_committed_very_late_is_found_by_a_thorough_search(
    base: DjangoDatabase, time: ManualClock, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencer, "LOOK_BACK", 5)
    _insert(database_url, 100, time)
    sequence(base)
    _insert(database_url, 90, time)
    assert sequence(base) == 0
    assert sequence(base, thorough=True) == 1


@pytest.mark.element
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer: nothing is beside it
def test_an_event_still_uncommitted_is_left_until_it_is(
    base: DjangoDatabase, time: ManualClock, database_url: str
) -> None:
    with psycopg.connect(database_url) as slow:
        slow.execute(
            "INSERT INTO audit_event (at, kind, subject, subject_id, actor, door, reason, source, target, data) "
            "VALUES (now(), 'slow', 'subscriber', 1, 'clerk:olga', 'store', '', '', '', '{}')"
        )
        _say(base, time, 2)
        assert sequence(base) == 2
        slow.commit()
    assert sequence(base) == 1
    assert [link.event_id for link in _links(base)] == [2, 3, 1]
    assert audit(base).ok


def _in_threads(count: int, work: Callable[[], Any]) -> list[Any]:
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as trouble:
            results.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_several_sequencers_at_once_make_one_chain(base: DjangoDatabase, time: ManualClock) -> None:
    _say(base, time, 200)
    together = threading.Barrier(3)

    def work() -> int:
        together.wait()
        return sequence(base, batch=7)

    assert sum(_in_threads(3, work)) == 200
    assert [link.place for link in _links(base)] == list(range(1, 201))
    assert audit(base).ok


class _Beaten:
    """A database in which another sequencer takes the place between the reading and the writing, ``times`` over."""

    def __init__(self, base: DjangoDatabase, times: int) -> None:
        self.base, self.times = base, times

    def transact(self, work: Callable[[Store], T]) -> T:
        if self.times:
            self.times -= 1
            sequence(self.base, batch=1)
            raise Conflict("somebody else changed this first")
        return self.base.transact(work)


def test_a_sequencer_that_came_second_reads_again(base: DjangoDatabase, time: ManualClock) -> None:
    _say(base, time, 5)
    assert sequence(_Beaten(base, times=2)) == 0
    assert [link.place for link in _links(base)] == [1, 2, 3, 4, 5]


def test_a_place_is_given_once(base: DjangoDatabase, time: ManualClock) -> None:
    _say(base, time, 2)
    sequence(base)
    first, second = _links(base)
    again = Link(place=first.place, event_id=second.event_id + 1, digest=START)
    with pytest.raises(Conflict):
        base.transact(lambda rows: rows.insert_all([again], Link))  # type: ignore[attr-defined]


def test_a_sequencer_that_never_gets_the_place_gives_up_with_the_conflict(
    base: DjangoDatabase, time: ManualClock
) -> None:
    _say(base, time)
    with pytest.raises(Conflict):
        sequence(_Beaten(base, times=1000))

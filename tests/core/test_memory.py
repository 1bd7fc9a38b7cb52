"""Rows in memory: what the simulator relies on beyond what every store promises."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.memory import MemoryStore, changed
from lastcall.core.numbers.number import Reservation
from lastcall.core.plan import Change, Insert, Plan, Remove
from lastcall.core.store import Store

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
KEPT = Reservation(msisdn=1, until=NOON, purpose="a")
TOLD = Event(at=NOON, kind="x", subject="y", subject_id=1, actor="a:b", door="d")


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    made.transact(lambda rows: rows.apply(Plan((Insert(KEPT),), (TOLD,))))
    return made


def test_events_are_counted_upward_from_one(store: MemoryStore) -> None:
    store.apply(Plan(events=(TOLD, TOLD)))
    assert [event.id for event in store.events] == [1, 2, 3]


def test_a_copy_lives_on_its_own(store: MemoryStore) -> None:
    copy = store.copy()
    copy.apply(Plan((Remove(Reservation, {"msisdn": 1}),), (TOLD,)))
    assert (store.count(Reservation, {}), len(store.events)) == (1, 1)
    assert (copy.count(Reservation, {}), len(copy.events)) == (0, 2)


@pytest.mark.parametrize("trouble", [KeyError, KeyboardInterrupt], ids=["an error", "an interrupt"])
def test_whatever_interrupts_a_transaction_undoes_it(store: MemoryStore, trouble: type[BaseException]) -> None:
    def work(rows: Store) -> None:
        rows.apply(Plan((Change(Reservation, {"msisdn": 1}, {"purpose": "b"}),), (TOLD,)))
        rows.apply(Plan((Remove(Reservation, {"msisdn": 1}), Insert(changed(KEPT, {"msisdn": 2})))))
        raise trouble

    with pytest.raises(trouble):
        store.transact(work)
    assert list(store.rows(Reservation).values()) == [KEPT]
    assert len(store.events) == 1


def test_what_was_touched_is_noted(store: MemoryStore) -> None:
    store.touched.clear()
    store.apply(Plan((Change(Reservation, {"msisdn": 1}, {"purpose": "b"}),)))
    assert store.touched == [changed(KEPT, {"purpose": "b"})]


def test_a_changed_copy_leaves_the_row_as_it_is() -> None:
    other = changed(KEPT, {"purpose": "b"})
    assert (KEPT.purpose, other.purpose, other.until) == ("a", "b", NOON)
    assert type(other) is Reservation

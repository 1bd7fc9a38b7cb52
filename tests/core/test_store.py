"""What every store promises, on memory, SQLite and PostgreSQL alike: reading, guarded writing, all or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import Conflict
from lastcall.core.job import Job
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.number import PendingRelease, Quarantine, Reservation
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Change, Insert, InsertMissing, Plan, Remove, Write
from lastcall.core.store import Database, Drain
from lastcall.core.subscribers.subscriber import Representative, Subscriber

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(params=["memory", "database"])
def kept(request: pytest.FixtureRequest, base: DjangoDatabase, time: ManualClock) -> Database:
    """The database, and beside it memory."""
    return MemoryStore() if request.param == "memory" else base


def write(kept: Database, *writes: Write) -> None:
    kept.transact(lambda rows: rows.apply(Plan(writes)))


def job(number: int, **given: Any) -> Job:
    values: dict[str, Any] = {
        "id": number, "kind": "errand", "subject_id": number, "about": "", "state": "queued", "due_at": NOON + number * HOUR
    }  # fmt: skip
    return Job(**(values | given))


def found(kept: Database, order: str = "id", limit: int | None = None, /, **where: Any) -> list[int]:
    return [row.id for row in kept.transact(lambda rows: rows.some(Job, where, order=order, limit=limit))]


def test_a_row_comes_back_as_it_was_written(kept: Database) -> None:
    moscow = timezone(timedelta(hours=3))
    person = Subscriber(
        id=2**62, kind="person", name="李伟 «Вэй» '); --", name_latin="Li Wei", citizenship="CN", language="zh-hans",
        created_at=datetime(2026, 1, 12, 12, 0, 0, 123456, tzinfo=moscow), self_ban=True,
    )  # fmt: skip
    event = Event(at=NOON, kind="x", subject="y", subject_id=1, actor="a:b", door="d", data={"ключ": [1, None, "值"]})
    kept.transact(lambda rows: rows.apply(Plan((Insert(person),), (event,))))
    again = kept.transact(lambda rows: rows.one(Subscriber, {"id": 2**62}))
    assert again == person and again is not None
    assert again.created_at.utcoffset() is not None
    [told] = kept.transact(lambda rows: rows.some(Event, {"subject": "y"}))
    assert (told.data, told.case_id, told.at) == (event.data, None, NOON)
    assert told.id > 0


CONDITIONS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4]),
    ({"id": 3}, [3]),
    ({"id": 9}, []),
    ({"due_at": NOON + 2 * HOUR}, [2]),
    ({"due_at__lte": NOON + 2 * HOUR}, [1, 2]),
    ({"due_at__lt": NOON + 2 * HOUR}, [1]),
    ({"due_at__gte": NOON + 3 * HOUR}, [3, 4]),
    ({"due_at__gt": NOON + 3 * HOUR}, [4]),
    ({"state__ne": "queued"}, [4]),
    ({"state__in": ["queued", "done"]}, [1, 2, 3, 4]),
    ({"state__in": ("done",), "id__gt": 1}, [4]),
    ({"state__in": []}, []),
    ({"lease_until": None}, [1, 2, 3]),
    ({"lease_until__ne": None}, [4]),
    ({"lease_until__lte": NOON + 9 * HOUR}, [4]),
    ({"kind": "errand", "about": "", "lease_until": None, "id__lte": 2}, [1, 2]),
]


def test_a_number_that_no_column_holds_is_in_no_row(kept: Database) -> None:
    write(kept, Insert(job(1)))
    for number in (2**63, 10**30, -(2**63) - 1):
        assert kept.transact(lambda rows, number=number: rows.one(Job, {"id": number})) is None  # type: ignore[misc]
    assert found(kept) == [1]


def test_conditions_mean_the_same_everywhere(kept: Database) -> None:
    write(kept, *(Insert(job(number)) for number in (2, 1, 3)), Insert(job(4, state="done", lease_until=NOON)))
    for where, expected in CONDITIONS:
        assert found(kept, **where) == expected, where
        assert kept.transact(lambda rows: rows.count(Job, where)) == len(expected)  # noqa: B023 - called at once
        one = kept.transact(lambda rows: rows.one(Job, where))  # noqa: B023 - called at once
        assert (one is None) == (not expected) and (one is None or one.id in expected)


def test_order_and_limit(kept: Database) -> None:
    write(kept, *(Insert(job(number)) for number in (2, 1, 3)))
    assert found(kept, "due_at") == [1, 2, 3]
    assert found(kept, "-due_at") == [3, 2, 1]
    assert found(kept, "-due_at", 2) == [3, 2]
    assert found(kept, "id", 0) == []


def test_a_change_needs_exactly_the_row_it_relied_on(kept: Database) -> None:
    write(kept, Insert(job(1)), Insert(job(2)))
    write(kept, Change(Job, {"id": 1, "state": "queued"}, {"state": "done", "finished_at": NOON}))
    for where in ({"id": 1, "state": "queued"}, {"id": 9}, {"kind": "errand"}, {"id": 2, "lease_until__ne": None}):
        with pytest.raises(Conflict):
            write(kept, Change(Job, where, {"state": "dead"}))
    assert found(kept, state="dead") == []
    assert found(kept, finished_at=NOON) == [1]


def test_a_removal_needs_exactly_the_row_it_relied_on(kept: Database) -> None:
    write(kept, Insert(Reservation(msisdn=1, until=NOON, purpose="a")))
    with pytest.raises(Conflict):
        write(kept, Remove(Reservation, {"msisdn": 1, "purpose": "b"}))
    write(kept, Remove(Reservation, {"msisdn": 1, "purpose": "a"}))
    with pytest.raises(Conflict):
        write(kept, Remove(Reservation, {"msisdn": 1, "purpose": "a"}))


def test_a_key_is_taken_once_and_a_missing_row_is_added_once(kept: Database) -> None:
    first = Reservation(msisdn=1, until=NOON, purpose="a")
    write(kept, Insert(first))
    with pytest.raises(Conflict):
        write(kept, Insert(first))
    write(kept, InsertMissing(Reservation(msisdn=1, until=NOON, purpose="b")))
    write(kept, InsertMissing(Reservation(msisdn=2, until=NOON, purpose="c")))
    reservations = kept.transact(lambda rows: rows.some(Reservation, {}, order="msisdn"))
    assert [(row.msisdn, row.purpose) for row in reservations] == [(1, "a"), (2, "c")]


def test_all_is_written_or_nothing(kept: Database) -> None:
    write(kept, Insert(job(1)))
    event = Event(at=NOON, kind="x", subject="y", subject_id=1, actor="a:b", door="d")
    plan = Plan(
        (Change(Job, {"id": 1}, {"state": "dead"}), Insert(job(2)), Change(Job, {"id": 9}, {"state": "dead"})), (event,)
    )
    with pytest.raises(Conflict):
        kept.transact(lambda rows: rows.apply(plan))

    class Interrupted(Exception):
        """Whatever goes wrong in a service."""

    def interrupted(rows: Any) -> None:
        rows.apply(Plan((Remove(Job, {"id": 1}), Insert(job(3))), (event,)))
        assert rows.one(Job, {"id": 1}) is None
        raise Interrupted

    with pytest.raises(Interrupted):
        kept.transact(interrupted)
    assert found(kept) == [1] and found(kept, state="queued") == [1]
    assert kept.transact(lambda rows: rows.count(Event, {})) == 0


def test_a_transaction_inside_a_transaction_is_part_of_it(kept: Database) -> None:
    def outer(rows: Any) -> None:
        rows.apply(Plan((Insert(job(1)),)))
        kept.transact(lambda inner: inner.apply(Plan((Insert(job(2)),))))
        raise KeyError

    with pytest.raises(KeyError):
        kept.transact(outer)
    assert found(kept) == []


def test_the_job_due_first_is_claimed_and_no_other(kept: Database) -> None:
    write(kept, Insert(job(3)), Insert(job(1, state="done")), Insert(job(2, state="leased")), Insert(job(4)))

    def claimed(at: datetime) -> int | None:
        return kept.transact(lambda rows: getattr(rows.claim(at), "id", None))

    assert claimed(NOON + HOUR) is None
    assert claimed(NOON + 2 * HOUR) == 2
    write(kept, Change(Job, {"id": 2}, {"due_at": NOON + 9 * HOUR}))
    assert claimed(NOON + 5 * HOUR) == 3


def test_draining_moves_the_oldest_due_members_and_tells_of_each(kept: Database) -> None:
    person = Subscriber(id=1, kind="person", name="A", name_latin="A", citizenship="RU", language="ru", created_at=NOON)
    write(kept, Insert(person))
    for number in (3, 1, 2, 4):
        until = NOON + number * HOUR
        tenure = Tenure(
            id=number, msisdn=number, ordinal=1, subscriber_id=1, since=NOON, until=until, ending="ceased",
            reclaim_until=until, quarantine_until=until + HOUR,
        )  # fmt: skip
        member = PendingRelease(reclaim_until=until, msisdn=number, tenure_id=number, quarantine_until=until + HOUR)
        write(kept, Insert(tenure), Insert(member))
    drain = Drain(
        PendingRelease, "reclaim_until", "number.quarantined", "pending_release", "quarantined", 2, into=Quarantine
    )
    now = NOON + 3 * HOUR
    assert [kept.transact(lambda rows: rows.drain(drain, now=now)) for _ in range(3)] == [2, 1, 0]
    moved = kept.transact(lambda rows: rows.some(Quarantine, {}, order="quarantine_until"))
    assert [row.msisdn for row in moved] == [1, 2, 3]
    assert [row.msisdn for row in kept.transact(lambda rows: rows.some(PendingRelease, {}))] == [4]
    events = kept.transact(lambda rows: rows.some(Event, {"kind": "number.quarantined"}, order="id"))
    assert [(event.subject_id, event.at, event.target, event.data) for event in events] == [
        (number, now, "quarantined", {}) for number in (1, 2, 3)
    ]


def test_dates_keep_their_day_whatever_the_time_zone(kept: Database) -> None:
    person = Subscriber(id=1, kind="person", name="A", name_latin="A", citizenship="RU", language="ru", created_at=NOON)
    write(kept, Insert(person))

    papers = Representative(
        id=2, subscriber_id=1, kind="heir", name="B", document_key="", powers="", notarised=False, on_file_since=NOON,
        valid_until=date(2026, 12, 31),
    )  # fmt: skip
    write(kept, Insert(papers))
    assert kept.transact(lambda rows: rows.one(Representative, {"valid_until": date(2026, 12, 31)})) == papers
    assert kept.transact(lambda rows: rows.count(Representative, {"valid_until__lt": date(2026, 12, 31)})) == 0


def test_a_datetime_without_a_zone_is_never_written(base: DjangoDatabase) -> None:
    naive = datetime(2026, 1, 12, 12)  # noqa: DTZ001 - that it is naive is the point
    with pytest.raises(ValueError, match="time zone"):
        write(base, Insert(job(1, due_at=naive)))
    with pytest.raises(ValueError, match="time zone"):
        found(base, due_at__lte=naive)
    assert found(base) == []

"""The sweep: what is due leaves pending release for quarantine and quarantine for anybody, in batches, at its moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.numbers.life import read_life
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.sweep import Swept, sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from tests.cast import FIRST, LI_WEI_MSISDN, Cast
from tests.core.tools import nothing_changes, some

TICK = timedelta(microseconds=1)


def state(cast: Cast) -> str:
    return cast.base.transact(lambda rows: read_life(rows, LI_WEI_MSISDN)).state


def test_a_number_rests_to_the_last_moment_and_is_then_anybodys(cast: Cast) -> None:
    cast.closed()
    cast.time.advance(timedelta(days=cast.policy.reactivation_window_days) - TICK)
    assert sweep(cast.base) == Swept(0, 0, 0)
    cast.time.advance(TICK)
    assert sweep(cast.base) == Swept(quarantined=1, released=0, reservations_ended=0)
    assert state(cast) == "quarantined"
    rest = cast.policy.quarantine_days - cast.policy.reactivation_window_days
    cast.time.advance(timedelta(days=rest) - TICK)
    assert sweep(cast.base) == Swept(0, 0, 0)
    cast.time.advance(TICK)
    assert sweep(cast.base) == Swept(quarantined=0, released=1, reservations_ended=0)
    assert state(cast) == "available"


def test_a_sweep_that_comes_late_does_both_at_once(cast: Cast) -> None:
    cast.closed()
    cast.time.advance(timedelta(days=400))
    assert sweep(cast.base) == Swept(quarantined=1, released=1, reservations_ended=0)
    assert state(cast) == "available"


def test_each_move_leaves_one_event_of_its_tenure(cast: Cast) -> None:
    cast.closed()
    assert cast.li_wei.line is not None
    cast.time.advance(timedelta(days=400))
    sweep(cast.base)
    events = [event for event in some(cast.base, Event) if event.actor == "system:sweep"]
    assert [(event.kind, event.source, event.target) for event in events] == [
        ("number.quarantined", "pending_release", "quarantined"),
        ("number.released", "quarantined", "available"),
    ]
    assert {event.subject_id for event in events} == {cast.li_wei.line.tenure_id}
    assert {event.at for event in events} == {cast.time.now()}


def test_sweeping_again_changes_nothing(cast: Cast) -> None:
    cast.closed()
    cast.time.advance(timedelta(days=400))
    sweep(cast.base)
    with nothing_changes():
        assert sweep(cast.base) == Swept(0, 0, 0)


def ceased(cast: Cast, count: int, *, apart: timedelta) -> None:
    """Numbers ceased one after the other, the first now."""
    now, window, rest = cast.time.now(), timedelta(days=60), timedelta(days=180)
    writes = []
    for place in range(count):
        until, msisdn = now + place * apart, FIRST + 5_000 + place
        tenure = Tenure(
            id=1_000 + place, msisdn=msisdn, ordinal=1, subscriber_id=cast.sergei.subscriber.id, since=now, until=until,
            ending="ceased", reclaim_until=until + window, quarantine_until=until + rest,
        )  # fmt: skip
        pending = PendingRelease(
            reclaim_until=until + window, msisdn=msisdn, tenure_id=tenure.id, quarantine_until=until + rest
        )
        writes += [Insert(tenure), Insert(pending)]
    cast.base.transact(lambda rows: rows.apply(Plan(tuple(writes))))


@pytest.mark.parametrize(
    ("apart", "batch"),
    [(timedelta(0), 3), (timedelta(0), 10), (timedelta(seconds=1), 1), (TICK, 3)],
    ids=["at once", "all at once", "one by one", "microseconds apart"],
)
def test_batches_move_everything_that_is_due_and_nothing_else(cast: Cast, apart: timedelta, batch: int) -> None:
    ceased(cast, 10, apart=apart)
    told: list[tuple[str, int]] = []
    due = 10 if not apart else 7
    cast.time.advance(timedelta(days=60) + 6 * apart)
    swept = sweep(cast.base, batch=batch, progress=lambda *step: told.append(step))
    assert swept == Swept(quarantined=due, released=0, reservations_ended=0)
    assert told[-1] == ("quarantined", due) and len(told) == -(-due // batch)
    assert len(some(cast.base, Quarantine)) == due
    assert len(some(cast.base, PendingRelease)) == 10 - due


def test_one_that_was_stopped_half_way_is_taken_up_again(cast: Cast) -> None:
    ceased(cast, 6, apart=timedelta(seconds=1))
    cast.time.advance(timedelta(days=61))

    class Stopped(Exception):
        """The sweep ends here."""

    def stop(step: str, count: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        sweep(cast.base, batch=2, progress=stop)
    assert len(some(cast.base, Quarantine)) == 2
    assert sweep(cast.base, batch=2).quarantined == 4

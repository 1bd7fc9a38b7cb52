"""When its hours are over the file is gone from here; that there was one stays known, and an event tells of its end."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.forgetting import forget
from lastcall.core.simcard.backup import Backup, Ciphertext
from tests.core.simcard.at_the_counter import Visit
from tests.core.tools import nothing_changes, only, some, written


def test_the_file_is_deleted_after_its_hours_and_not_before(visit: Visit) -> None:
    visit.save(visit.taken())
    sealed = only(visit.base, Ciphertext).sealed
    visit.cast.time.advance(timedelta(hours=24) - timedelta(seconds=1))
    forget(visit.base, policy=visit.cast.policy)
    assert sealed in written()
    visit.cast.time.advance(timedelta(seconds=1))
    forget(visit.base, policy=visit.cast.policy)
    assert sealed not in written()
    assert only(visit.base, Backup).deleted_at == clock.now()
    assert only(visit.base, Event, kind="backup.deleted").case_id == visit.case_id


def test_twice_is_once(visit: Visit) -> None:
    visit.save(visit.taken())
    visit.cast.time.advance(timedelta(hours=25))
    forget(visit.base, policy=visit.cast.policy)
    with nothing_changes():
        assert forget(visit.base, policy=visit.cast.policy) == 0


def test_only_so_many_at_a_time(visit: Visit) -> None:
    for _ in range(2):
        handling = visit.taken()
        visit.save(handling)
        visit.done(handling)
    visit.cast.time.advance(timedelta(hours=24))
    left = []
    for _ in range(2):
        forget(visit.base, policy=visit.cast.policy, most=1)
        left.append(len(some(visit.base, Ciphertext)))
    assert left == [1, 0]

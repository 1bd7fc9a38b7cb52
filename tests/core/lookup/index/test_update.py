"""Updating the index: what has happened since is in it, and it is the same as one built anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from lastcall.core import clock
from lastcall.core.audit.event import Event
from lastcall.core.audit.sequencer import sequence
from lastcall.core.errors import BadInput
from lastcall.core.lookup.index import advance as advancing
from lastcall.core.lookup.index import layout
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.keep import keep_current
from lastcall.core.lookup.index.reading import last_place
from lastcall.core.lookup.index.status import status
from lastcall.core.lookup.index.update import update
from lastcall.core.lookup.pair import COMPLEX, NEVER, NOBODY, NOT_COVERED, day_from
from lastcall.core.plan import Plan
from tests.cast import ANNA_MSISDN, FIRST, FREE_MSISDN, Cast
from tests.core.lookup.index.lives import OURS, Walk, agrees, close, give_range, happen, put_right, same_entries

EVERYTHING = {"assign", "withdraw", "cease", "transfer", "port_out", "reactivate", "return", "correct", "wait"}


@pytest.fixture
def index(cast: Cast, path: Path) -> Index:
    build(cast.base, path=path, policy=cast.policy)
    return Index.open(path)


def test_a_closing_is_in_after_the_update_for_those_who_have_it_open(cast: Cast, path: Path, index: Index) -> None:
    close(cast, cast.anna)
    cast.time.advance(timedelta(seconds=5))
    assert update(cast.base, path=path, policy=cast.policy) > 0
    disconnect, activation = index.find(ANNA_MSISDN)
    assert (day_from(disconnect), activation) == (date(2026, 3, 13), NOBODY)
    assert index.as_of == clock.now()
    assert update(cast.base, path=path, policy=cast.policy) == 0


def test_a_correction_lowers_what_a_closing_had_raised(cast: Cast, path: Path, index: Index) -> None:
    happen(cast, "cease", ANNA_MSISDN)
    wrong = cast.anna.line
    assert wrong is not None
    cast.time.advance(timedelta(days=9))
    happen(cast, "reactivate", ANNA_MSISDN)
    update(cast.base, path=path, policy=cast.policy)
    assert index.find(ANNA_MSISDN) == (COMPLEX, COMPLEX)
    put_right(cast, wrong.tenure_id)
    update(cast.base, path=path, policy=cast.policy)
    disconnect, activation = index.find(ANNA_MSISDN)
    assert (disconnect, day_from(activation)) == (NEVER, date(2026, 1, 12))


def test_a_number_given_back_to_the_regulator_without_ever_a_holder_is_found(
    cast: Cast, path: Path, index: Index
) -> None:
    happen(cast, "withdraw", OURS + 7)
    update(cast.base, path=path, policy=cast.policy)
    assert index.find(OURS + 7) == (COMPLEX, COMPLEX)
    assert index.find(OURS + 8) == (NEVER, NOBODY)


def test_a_number_of_anothers_range_gets_a_block_while_readers_look_on(cast: Cast, path: Path, index: Index) -> None:
    """A number that was ported in."""
    far = FIRST + 5_000_000
    assert index.find(far) == (NOT_COVERED, NOBODY)
    happen(cast, "assign", far, cast.sergei.subscriber.id)
    update(cast.base, path=path, policy=cast.policy)
    assert index.find(far) == (NEVER, index.find(far)[1]) and index.find(far)[1] > 0
    assert index.find(far + 1) == (NOT_COVERED, NOBODY)
    assert status(cast.base, path=path).sound


def test_an_index_without_room_for_another_block_is_built_anew(
    cast: Cast, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lastcall.core.lookup.index.build._with_spare", lambda blocks: blocks)
    build(cast.base, path=path, policy=cast.policy)
    old = Index.open(path)
    happen(cast, "assign", FIRST + 5_000_000, cast.sergei.subscriber.id)
    assert update(cast.base, path=path, policy=cast.policy) > 0
    assert old.superseded
    agrees(cast, path, (FIRST + 5_000_000, ANNA_MSISDN))


@pytest.mark.parametrize("seed", [1, 2])
def test_random_lives_agree_with_the_rule_and_with_an_index_built_anew(
    cast: Cast, path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(advancing, "BATCH", 7)
    build(cast.base, path=path, policy=cast.policy)
    walk = Walk(cast, seed)
    for _ in range(6):
        walk.go(45)
        update(cast.base, path=path, policy=cast.policy)
        agrees(cast, path, walk.msisdns)
    assert walk.taken == EVERYTHING
    anew = path.with_name("anew")
    build(cast.base, path=anew, policy=cast.policy)
    agrees(cast, anew, walk.msisdns)
    assert same_entries(path, anew)
    assert Index.open(anew).applied == Index.open(path).applied
    assert Index.open(anew).known_since == Index.open(path).known_since == date(2026, 1, 12)


def test_events_that_are_applied_twice_change_nothing(cast: Cast, path: Path, index: Index) -> None:
    Walk(cast, 3).go(40)
    update(cast.base, path=path, policy=cast.policy)
    before, applied = index.entries.copy(), index.applied
    with path.open("r+b") as file:
        file.seek(layout.LIVE_AT + 8 * layout.APPLIED)
        file.write(bytes(16))  # place and digest: as if nothing had ever been applied
    assert update(cast.base, path=path, policy=cast.policy) == applied
    assert (index.entries == before).all()


def test_a_register_that_changes_our_ranges_has_it_built_anew(cast: Cast, path: Path, index: Index) -> None:
    give_range(cast, OURS + 50_000, OURS + 50_001)
    _register_read(cast)
    update(cast.base, path=path, policy=cast.policy)
    assert index.superseded
    assert Index.open(path).find(OURS + 50_001) == (NEVER, NOBODY)


def test_a_register_with_the_same_ranges_of_ours_is_none_of_its_business(cast: Cast, path: Path, index: Index) -> None:
    _register_read(cast)
    assert update(cast.base, path=path, policy=cast.policy) == 1
    assert not index.superseded


def _register_read(cast: Cast) -> None:
    event = Event(at=clock.now(), kind="register.imported", subject="register", subject_id=1, actor="-", door="command")
    cast.base.transact(lambda rows: rows.apply(Plan((), (event,))))


def test_a_block_that_was_altered_by_another_hand_is_not_made_right_by_an_update(
    cast: Cast, path: Path, index: Index
) -> None:
    place = int(index.directory[(ANNA_MSISDN - 70_000_000_000) // 10_000]) * layout.BLOCK_BYTES
    with path.open("r+b") as file:
        file.seek(layout.BLOCKS_AT + place)
        file.write(b"\x02\x00")
    assert not status(cast.base, path=path).sound
    close(cast, cast.anna)
    update(cast.base, path=path, policy=cast.policy)
    assert index.superseded
    assert status(cast.base, path=path).sound
    assert Index.open(path).find(FIRST) == (NOT_COVERED, NOBODY)


def test_an_index_of_another_state_of_the_database_is_built_anew(cast: Cast, path: Path, index: Index) -> None:
    """A database that was brought back from a copy has other events at the same places."""
    with path.open("r+b") as file:
        file.seek(layout.LIVE_AT + 8 * layout.HEAD)
        file.write(b"\x01\x02\x03\x04\x05\x06\x07\x00")
    update(cast.base, path=path, policy=cast.policy)
    assert index.superseded


def test_an_index_of_another_time_zone_is_built_anew(cast: Cast, path: Path, index: Index, settings_zone: None) -> None:
    update(cast.base, path=path, policy=cast.policy)
    assert index.superseded
    agrees(cast, path, (ANNA_MSISDN, FREE_MSISDN))


@pytest.fixture
def settings_zone(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TIME_ZONE", "Asia/Vladivostok")


def test_without_an_index_there_is_nothing_to_update(cast: Cast, path: Path) -> None:
    with pytest.raises(BadInput) as trouble:
        update(cast.base, path=path, policy=cast.policy)
    assert trouble.value.code == "no_index"


def test_two_who_update_at_once_take_turns(cast: Cast, path: Path, index: Index) -> None:
    Walk(cast, 4).go(30)
    sequence(cast.base)
    place = cast.base.transact(last_place)
    before = index.applied
    counts: list[int] = []

    def count() -> None:
        counts.append(update(cast.base, path=path, policy=cast.policy))
        connections.close_all()

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == place - before
    assert sorted(counts)[:2] == [0, 0]


def test_the_keeper_builds_what_is_missing_and_then_keeps_it_current(
    cast: Cast, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LASTCALL_INDEX", path)
    stop = threading.Event()
    keeper = threading.Thread(target=keep_current, args=(cast.base,), kwargs={"stop": stop, "seconds": 0.01})
    keeper.start()
    try:
        _wait(path.exists)
        index = Index.open(path)
        close(cast, cast.anna)
        _wait(lambda: index.find(ANNA_MSISDN)[1] == NOBODY)
    finally:
        stop.set()
        keeper.join()


def _wait(until: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1_000):
        if until():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come")

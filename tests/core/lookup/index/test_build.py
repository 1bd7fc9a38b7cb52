"""Building the index: what it says of every number is what the rule says of the number's evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import cast as cast_to

import numpy as np
import pytest

from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput
from lastcall.core.lookup.days import day_of
from lastcall.core.lookup.index import reading
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.status import status
from lastcall.core.lookup.pair import COMPLEX, NEVER, NOBODY, NOT_COVERED, day_from, day_number
from lastcall.core.numbers.tenure import Tenure
from tests.cast import ANNA_MSISDN, FIRST, FREE_MSISDN, Cast
from tests.core.lookup.index.lives import OURS, close, happen


def test_a_number_in_use_has_the_first_day_of_its_holder(cast: Cast, path: Path) -> None:
    build(cast.base, path=path, policy=cast.policy)
    index = Index.open(path)
    disconnect, activation = index.find(ANNA_MSISDN)
    assert disconnect == NEVER
    assert day_from(activation) == date(2026, 1, 12)
    assert index.find(FREE_MSISDN) == (NOT_COVERED, NOBODY)
    assert {index.find(OURS + within) for within in (0, 9_999, 10_000, 30_000)} == {(NEVER, NOBODY)}
    assert {index.find(OURS + outside) for outside in (-1, 30_001, 40_000)} == {(NOT_COVERED, NOBODY)}
    assert index.find(8613800138000) == (COMPLEX, COMPLEX)


def test_a_closed_number_has_its_last_day_and_nobody(cast: Cast, path: Path) -> None:
    close(cast, cast.anna)
    build(cast.base, path=path, policy=cast.policy)
    disconnect, activation = Index.open(path).find(ANNA_MSISDN)
    assert day_from(disconnect) == date(2026, 3, 13)
    assert activation == NOBODY


def test_a_number_that_went_to_another_operator_is_asked_of_the_database(cast: Cast, path: Path) -> None:
    happen(cast, "port_out", ANNA_MSISDN)
    build(cast.base, path=path, policy=cast.policy)
    assert Index.open(path).find(ANNA_MSISDN) == (COMPLEX, COMPLEX)


def test_a_holder_who_came_back_the_next_day_never_left_for_the_pair(cast: Cast, path: Path) -> None:
    close(cast, cast.anna)
    cast.time.advance(timedelta(hours=20))
    happen(cast, "reactivate", ANNA_MSISDN)
    build(cast.base, path=path, policy=cast.policy)
    disconnect, activation = Index.open(path).find(ANNA_MSISDN)
    assert (day_from(disconnect), day_from(activation)) == (date(2026, 3, 13), date(2026, 1, 12))


def test_a_holder_who_came_back_after_a_week_is_asked_of_the_database(cast: Cast, path: Path) -> None:
    close(cast, cast.anna)
    cast.time.advance(timedelta(days=7))
    happen(cast, "reactivate", ANNA_MSISDN)
    build(cast.base, path=path, policy=cast.policy)
    assert Index.open(path).find(ANNA_MSISDN) == (COMPLEX, COMPLEX)


def test_the_directory_and_the_entries_say_the_same_as_find(cast: Cast, path: Path) -> None:
    """Who checks millions reads the arrays."""
    build(cast.base, path=path, policy=cast.policy)
    index = Index.open(path)
    assert (index.prefix, index.digits) == ("7", 10)
    assert index.directory.shape == (1_000_000,) and index.directory.dtype == np.int32
    assert index.entries.dtype == np.uint16 and index.entries.shape[1] == 2
    national = ANNA_MSISDN - 70_000_000_000
    place = int(index.directory[national // 10_000]) * 10_000 + national % 10_000
    assert tuple(index.entries[place]) == index.find(ANNA_MSISDN)
    assert index.directory[(FIRST - 1 - 70_000_000_000) // 10_000] == -1


def test_the_status_says_how_old_how_large_and_that_it_is_whole(cast: Cast, path: Path) -> None:
    built = build(cast.base, path=path, policy=cast.policy)
    cast.time.advance(timedelta(seconds=90))
    cast.give_line(cast.sergei, FREE_MSISDN)
    now = status(cast.base, path=path)  # Sergei's line is not in
    assert (built.age_seconds, built.behind, built.sound) == (0, 0, True)
    assert (now.age_seconds, now.sound) == (90, True)
    assert now.behind > 0
    assert now.numbers == 30_001 + 2
    assert now.blocks == 5
    assert now.known_since == date(2026, 1, 12)
    assert now.bytes == path.stat().st_size


def test_the_policy_may_state_since_when_the_evidence_is_whole(cast: Cast, path: Path) -> None:
    stated = replace(cast.policy, lookup_known_since="2026-02-01")
    assert build(cast.base, path=path, policy=stated).known_since == date(2026, 2, 1)


def test_there_must_be_an_index_to_be_opened(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as trouble:
        Index.open(tmp_path / "none")
    assert trouble.value.code == "no_index"


def test_a_file_that_is_no_index_or_is_cut_short_is_not_opened(cast: Cast, path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"no index" * 1_000)
    build(cast.base, path=path, policy=cast.policy)
    for damage in ("header", "version", "end"):
        raw = bytearray(path.read_bytes())
        if damage == "header":
            raw[40] ^= 1
        if damage == "version":
            raw[8] = 2
        (path.with_name(damage)).write_bytes(raw[:-1] if damage == "end" else raw)
    for name in ("other", "header", "version", "end"):
        with pytest.raises(BadInput) as trouble:
            Index.open(path.with_name(name))
        assert trouble.value.code == "bad_index"


def test_a_reader_is_told_that_another_file_took_the_place(cast: Cast, path: Path) -> None:
    build(cast.base, path=path, policy=cast.policy)
    old = Index.open(path)
    assert not old.superseded and old.is_at(path)
    build(cast.base, path=path, policy=cast.policy)
    assert old.superseded and not old.is_at(path)
    assert old.find(ANNA_MSISDN) == Index.open(path).find(ANNA_MSISDN)
    assert not Index.open(path).superseded


def test_a_build_that_is_broken_off_leaves_the_old_index_and_the_next_one_cleans_up(cast: Cast, path: Path) -> None:
    build(cast.base, path=path, policy=cast.policy)
    before = path.read_bytes()

    def no_further(done: int, total: int) -> None:
        raise KeyboardInterrupt

    left_behind = path.with_name("lookup.index.new")
    with pytest.raises(KeyboardInterrupt):
        build(cast.base, path=path, policy=cast.policy, progress=no_further)
    assert path.read_bytes() == before
    assert not left_behind.exists()
    left_behind.mkdir()
    (left_behind / "index").write_bytes(b"of a build that was killed")
    build(cast.base, path=path, policy=cast.policy)
    assert not left_behind.exists()


def test_a_large_table_is_read_in_many_pieces_and_each_row_once(
    cast: Cast, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL by two connections that see the same moment; pages and pieces are made small for it."""
    monkeypatch.setattr(reading, "PAGES", 1)
    monkeypatch.setattr(reading, "WORTH_A_SECOND", 2)
    monkeypatch.setattr(reading, "ROWS", 100)
    began = [cast.time.now() - timedelta(days=400 + place) for place in range(1_500)]
    tenures = [
        Tenure(id=place + 1, msisdn=OURS + place * 19, ordinal=1, subscriber_id=cast.anna.subscriber.id, since=since)
        for place, since in enumerate(began)
    ]
    cast.base.transact(lambda rows: cast_to(DatabaseStore, rows).insert_all(tenures, Tenure))
    built = build(cast.base, path=path, policy=cast.policy)
    index = Index.open(path)
    assert [index.find(row.msisdn) for row in tenures] == [(NEVER, day_number(day_of(since))) for since in began]
    assert built.numbers == 30_001 + 2
    assert built.known_since == day_of(began[-1])

"""Folding tenures by the million: the same as the rule says of one number after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lastcall.core.lookup.evidence import evidence
from lastcall.core.lookup.index.moments import LATER, OPEN, Calendar
from lastcall.core.lookup.index.recompute import place_absent
from lastcall.core.lookup.index.tenures import CEASED, Tenures, fold, never_closed
from lastcall.core.lookup.pair import NEVER, ORIGIN, pair_of
from lastcall.core.numbers.tenure import Tenure
from tests.core.lookup.histories import MOSCOW, MSISDN, History, histories, written

ABSENT = {"ported_out", "withdrawn"}


def columns(tenures: list[Tenure], calendar: Calendar) -> Tenures:
    """Rows as columns, the way the databases give them."""
    rows = np.array(
        [
            (
                row.msisdn,
                row.ordinal + (CEASED if row.ending == "ceased" else 0),
                row.subscriber_id,
                int(row.since.timestamp()),
                LATER if row.until is None else int(row.until.timestamp()),
            )
            for row in tenures
        ],
        np.int64,
    ).reshape(-1, 5)
    number, code, holder, since, until = rows.T
    return Tenures(number, code, holder, calendar.days(since), calendar.days(until))


@pytest.fixture(scope="module")
def moscow() -> Calendar:
    return Calendar(MOSCOW)


@settings(max_examples=200, deadline=None)
@given(history=histories(), random=st.randoms(use_true_random=False))
def test_a_number_s_tenures_fold_to_the_pair_of_its_evidence(
    moscow: Calendar, history: History, random: object
) -> None:
    """In whatever order they come, and beside another number's."""
    assume(not history.corrected and history.periods)
    rows = written(history)
    tenures = rows.some(Tenure, {})
    random.shuffle(tenures)  # type: ignore[attr-defined]
    numbers, pairs = fold(columns(tenures, moscow))
    if history.state in ABSENT:
        place_absent(pairs, np.array([0]))
    disconnect, activation = pair_of(evidence(rows, msisdn=MSISDN, known_since=ORIGIN))
    assert numbers.tolist() == [MSISDN]
    assert pairs.tolist() == [disconnect | activation << 16]


@settings(max_examples=30, deadline=None)
@given(lives=st.lists(histories(), min_size=2, max_size=8))
def test_many_numbers_at_once_fold_as_each_alone(moscow: Calendar, lives: list[History]) -> None:
    read = [[row for row in written(life).some(Tenure, {})] for life in lives]
    alone = [fold(columns(tenures, moscow))[1].tolist() for tenures in read]
    each = [columns(tenures, moscow) for tenures in read]
    names = ("number", "code", "holder", "since", "until")
    shifted = [
        Tenures(one.number + place, one.code, one.holder, one.since, one.until) for place, one in enumerate(each)
    ]
    together = Tenures(*(np.concatenate([getattr(one, name) for one in reversed(shifted)]) for name in names))
    assert fold(together)[1].tolist() == [pair for pairs in alone for pair in pairs]


def test_a_first_holder_who_is_still_there_needs_no_fold(moscow: Calendar) -> None:
    since = np.array([2, 9_500, 60_000, -400, 70_000], np.int64)
    held = Tenures(np.arange(5), np.ones(5, np.int64), np.arange(5), since, np.full(5, OPEN, np.int64))
    assert never_closed(since).tolist() == fold(held)[1].tolist()
    assert set((never_closed(since) & 0xFFFF).tolist()) == {NEVER}


@pytest.mark.parametrize(
    "zone", ["Europe/Moscow", "Asia/Vladivostok", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
)
def test_days_are_those_of_the_calendar_of_the_zone(zone: str) -> None:
    """Every three and a half hours of fifteen years, and seconds around midnights."""
    calendar, there = Calendar(ZoneInfo(zone)), ZoneInfo(zone)
    start = int(datetime(2005, 1, 1, tzinfo=UTC).timestamp())
    seconds = np.arange(start, start + 15 * 366 * 86_400, 12_600)[::3]
    seconds = np.concatenate((seconds, seconds // 3_600 * 3_600, seconds // 3_600 * 3_600 - 1))
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    expected = [((epoch + timedelta(seconds=int(one))).astimezone(there).date() - ORIGIN).days for one in seconds]
    assert calendar.days(seconds).tolist() == expected
    assert calendar.days(np.array([LATER])).tolist() == [OPEN]

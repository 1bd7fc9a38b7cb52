"""What is said of many pairs at once is what is said of each, and what the readings say of the tenures themselves."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.lookup import pair
from lastcall.core.lookup.bulk.asking import DatabaseAsking, Reader
from lastcall.core.lookup.bulk.meaning import ANSWERS, ASK, FUTURE, Meaning
from lastcall.core.lookup.bulk.pairs import PairTable
from lastcall.core.lookup.evidence import Evidence, evidence
from lastcall.core.lookup.readings import SEMANTICS
from tests.core.lookup.bulk.knowledge import MemoryIndex
from tests.core.lookup.histories import MSISDN, START, History, histories, written

TODAY, SINCE = 9_500, 4_000
_ENDS = (0, 1, 2, 3, SINCE - 1, SINCE, SINCE + 1, 7_000, TODAY - 1, TODAY, TODAY + 1, 65_534)
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(("today", "since"), [(TODAY, SINCE), (TODAY, TODAY), (SINCE, TODAY), (TODAY, 2)])
@pytest.mark.parametrize("name", ["camara", "disconnect"])
def test_every_pair_is_read_as_one_alone(name: str, today: int, since: int) -> None:
    ends = [*_ENDS, pair.COMPLEX]
    cases = [
        (disconnect, activation, day) for disconnect in ends for activation in ends for day in _ENDS[1:]
        if (disconnect == pair.COMPLEX) == (activation == pair.COMPLEX)
    ]  # fmt: skip
    columns = np.array(cases, np.uint16)
    pairs = np.ascontiguousarray(columns[:, :2]).view(np.uint32)[:, 0]
    meaning = Meaning(name, today, since)
    codes = meaning.codes(pairs, np.ascontiguousarray(columns[:, 2]))
    scalar = {"camara": pair.camara, "disconnect": pair.disconnect}[name]
    for case, code in zip(cases, codes.tolist(), strict=True):
        said = None if code == ASK else meaning.words[code]
        assert said == scalar(*case, today=today, known_since=since), case


def test_a_reason_is_no_answer() -> None:
    for name, answers in ANSWERS.items():
        assert FUTURE not in answers
        assert len(set(Meaning(name, 1, 1).words)) == len(Meaning(name, 1, 1).words)


def _came_back_at_once(found: Evidence) -> bool:
    """Ported out and back with the same holder within a day: the rest that a returned number has makes this impossible, and a pair
    cannot tell it from a holding without a break."""
    pairs = pairwise(found.spans)
    return any(
        then.ending == "ported_out" and then.until is not None and then.holder == now.holder
        and now.since <= then.until + timedelta(days=1)
        for then, now in pairs
    )  # fmt: skip


@MANY
@given(history=histories(), late=st.sampled_from((0, 0, 3)))
@pytest.mark.parametrize("semantics", SEMANTICS)
@pytest.mark.parametrize("with_index", [True, False], ids=["index", "database"])
def test_random_lives_are_read_as_the_readings_read_them(
    semantics: str, with_index: bool, history: History, late: int
) -> None:
    rows, since = written(history), START.date() + timedelta(days=late)
    with clock.use(ManualClock(history.moment(history.now))):
        found = evidence(rows, msisdn=MSISDN, known_since=since)
        assume(not _came_back_at_once(found))
        today = history.day(history.now)
        meaning = Meaning(semantics, pair.day_number(today), pair.day_number(since))
        table = PairTable(MemoryIndex({MSISDN: found}) if with_index else None)
        reader = Reader(table, meaning, DatabaseAsking(rows, meaning))
        days = [since + timedelta(days=count) for count in range(-6, (today - since).days + 4)]
        numbers = np.full(len(days), MSISDN, np.int64)
        codes = reader.codes(numbers, np.array([pair.day_number(day) for day in days], np.uint16))
    for day, code in zip(days, codes.tolist(), strict=True):
        assert meaning.words[code] == SEMANTICS[semantics](found, day, today=today), day


def test_a_number_outside_of_the_index_was_never_covered() -> None:
    with_one = MemoryIndex({})
    table = PairTable(with_one)
    assert table.of(np.array([0, -1, 78_000_000_000, 99_999_999_999], np.int64)).tolist() == [0, 0, 0, 0]


def test_the_calendar_has_every_day_of_the_century_once() -> None:
    from lastcall.core.lookup.bulk.pairs import calendar

    found = calendar()
    numbers = np.sort(found[found > 0])
    first, last = pair.day_number(date(2000, 1, 1)), pair.day_number(date(2099, 12, 31))
    assert numbers.tolist() == list(range(first, last + 1))

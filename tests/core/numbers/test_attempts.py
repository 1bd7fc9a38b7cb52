"""The file of attempts: read line by line, nothing kept of a bad one, nothing of numbers that do not rest, nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lastcall.core.actor import SYSTEM, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.errors import NotAllowed
from lastcall.core.numbers.attempts import AttemptsError, Imported, import_file
from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.numbers.sweep import sweep
from tests.cast import ANNA_MSISDN, FREE_MSISDN, IRINA, LI_WEI_MSISDN, NIKOLAI, OLGA, ON_THE_WEB, Cast
from tests.core.audit import stories
from tests.core.tools import nothing_changes, refused, some

HEADER = "number,day,calls,messages"


@pytest.fixture
def resting(cast: Cast) -> Cast:
    """Li Wei's number rests; Anna's is in service."""
    cast.closed()
    return cast


def today(cast: Cast) -> date:
    return (cast.time.now() + timedelta(hours=3)).date()


def written(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    path = tmp_path / "attempts.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def row(cast: Cast, *, days_ago: int = 1, calls: int = 5, messages: int = 2, number: int = LI_WEI_MSISDN) -> str:
    return f"+{number},{today(cast) - timedelta(days=days_ago)},{calls},{messages}"


def imported(cast: Cast, path: Path, *, by: Actor = NIKOLAI) -> Imported:
    return import_file(cast.base, path=path, policy=cast.policy, actor=by)


def test_only_numbers_that_rest_are_kept(resting: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, row(resting), *(row(resting, number=number) for number in (ANNA_MSISDN, FREE_MSISDN)))
    assert imported(resting, path) == Imported(rows=3, kept=1, known=0, dropped=2)
    day = today(resting) - timedelta(days=1)
    assert some(resting.base, Attempts) == [Attempts(msisdn=LI_WEI_MSISDN, day=day, calls=5, messages=2)]


def test_in_quarantine_and_overdue_it_still_rests_and_once_released_it_does_not(resting: Cast, tmp_path: Path) -> None:
    for days in (61, 125, 1):
        resting.time.advance(timedelta(days=days))
        assert imported(resting, written(tmp_path, row(resting))).kept == 1
        if days == 61:
            sweep(resting.base)
    sweep(resting.base)
    assert imported(resting, written(tmp_path, row(resting, calls=8))).dropped == 1


def test_the_same_file_again_changes_nothing(resting: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, row(resting), row(resting, days_ago=2))
    imported(resting, path)
    with nothing_changes():
        assert imported(resting, path) == Imported(rows=2, kept=0, known=2, dropped=0)


def test_another_count_of_the_same_day_replaces_the_first(resting: Cast, tmp_path: Path) -> None:
    imported(resting, written(tmp_path, row(resting)))
    assert imported(resting, written(tmp_path, row(resting, calls=0))).kept == 1
    assert [each.calls for each in some(resting.base, Attempts)] == [0]


def test_an_import_leaves_one_event_of_counts_alone(resting: Cast, tmp_path: Path) -> None:
    imported(resting, written(tmp_path, row(resting), row(resting, number=FREE_MSISDN)))
    [event] = some(resting.base, Event, kind="numbers.attempts_imported")
    assert event.data == {"rows": 2, "kept": 1, "dropped": 1}
    assert not personal(event) and stories.broken(resting) == set()


_BAD = (
    ("89000001001,2026-03-20,1,1", "E.164"), ("anna,2026-03-20,1,1", "E.164"), (",2026-03-20,1,1", "E.164"),
    ("+79000001001,2026-02-30,1,1", "calendar"), ("+79000001001,20.03.2026,1,1", "calendar"),
    ("+79000001001,2026-03-20T00:00:00Z,1,1", "calendar"), ("+79000001001,2099-01-01,1,1", "to come"),
    ("+79000001001,2026-03-20,-1,1", "whole numbers"), ("+79000001001,2026-03-20,1.5,1", "whole numbers"),
    ("+79000001001,2026-03-20,1,", "whole numbers"), ("+79000001001,2026-03-20,1", "3 columns"),
)  # fmt: skip


def test_every_bad_row_is_named_by_its_line_and_nothing_is_kept(resting: Cast, tmp_path: Path) -> None:
    path = written(tmp_path, row(resting), *(line for line, _ in _BAD))
    with nothing_changes(), pytest.raises(AttemptsError) as trouble:
        imported(resting, path)
    problems = trouble.value.problems
    assert len(problems) == len(_BAD)
    for place, (problem, (_, why)) in enumerate(zip(problems, _BAD, strict=True), start=3):
        assert problem.startswith(f"line {place}: ") and why in problem
    assert "9000001001" not in f"{trouble.value.message} {problems}"


def test_a_number_and_day_twice_in_a_file_is_a_bad_row(resting: Cast, tmp_path: Path) -> None:
    with nothing_changes(), pytest.raises(AttemptsError) as trouble:
        imported(resting, written(tmp_path, row(resting), row(resting, calls=1)))
    assert trouble.value.problems == ("line 3: this number and day came before",)


def test_a_file_with_another_header_or_in_another_encoding_is_not_read(resting: Cast, tmp_path: Path) -> None:
    with refused("bad_attempts", AttemptsError):
        imported(resting, written(tmp_path, row(resting), header="msisdn,day,calls,messages"))
    (tmp_path / "attempts.csv").write_bytes("номер,day\n".encode("cp1251"))
    with refused("bad_attempts", AttemptsError):
        imported(resting, tmp_path / "attempts.csv")


def test_days_too_long_ago_to_count_are_neither_kept_nor_left(resting: Cast, tmp_path: Path) -> None:
    days = resting.policy.quiet_days
    path = written(tmp_path, row(resting, days_ago=days), row(resting, days_ago=days + 1))
    assert imported(resting, path) == Imported(rows=2, kept=1, known=0, dropped=1)
    resting.time.advance(timedelta(days=1))
    imported(resting, written(tmp_path, row(resting)))
    assert [each.day for each in some(resting.base, Attempts)] == [today(resting) - timedelta(days=1)]


def test_where_the_policy_asks_for_no_quiet_nothing_is_kept(resting: Cast, tmp_path: Path) -> None:
    policy = replace(resting.policy, quiet_days=0)
    done = import_file(resting.base, path=written(tmp_path, row(resting)), policy=policy, actor=NIKOLAI)
    assert done.dropped == 1 and some(resting.base, Attempts) == []


def test_only_number_room_and_system_import(resting: Cast, tmp_path: Path) -> None:
    for by in (OLGA, IRINA, ON_THE_WEB):
        with refused("not_allowed", NotAllowed):
            imported(resting, written(tmp_path, row(resting)), by=by)
    assert imported(resting, written(tmp_path, row(resting)), by=Actor(SYSTEM, "cron", "command")).kept == 1

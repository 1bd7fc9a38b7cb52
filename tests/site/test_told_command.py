"""``lastcall told``: how telling stands, what waits for a person, and the daily file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from lastcall.core.ports import Answered
from tests.cast import Cast
from tests.core.telling.stage import Stage
from tests.site.terminal import Terminal


@pytest.fixture
def stage(cast: Cast, tmp_path: Path) -> Iterator[Stage]:
    with override_settings(LASTCALL_DAILY=tmp_path / "daily"):
        yield Stage(cast, cast.policy)


def test_nothing_is_there_at_first(stage: Stage, lastcall: Terminal) -> None:
    assert lastcall("told", "dead", "--json").document == []
    told = lastcall("told", "status", "--json").document
    assert (told["interests"], told["dead"], told["endpoints"]) == (0, 0, [])
    assert "No consumer" in lastcall("told", "status").out


def test_a_dead_delivery_is_listed_and_tried_again(stage: Stage, lastcall: Terminal) -> None:
    stage.with_webhook(stage.bank(), "https://bank.example/hook?token=very-secret")
    stage.net.answer = lambda sent: Answered(500, {})
    stage.ceased()
    stage.tell()
    for _ in range(5):
        stage.later(days=1)

    (letter,) = lastcall("told", "dead", "--json").document
    assert (letter["kind"], letter["error"], letter["number"]) == ("ceased", "answered_500", "+7 900 ***-**-01")
    assert letter["id"] in lastcall("told", "dead").out
    (endpoint,) = lastcall("told", "status", "--json").document["endpoints"]
    assert (endpoint["host"], endpoint["state"]) == ("bank.example", "active")
    assert "very-secret" not in lastcall("told", "status").out
    assert lastcall("told", "retry", letter["id"]).code == 0
    assert lastcall("told", "dead", "--json").document == []
    assert lastcall("told", "retry", letter["id"]).code == 4


def test_a_dead_delivery_can_be_left_to_the_feed(stage: Stage, lastcall: Terminal) -> None:
    stage.with_webhook(stage.bank())
    stage.net.answer = lambda sent: Answered(500, {})
    stage.ceased()
    for _ in range(6):
        stage.later(days=1)
    (letter,) = lastcall("told", "dead", "--json").document
    assert lastcall("told", "skip", letter["id"], "--as", "auditor:vera").code == 3
    assert lastcall("told", "skip", letter["id"]).code == 0
    assert lastcall("told", "dead", "--json").document == []


def test_the_daily_file_is_put_where_it_is_wanted(stage: Stage, lastcall: Terminal, tmp_path: Path) -> None:
    stage.tell()
    stage.ceased()
    stage.tell()
    stage.cast.time.advance(timedelta(days=1))
    out = tmp_path / "out.csv"
    made = lastcall("told", "daily", "2026-03-13", str(out), "--json").document
    assert (made["day"], made["rows"]) == ("2026-03-13", 1)
    assert out.read_text().splitlines() == ["number,day,kind", "+79000001001,2026-03-13,ceased"]


@pytest.mark.parametrize(("day", "code"), [("2026-03-32", 2), ("2026-3-1", 2), ("2026-03-13", 3), ("2020-01-01", 4)])
def test_a_day_that_has_no_file_is_refused(
    stage: Stage, lastcall: Terminal, tmp_path: Path, day: str, code: int
) -> None:
    stage.tell()
    assert lastcall("told", "daily", day, str(tmp_path / "out.csv"), "--json").code == code

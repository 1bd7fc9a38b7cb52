"""The holder sees who was told about the number: the day and the kind of organisation."""

from __future__ import annotations

from datetime import date, timedelta

from lastcall.core.relying.asked import Asking
from lastcall.core.telling import daily, telling
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN
from tests.core.telling.stage import LI_WEIS, Stage

THE_DAY = date(2026, 3, 13)


def told(
    stage: Stage, msisdn: int = LI_WEI_MSISDN, *, since: date = THE_DAY, until: date | None = None
) -> list[Asking]:
    return list(stage.base.transact(lambda rows: telling.of_number(rows, msisdn=msisdn, since=since, until=until)))


def test_what_was_pushed_counts_on_the_day_it_was_taken(stage: Stage) -> None:
    stage.with_webhook(stage.bank())
    stage.ceased()
    stage.tell()
    assert told(stage) == [Asking("bank", THE_DAY, 1, "told")]
    assert told(stage, ANNA_MSISDN) == []


def test_what_lies_in_the_feed_counts_when_it_is_read_and_once(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.later(days=1)
    assert told(stage) == []
    stage.events(bank)
    stage.later(days=1)
    stage.events(bank)
    assert told(stage) == [Asking("bank", THE_DAY + timedelta(days=1), 1, "told")]


def test_a_daily_file_counts_for_each_number_in_it_when_it_is_fetched(stage: Stage) -> None:
    stage.tell()
    stage.ceased()
    stage.later(days=2)
    app = stage.consumer("An App", category="app")
    for _ in range(2):
        daily.fetch(stage.base, access=app, day=THE_DAY)
    assert told(stage) == [Asking("app", THE_DAY + timedelta(days=2), 1, "told")]
    assert told(stage, ANNA_MSISDN) == []


def test_only_the_days_that_are_asked_for_are_told(stage: Stage) -> None:
    bank = stage.bank()
    stage.interested(stage.consumer("App", category="app"), LI_WEIS)
    stage.with_webhook(bank)
    stage.ceased()
    stage.tell()
    stage.later(days=3)
    stage.given_back()
    stage.tell()

    last = THE_DAY + timedelta(days=3)
    assert [one.day for one in told(stage)] == [THE_DAY, last]
    assert [one.day for one in told(stage, since=last)] == [last]
    assert [one.day for one in told(stage, until=THE_DAY)] == [THE_DAY]

"""Releases are told of before they come, once for each date, and wait for the notice."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.numbers import rules
from lastcall.core.numbers.number import Quarantine
from lastcall.core.telling import announce
from lastcall.core.telling.announcement import Announcement
from tests.cast import LI_WEI_MSISDN
from tests.core.telling.stage import ANNAS, LI_WEIS, Stage


def soon(stage: Stage) -> list[Announcement]:
    return sorted(stage.rows(Announcement, kind="release_soon"), key=lambda one: one.id)


def test_a_release_is_told_of_two_weeks_before_with_its_day(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.rested()
    stage.later(days=3)
    assert stage.kinds(bank) == ["ceased", "reclaim_ended"]

    stage.near_its_release()
    stage.tell()
    (announced,) = soon(stage)
    tenure = stage.tenure()
    assert announced.due_at == tenure.quarantine_until
    assert stage.events(bank)[-1]["data"]["notBefore"] == "2026-04-12"
    assert stage.base.transact(lambda rows: announce.notice_given(rows, tenure.id))


def test_a_number_in_which_nobody_has_an_interest_is_not_told_of_and_not_held_up(stage: Stage) -> None:
    stage.bank(ANNAS)
    stage.ceased()
    stage.released()

    assert not stage.rows(Announcement)
    tenure_id = stage.tenure().id
    assert not stage.base.transact(lambda rows: announce.notice_given(rows, tenure_id))


def test_a_number_is_not_released_before_its_notice_is_over_when_we_were_late_to_give_it(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.rested()
    until = stage.tenure().quarantine_until
    assert until is not None
    stage.cast.time.advance(until - clock.now() - timedelta(days=2))  # nobody has told anything since
    stage.tell()
    told_at = clock.now()
    stage.cast.time.advance(timedelta(days=2, seconds=1))
    stage.swept()
    assert stage.state() == "quarantined"
    stage.tell()
    assert "rest_extended" in stage.kinds(bank)

    stage.cast.time.advance(told_at + timedelta(days=14) - clock.now() - timedelta(minutes=1))
    stage.tell()
    stage.swept()
    assert stage.state() == "quarantined"
    stage.later(minutes=2)
    stage.swept()
    assert stage.state() == "available"


def test_nothing_that_nobody_has_looked_at_is_released(stage: Stage) -> None:
    stage.bank()
    stage.ceased()
    stage.rested()
    until = stage.tenure().quarantine_until
    assert until is not None
    stage.cast.time.advance(until - clock.now() + timedelta(days=1))
    stage.swept()
    assert stage.state() == "quarantined"


def test_an_interest_that_comes_late_is_told_too_and_moves_no_date(stage: Stage) -> None:
    stage.bank()
    stage.ceased()
    stage.rested()
    stage.near_its_release()
    late = stage.consumer("Late Bank")
    stage.later(days=10)
    stage.interested(late, LI_WEIS)
    stage.tell()
    stage.tell()

    assert stage.kinds(late) == ["release_soon"]
    assert len(soon(stage)) == 1
    stage.later(days=5)
    stage.swept()
    assert stage.state() == "available"


def test_a_rest_that_is_made_longer_is_told_and_so_is_the_new_date_when_it_comes_near(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.rested()
    stage.near_its_release()
    (quarantine,) = stage.rows(Quarantine, msisdn=LI_WEI_MSISDN)
    longer = quarantine.quarantine_until + timedelta(days=30)
    stage.base.transact(
        lambda rows: rows.apply(
            rules.extend(quarantine, until=longer, reason="asked", actor=WORKER, now=clock.now(), data={"days": 30})
        )
    )
    stage.tell()
    assert stage.kinds(bank)[-1] == "rest_extended"
    assert stage.events(bank)[-1]["data"]["notBefore"] == "2026-05-12"

    stage.near_its_release()
    assert stage.kinds(bank)[-1] == "release_soon"
    assert [one.due_at for one in soon(stage)] == [quarantine.quarantine_until, longer]


def test_looking_again_and_again_tells_nothing_new(stage: Stage) -> None:
    bank = stage.bank()
    stage.ceased()
    stage.rested()
    stage.near_its_release()
    for number in range(3):
        stage.interested(bank, f"+7900000200{number}")  # each makes us look at all again
        stage.tell()

    assert len(soon(stage)) == 1
    assert stage.kinds(bank).count("release_soon") == 1

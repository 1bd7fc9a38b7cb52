"""The daily file: written once after midnight on the operator's clocks, never changed, with later rows for what comes later."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from lastcall.core.actor import Actor
from lastcall.core.audit.sequencer import sequence
from lastcall.core.errors import NotFound, Refused
from lastcall.core.numbers import correction
from lastcall.core.relying import consumers
from lastcall.core.relying.hashing import number_hash
from lastcall.core.telling import daily
from lastcall.core.telling.announce import follow
from lastcall.core.telling.closed import Closed, DailyFile
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN
from tests.core.telling.stage import ANNAS, LI_WEIS, SVETLANA, Stage

THE_DAY = date(2026, 3, 13)
"""On which the stage begins, at noon in Moscow."""
NOTHING = "number,day,kind\r\n"


def lines(path: Path) -> list[tuple[str, str, str]]:
    with path.open(newline="", encoding="ascii") as file:
        return [(row["number"], row["day"], row["kind"]) for row in csv.DictReader(file)]


def test_a_day_with_closings_has_a_row_for_each(stage: Stage) -> None:
    stage.tell()
    stage.ceased()
    stage.ceased(ANNA_MSISDN)
    stage.later(hours=11)
    assert not daily.path_for(THE_DAY).exists()  # 23:00 in Moscow
    stage.later(hours=2)

    assert lines(daily.path_for(THE_DAY)) == [(LI_WEIS, "2026-03-13", "ceased"), (ANNAS, "2026-03-13", "ceased")]
    assert daily.path_for(THE_DAY).stat().st_mode & 0o777 == 0o600


def test_a_day_without_any_has_a_file_with_only_the_header(stage: Stage) -> None:
    stage.tell()
    stage.later(days=2)
    assert daily.path_for(THE_DAY).read_bytes().decode() == NOTHING
    assert daily.path_for(THE_DAY + timedelta(days=1)).read_bytes().decode() == NOTHING


def test_what_is_learnt_after_the_file_was_written_stands_in_the_next_one_with_its_own_day(stage: Stage) -> None:
    stage.tell()
    stage.ceased()  # and nobody has read the log by midnight
    stage.cast.time.advance(timedelta(hours=13))
    daily.write(stage.base, day=THE_DAY)
    stage.later(days=1)

    assert daily.path_for(THE_DAY).read_bytes().decode() == NOTHING
    assert lines(daily.path_for(THE_DAY + timedelta(days=1))) == [(LI_WEIS, "2026-03-13", "ceased")]


def test_what_takes_a_closing_back_is_a_row_of_its_own(stage: Stage) -> None:
    stage.tell()
    stage.ceased()
    stage.later(days=1)
    stage.given_back()
    asked = correction.ask(
        stage.base, tenure_id=_former(stage), reason="reported_in_error", reference="letter 12", policy=stage.policy,
        actor=Actor("number_manager", "nikolai", "command"),
    )  # fmt: skip
    correction.approve(stage.base, correction_id=asked.id, actor=Actor("number_manager", "galina", "command"))
    stage.later(days=1)

    assert lines(daily.path_for(THE_DAY)) == [(LI_WEIS, "2026-03-13", "ceased")]
    assert lines(daily.path_for(THE_DAY + timedelta(days=1))) == [
        (LI_WEIS, "2026-03-14", "returned"), (LI_WEIS, "2026-03-14", "corrected"),
    ]  # fmt: skip


def _former(stage: Stage) -> int:
    follows = stage.tenure().follows_id
    assert follows is not None
    return follows


def test_a_file_is_written_once_and_put_back_when_it_is_gone_or_altered(stage: Stage) -> None:
    stage.tell()
    stage.ceased()
    stage.later(days=1)
    path = daily.path_for(THE_DAY)
    before = path.read_bytes()
    path.unlink()
    assert daily.write(stage.base, day=THE_DAY).read_bytes() == before
    path.write_bytes(b"altered")
    assert daily.write(stage.base, day=THE_DAY).read_bytes() == before
    assert len(stage.rows(DailyFile, day=THE_DAY)) == 1


def test_a_writer_that_dies_before_the_file_is_there_leaves_it_to_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object) -> Path:
        raise KeyboardInterrupt

    stage.tell()
    stage.ceased()
    stage.cast.time.advance(timedelta(days=1))
    sequence(stage.base)
    follow(stage.base, stage.policy)
    with monkeypatch.context() as dying:
        dying.setattr(daily, "_kept", die)
        with pytest.raises(KeyboardInterrupt):
            daily.write(stage.base, day=THE_DAY)
    access = stage.consumer()

    assert lines(daily.fetch(stage.base, access=access, day=THE_DAY)) == [(LI_WEIS, "2026-03-13", "ceased")]


def test_a_day_is_not_written_before_it_is_over_nor_before_those_before_it(stage: Stage) -> None:
    stage.tell()
    with pytest.raises(Refused) as refused:
        daily.write(stage.base, day=THE_DAY)
    assert refused.value.code == "day_not_over"
    stage.cast.time.advance(timedelta(days=5))
    with pytest.raises(Refused) as refused:
        daily.write(stage.base, day=THE_DAY + timedelta(days=2))
    assert refused.value.code == "out_of_turn"
    with pytest.raises(NotFound):
        daily.write(stage.base, day=date(2020, 1, 1))


def test_a_consumer_fetches_it_plainly_or_with_its_own_hashes(stage: Stage) -> None:
    stage.tell()
    stage.ceased()
    stage.later(days=1)
    bank = stage.consumer()
    key = consumers.hash_key(stage.base, bank.consumer_id)

    assert lines(daily.fetch(stage.base, access=bank, day=THE_DAY))[0][0] == LI_WEIS
    hashed = daily.fetch(stage.base, access=bank, day=THE_DAY, hashed=True)
    assert lines(hashed) == [(number_hash(key, LI_WEI_MSISDN), "2026-03-13", "ceased")]
    consumers.rotate_hash_key(stage.base, name=bank.name, actor=SVETLANA)
    assert lines(daily.fetch(stage.base, access=bank, day=THE_DAY, hashed=True)) != lines(hashed)


def test_without_the_agreement_or_in_a_sandbox_nothing_is_fetched(stage: Stage) -> None:
    stage.tell()
    stage.later(days=1)
    for access, code in (
        (stage.consumer(told=False), "no_agreement"),
        (stage.consumer("Sand", sandbox=True), "sandbox"),
    ):
        with pytest.raises(Refused) as refused:
            daily.fetch(stage.base, access=access, day=THE_DAY)
        assert refused.value.code == code


def test_a_file_is_kept_as_long_as_the_policy_says(stage: Stage) -> None:
    stage.policy = replace(stage.policy, told_daily_days=2)
    stage.tell()
    stage.ceased()
    stage.later(days=2)
    access = stage.consumer()
    daily.fetch(stage.base, access=access, day=THE_DAY, hashed=True)
    stage.later(days=1)

    assert not list(daily.path_for(THE_DAY).parent.glob("2026-03-13*"))
    assert not stage.rows(Closed)
    with pytest.raises(NotFound):
        daily.fetch(stage.base, access=access, day=THE_DAY)


def test_a_number_closed_twice_in_two_days_is_in_both_files(stage: Stage) -> None:
    stage.tell()
    stage.ceased()
    stage.given_back()
    stage.later(days=1)
    stage.ceased()
    stage.later(days=1)
    assert [kind for *_, kind in lines(daily.path_for(THE_DAY))] == ["ceased", "returned"]
    assert [kind for *_, kind in lines(daily.path_for(THE_DAY + timedelta(days=1)))] == ["ceased"]

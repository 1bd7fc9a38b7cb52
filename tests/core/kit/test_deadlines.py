"""The dates after a statement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lastcall.core.closing.letters.letter import Day, Items
from lastcall.core.kit.kit import Kit, make_kit
from tests.core.kit.kits import ALL, MADE_AT, ON, english, make, pack, part


def days(kit: Kit) -> dict[str, date]:
    return {each.key: each.on for each in kit.deadlines}


def later(key: str, operator: str = "mts") -> date:
    return ON + timedelta(days=pack(operator).entry(key).value)


def test_refund_reclaim_and_release_count_from_the_statement_by_the_pack() -> None:
    found = days(english())
    assert found["refund"] == later("refund.deadline_days")
    assert found["reclaim"] == later("reactivation.window_days")
    assert found["given_away"] == later("quarantine.days")


def test_another_operator_may_have_other_days() -> None:
    assert days(english(operator="t2"))["refund"] == later("refund.deadline_days", "t2")
    assert later("refund.deadline_days", "t2") != later("refund.deadline_days")


def test_who_switches_gets_the_dates_of_the_move_and_none_of_the_end() -> None:
    found = days(english("switching"))
    assert found["moved"] == later("mnp.days_individual")
    assert found["move_latest"] == later("mnp.future_days_max")
    assert not {"ended", "reclaim", "given_away"} & set(found)


def test_the_situation_adds_what_it_must() -> None:
    assert "restricted" in days(english(situation="foreigner"))
    assert "restricted" not in days(english())
    assert "reclaim_heir" in days(english(situation="heir"))


def test_a_day_that_is_over_is_no_deadline_and_one_to_come_is() -> None:
    assert "redo" not in days(english(situation="foreigner"))
    before = pack().entry("foreigner.redo_until").value - timedelta(days=5)
    early = make_kit(pack=pack(), language="en", reason="leaving", situation="foreigner", on=before, made_at=MADE_AT)
    assert days(early)["redo"] == pack().entry("foreigner.redo_until").value


@pytest.mark.parametrize(("reason", "situation"), ALL)
def test_every_kit_has_dates_in_order_each_with_its_source(reason: str, situation: str) -> None:
    found = english(reason, situation).deadlines
    assert found
    assert [each.on for each in found] == sorted(each.on for each in found)
    assert all(each.source and each.source_date for each in found)
    assert len({each.key for each in found}) == len(found)


def test_a_date_is_sure_only_when_several_sources_agree_on_it() -> None:
    sure = {each.key: each.sure for each in english("unused").deadlines}
    assert sure["idle"] is True
    assert sure["reclaim"] is False, "one lawyer said so"
    assert sure["given_away"] is False, "the sources disagree"


def test_a_date_that_is_not_sure_says_so_in_its_text() -> None:
    for each in english("leaving").deadlines:
        assert ("not sure: ask the operator" in each.text.shown()) == (not each.sure)


def test_the_letter_has_the_same_dates() -> None:
    kit = make("leaving", "foreigner")
    boxes = [item.text.shown() for block in part(kit, "kit_deadlines").blocks if isinstance(block, Items) and block.mark == "box"
             for item in block.items]  # fmt: skip
    assert boxes == [f"{_shown(each.on)}: {each.title.shown()}" for each in kit.deadlines]


def _shown(day: date) -> str:
    return Day(day).shown()


def test_a_pack_without_a_term_gives_no_date_for_it() -> None:
    without = replace(pack(), on=ON)
    without.__dict__["_in_force"] = {key: entry for key, entry in without._in_force.items() if key != "quarantine.days"}
    kit = make_kit(pack=without, language="en", reason="leaving", situation="in_country", on=ON, made_at=MADE_AT)
    assert "given_away" not in days(kit)

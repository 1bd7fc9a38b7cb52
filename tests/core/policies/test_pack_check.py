"""Checking packs against one another: bounds, floors, gaps, what has run out, doubles, and what is not confirmed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lastcall.core.policies.check import check_packs
from lastcall.core.policies.document import Problem

from .packs import DAY, OPERATOR_LINES, entry, operator, ru


def errors(*paths: Path, on: date = DAY) -> list[Problem]:
    return [problem for problem in check_packs(paths, on=on) if problem.severity == "error"]


def only(*paths: Path, on: date = DAY) -> Problem:
    found = errors(*paths, on=on)
    assert len(found) == 1, found
    return found[0]


def jurisdiction(folder: Path, before: str, after: str) -> Path:
    """The shipped jurisdiction with one place changed, under the same name."""
    text = ru()
    assert text.count(before) == 1, before
    path = folder / "ru.toml"
    path.write_text(text.replace(before, after), encoding="utf-8")
    return path


WITHIN = (
    entry("refund.deadline_days", "20"),
    entry("hold.hours_default", "48"),
    entry("limits.over_limit_action", '"all"'),
    entry("hold.waived_in_person", "false"),
)


def test_an_operator_within_the_bounds_is_clean(tmp_path: Path) -> None:
    assert errors(operator(tmp_path, *WITHIN)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("identity.code_digits", "4"),
        ("identity.code_minutes", "30"),
        ("identity.code_tries", "50"),
        ("hold.hours_default", "0"),
        ("notice.contact_age_days", "1"),
        ("inactivity.min_days", "30"),
        ("refund.methods", '["bank_account", "gold"]'),
        ("ported.number_on_cease", '"sell"'),
    ],
)
def test_an_override_is_measured_by_the_jurisdictions_bounds(tmp_path: Path, key: str, value: str) -> None:
    assert only(operator(tmp_path, entry(key, value))).key == key


def test_an_override_out_of_bounds_names_both_files(tmp_path: Path) -> None:
    problem = only(operator(tmp_path, entry("refund.deadline_days", "90")))
    law = ru().splitlines().index("[refund.deadline_days]") + 1
    assert (problem.file, problem.line) == (str(tmp_path / "ours.toml"), OPERATOR_LINES + 1)
    assert f"packs/ru.toml:{law}" in problem.message
    assert "60" in problem.message


def test_what_the_law_fixes_cannot_be_overridden(tmp_path: Path) -> None:
    problem = only(operator(tmp_path, entry("limits.citizen", "50")))
    assert "leaves operators no room" in problem.message


def test_an_operator_may_not_set_bounds_of_its_own(tmp_path: Path) -> None:
    assert only(operator(tmp_path, entry("refund.deadline_days", "20", "max = 900"))).key == "refund.deadline_days"


@pytest.mark.parametrize("value", ['"long"', "[]", "{ days = 180 }"])
def test_a_value_of_the_wrong_kind_is_told_once_and_compared_with_nothing(tmp_path: Path, value: str) -> None:
    assert only(operator(tmp_path, entry("quarantine.days", value))).key == "quarantine.days.value"


def test_a_needed_key_that_was_refused_is_not_called_missing(tmp_path: Path) -> None:
    path = jurisdiction(tmp_path, "[review.four_eyes]\nvalue = true", '[review.four_eyes]\nvalue = "yes"')
    assert only(path).key == "review.four_eyes.value"


def test_a_quarantine_below_the_floor_is_refused(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("quarantine.days", "70"), entry("quarantine.floor_days", "90"))
    problem = only(path)
    assert problem.key == "quarantine.days"
    assert "quarantine.floor_days = 90" in problem.message


def test_a_reactivation_window_longer_than_the_quarantine_is_refused(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("quarantine.days", "100"), entry("reactivation.window_days", "101"))
    assert only(path).key == "reactivation.window_days"


def test_a_reactivation_window_as_long_as_the_quarantine_is_allowed(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("quarantine.days", "100"), entry("reactivation.window_days", "100"))
    assert errors(path) == []


def test_a_shorter_hold_for_those_who_are_not_present_is_refused(tmp_path: Path) -> None:
    problem = only(operator(tmp_path, entry("hold.hours_default", "100")))
    assert problem.key == "hold.hours_default"
    assert "packs/ru.toml" in problem.message


def test_a_door_that_both_acts_and_only_takes_in_is_refused(tmp_path: Path) -> None:
    assert (
        only(operator(tmp_path, entry("termination.act_doors", '["store", "hotline"]'))).key == "termination.act_doors"
    )


def test_an_identity_that_ends_before_the_hold_is_refused(tmp_path: Path) -> None:
    assert only(operator(tmp_path, entry("hold.days_after_change", "40"))).key == "hold.days_after_change"


def test_a_jurisdiction_that_lacks_a_key_is_refused(tmp_path: Path) -> None:
    path = jurisdiction(tmp_path, "[review.four_eyes]", "[review.four_hands]")
    assert {(problem.key, problem.message) for problem in errors(path)} == {
        ("review.four_hands", "unknown key"),
        ("review.four_eyes", "missing"),
    }


def test_an_operator_without_an_inn_is_refused(tmp_path: Path) -> None:
    path = operator(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").partition("[operator.inn]")[0], encoding="utf-8")
    assert (only(path).key, only(path).message) == ("operator.inn", "missing")


def test_an_inn_with_a_wrong_check_digit_is_refused(tmp_path: Path) -> None:
    assert only(operator(tmp_path, inn="0012345674")).key == "operator.inn.value"


def test_a_value_that_has_run_out_is_refused_with_its_last_day(tmp_path: Path) -> None:
    path = jurisdiction(tmp_path, "valid_from = 2025-04-01", "valid_to = 2026-11-22")
    found = errors(path)
    assert [(problem.key, problem.message) for problem in found] == [("limits.citizen", "ran out on 2026-11-22")]
    assert errors(path, on=date(2026, 11, 22)) == []


def test_a_rule_that_does_not_hold_yet_is_refused() -> None:
    early = [problem.key for problem in errors(on=date(2025, 3, 31))]
    assert early == ["limits.citizen"]


def test_an_act_that_ends_needs_its_successor() -> None:
    assert errors(on=date(2030, 8, 31)) == []
    assert [problem.key for problem in errors(on=date(2030, 9, 1))] == ["legal_basis.telephone_rules"]


def test_two_values_for_one_day_are_refused(tmp_path: Path) -> None:
    first = entry("[refund.deadline_days]", "20", "valid_to = 2026-01-31")
    second = entry("[refund.deadline_days]", "25", "valid_from = 2026-01-31")
    problem = only(operator(tmp_path, first, second))
    assert problem.message == "has two values for the same day"
    assert problem.line == OPERATOR_LINES + first.count("\n") + 1


def test_two_packs_of_one_name_or_inn_are_refused(tmp_path: Path) -> None:
    taken = operator(tmp_path, inn="7740000076")
    assert only(taken).key == "operator.inn"
    (tmp_path / "more").mkdir()
    again = operator(tmp_path / "more", name="mts")
    assert [problem.key for problem in errors(again)] == ["pack.name"]


def test_a_pack_under_another_files_name_is_refused(tmp_path: Path) -> None:
    path = operator(tmp_path).rename(tmp_path / "theirs.toml")
    assert only(path).key == "pack.name"


def test_an_operator_of_an_unknown_jurisdiction_is_refused(tmp_path: Path) -> None:
    path = operator(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"ru"', '"atlantis"'), encoding="utf-8")
    problem = only(path)
    assert (problem.key, problem.line) == ("pack.jurisdiction", 5)


def test_a_jurisdiction_among_the_files_is_the_one_that_counts(tmp_path: Path) -> None:
    law = jurisdiction(tmp_path, "min = 1\nmax = 60\nreadings", "min = 1\nmax = 40\nreadings")
    own = operator(tmp_path, entry("refund.deadline_days", "50"))
    assert errors(own) == []
    assert str(law) in only(law, own).message


def test_an_unconfirmed_value_is_a_warning_not_an_error(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("refund.deadline_days", "20").replace('"confirmed"', '"unconfirmed"'))
    (problem,) = check_packs([path], on=DAY)
    assert (problem.severity, problem.key) == ("warning", "refund.deadline_days")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_a_problem_not_a_crash(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ours.toml"
    if content is not None:
        path.write_bytes(content)
    problem = only(path)
    assert problem.file == str(path)
    assert problem.remedy


def test_a_folder_stands_for_its_packs(tmp_path: Path) -> None:
    operator(tmp_path, entry("limits.citizen", "50"))
    assert only(tmp_path).key == "limits.citizen"

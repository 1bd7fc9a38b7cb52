"""``lastcall policy``: what it shows, how it says that a value is not confirmed, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lastcall.core.errors import BadInput
from lastcall.site.commands.policy import policy

from .packs import entry, operator


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(policy, list(arguments))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def line_with(output: str, text: str) -> str:
    (line,) = [line for line in output.splitlines() if text in line]
    return line


def test_show_says_key_value_confidence_source_and_date() -> None:
    line = line_with(run("show", "mnp.days", "--on", "2026-11-23").output, "mnp.days_individual")
    assert all(word in line for word in ("8", "confirmed", "interfax.ru", "2014-04-03", "packs/ru.toml:"))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("poa.consular_accepted", "UNCONFIRMED"),
        ("quarantine.days", "UNCONFIRMED: sources disagree"),
        ("hold.days_after_change", "operator's choice"),
        ("quarantine.floor_days", "single source"),
    ],
)
def test_show_says_in_words_how_sure_a_value_is(key: str, words: str) -> None:
    assert words in line_with(run("show", key, "--on", "2026-11-23").output, key)


def test_show_names_what_was_not_found() -> None:
    output = run("show", "contacts", "--operator", "yota", "--on", "2026-11-23").output
    assert "NOT FOUND contacts.hotline_abroad" in output
    assert "NOT FOUND esim" not in output


def test_show_keeps_to_the_prefix() -> None:
    shown = json.loads(run("show", "quarantine.", "--json").output)
    assert [entry["key"] for entry in shown["entries"]] == [
        "quarantine.days",
        "quarantine.floor_days",
        "quarantine.longer_days",
        "quarantine.longer_days_max",
    ]


def test_show_as_json_is_one_document_with_every_value() -> None:
    shown = json.loads(run("show", "--operator", "t2", "--on", "2026-11-23", "--json").output)
    assert (shown["pack"], shown["operator"], shown["on"]) == ("ru", "t2", "2026-11-23")
    by_key = {entry["key"]: entry for entry in shown["entries"]}
    assert by_key["refund.deadline_days"]["value"] == 60
    assert by_key["quarantine.days"]["is_confirmed"] is False
    assert len(by_key["quarantine.days"]["readings"]) == 3


def test_show_takes_the_value_of_the_day() -> None:
    shown = json.loads(run("show", "legal_basis.telephone", "--on", "2024-08-31", "--json").output)
    assert [entry["value"]["number"] for entry in shown["entries"]] == ["1342"]


def test_show_finds_an_operator_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    operator(tmp_path, entry("refund.deadline_days", "20"))
    shown = json.loads(run("show", "refund.dead", "--operator", "ours", "--extra", str(tmp_path), "--json").output)
    assert shown["entries"][0]["value"] == 20


def test_show_refuses_a_prefix_without_keys_and_names_the_tables() -> None:
    with pytest.raises(BadInput, match="'weather'") as caught:
        run("show", "weather")
    assert "termination" in caught.value.remedy


def test_show_refuses_an_unknown_operator() -> None:
    with pytest.raises(BadInput, match="'nobody'"):
        run("show", "--operator", "nobody")


@pytest.mark.parametrize("day", ["23.11.2026", "2026-02-30", "soon"])
def test_show_refuses_what_is_no_day(day: str) -> None:
    result = run("show", "--on", day)
    assert result.exit_code == 2
    assert day in result.output


def test_check_finds_the_shipped_packs_sound_and_lists_what_is_not_confirmed() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "quarantine.days: warning: sources disagree" in result.output
    assert "0 to correct" in result.output


def test_check_names_each_problem_on_one_line_and_fails(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("limits.citizen", "50"), entry("hold.hours_default", "0"))
    result = run("check", str(path))
    assert result.exit_code == 1
    assert line_with(result.output, "limits.citizen").startswith(f"{path}:")
    assert "hold.hours_default: 0 is outside the bounds" in result.output
    assert "2 to correct" in result.output


def test_check_as_json_is_one_document(tmp_path: Path) -> None:
    path = operator(tmp_path, entry("limits.citizen", "50"))
    result = run("check", "--json", str(path))
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert told["ok"] is False
    assert [(problem["file"], problem["key"]) for problem in told["problems"]] == [(str(path), "limits.citizen")]


def test_check_of_a_file_that_is_not_there_fails_and_names_it(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "nowhere.toml"))
    assert result.exit_code == 1
    assert "nowhere.toml:1: -: No such file" in result.output

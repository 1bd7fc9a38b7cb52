"""Reading one pack: what the schema refuses, and that the complaint names line, key, fault and remedy."""

from __future__ import annotations

import pytest

from lastcall.core.policies import lines
from lastcall.core.policies.document import Problem, read

from .packs import JURISDICTION, entry

BODY = JURISDICTION.count("\n") + 1
"""The line on which the first entry begins."""


def wrong(body: str) -> list[Problem]:
    return read(JURISDICTION + body, "x.toml")[1]


def only(body: str) -> Problem:
    problems = wrong(body)
    assert len(problems) == 1, problems
    return problems[0]


def test_a_right_entry_is_read_with_all_it_says() -> None:
    text = JURISDICTION + entry("termination.notice_days", "3", "min = 0", "max = 30", 'note = "n"')
    document, problems = read(text, "x.toml")
    assert problems == []
    assert document is not None
    (found,) = document.entries["termination.notice_days"]
    assert (found.value, found.source, found.min, found.max, found.note) == (3, "s", 0, 30, "n")
    assert document.line("termination.notice_days") == BODY


def test_a_misspelt_key_is_refused_and_the_right_one_offered() -> None:
    problem = only(entry("termination.notice_dais", "0"))
    assert (problem.file, problem.line, problem.key) == ("x.toml", BODY, "termination.notice_dais")
    assert problem.message == "unknown key"
    assert "termination.notice_days" in problem.remedy


def test_an_unknown_table_is_refused_with_the_tables_there_are() -> None:
    problem = only(entry("weather.today", '"rain"'))
    assert problem.message == "unknown key"
    assert "termination" in problem.remedy


def test_an_unknown_key_of_an_entry_is_refused_on_its_own_line() -> None:
    problem = only(entry("termination.notice_days", "0", 'verified = "yes"'))
    assert (problem.line, problem.key) == (BODY + 5, "termination.notice_days.verified")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("termination.notice_days", '"0"'),
        ("termination.notice_days", "0.5"),
        ("termination.notice_days", "true"),
        ("debt.blocks_cease", "1"),
        ("callback.weekdays", '["monday"]'),
        ("callback.hours", '["10-12"]'),
        ("callback.hours", '["12:00-10:00"]'),
        ("callback.hours", '["24:00-25:00"]'),
        ("refund.methods", '"bank_account"'),
        ("refund.methods", "[1]"),
        ("currency", "643"),
        ("foreigner.redo_until", '"2025-07-01"'),
        ("limits.over_limit_action", '"none"'),
        ("esim.profile_is_not_contract", '"a bare text"'),
        ("legal_basis.x", '{ act = "Law", number = 1, date = 2024-01-24, title = "T" }'),
        ("unlink.x", "[]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: str) -> None:
    problems = wrong(entry(key, value))
    assert problems
    assert all(problem.key.startswith(f"{key}.value") and problem.line == BODY + 1 for problem in problems)


def test_a_text_that_lacks_a_language_is_refused() -> None:
    problem = only(entry("contract.sim_has_no_term", '{ ru = "а", en = "a" }'))
    assert problem.key == "contract.sim_has_no_term.value.zh-hans"
    assert problem.message == "missing"


@pytest.mark.parametrize("absent", ["value", "source", "source_date", "confidence"])
def test_an_entry_that_lacks_a_part_is_refused(absent: str) -> None:
    whole = entry("termination.notice_days", "0").splitlines(keepends=True)
    problem = only("".join(line for line in whole if not line.startswith(f"{absent} =")))
    assert (problem.key, problem.message) == (f"termination.notice_days.{absent}", "missing")


@pytest.mark.parametrize("source", ['""', '"  "'])
def test_an_empty_source_is_refused(source: str) -> None:
    problem = only(entry("termination.notice_days", "0").replace('"s"', source))
    assert (problem.line, problem.key) == (BODY + 2, "termination.notice_days.source")


def test_a_bare_value_without_source_is_refused() -> None:
    problem = only("[termination]\nnotice_days = 0\n")
    assert (problem.line, problem.message) == (BODY + 1, "a bare value without source")


def test_a_key_with_an_empty_list_of_values_is_refused() -> None:
    assert only("[termination]\nnotice_days = []\n").message == "has no value"


@pytest.mark.parametrize("given", ['"2024-01-26"', '"yesterday"', "2024", "2024-01-26T10:00:00Z"])
def test_a_source_date_that_is_no_day_is_refused(given: str) -> None:
    problem = only(entry("termination.notice_days", "0").replace("2024-01-26", given))
    assert (problem.line, problem.key) == (BODY + 3, "termination.notice_days.source_date")


def test_a_day_that_is_not_in_the_calendar_is_refused_on_its_line() -> None:
    problem = only(entry("termination.notice_days", "0").replace("2024-01-26", "2025-02-30"))
    assert (problem.line, problem.message) == (BODY + 3, "not TOML: Invalid date or datetime")


def test_a_value_that_ends_before_it_begins_is_refused() -> None:
    body = entry("termination.notice_days", "0", "valid_from = 2025-02-01", "valid_to = 2025-01-31")
    assert "lies before" in only(body).message


def test_a_confidence_of_ones_own_is_refused_with_those_there_are() -> None:
    problem = only(entry("termination.notice_days", "0").replace('"confirmed"', '"sure"'))
    assert "single_source" in problem.remedy


@pytest.mark.parametrize(
    "readings", ["", 'readings = [{ value = 1, source = "s" }]', "readings = [{ value = 1 }, { value = 2 }]"]
)
def test_a_conflict_without_two_sourced_readings_is_refused(readings: str) -> None:
    assert wrong(entry("termination.notice_days", "0", readings).replace('"confirmed"', '"conflict"'))


def test_readings_of_a_value_that_is_no_conflict_are_refused() -> None:
    both = 'readings = [{ value = 1, source = "s" }, { value = 2, source = "t" }]'
    assert "go together" in only(entry("termination.notice_days", "0", both)).message


@pytest.mark.parametrize("bound", ["min = 1", "max = -1"])
def test_the_jurisdictions_own_value_must_keep_its_bounds(bound: str) -> None:
    assert "allowed" in only(entry("termination.notice_days", "0", bound)).message


def test_the_jurisdictions_own_list_must_keep_its_choices() -> None:
    problem = only(entry("refund.methods", '["gold", "cash"]', 'choices = ["cash"]'))
    assert problem.message == "gold is not one of cash"


@pytest.mark.parametrize(
    ("text", "line"),
    [("[pack\n", 1), ('[pack]\nname = "x\n', 2), ("[pack]\n\nname = \n", 3), ("[a]\nb = 1\n[a]\n", 3), ("a = 'x", 1)],
)
def test_what_is_not_toml_is_refused_with_its_line(text: str, line: int) -> None:
    document, (problem,) = read(text, "x.toml")
    assert document is None
    assert problem.line == line
    assert problem.message.startswith("not TOML: ")


@pytest.mark.parametrize("text", ["", "pack = 3\n", entry("currency", '"RUB"')])
def test_a_file_without_a_header_is_refused(text: str) -> None:
    document, problems = read(text, "x.toml")
    assert document is None
    assert problems[0].key == "pack"


@pytest.mark.parametrize(
    "header",
    [
        'name = "X y"\nkind = "jurisdiction"\ntitle = "t"',
        'name = "x"\nkind = "planet"\ntitle = "t"',
        'name = "x"\nkind = "operator"\ntitle = "t"',
        'name = "x"\nkind = "jurisdiction"\ntitle = "t"\njurisdiction = "ru"',
        'name = "x"\nkind = "jurisdiction"\ntitle = "t"\nsecret = 1',
    ],
)
def test_a_wrong_header_is_refused(header: str) -> None:
    document, problems = read(f"[pack]\n{header}\n", "x.toml")
    assert document is None
    assert problems


def test_every_problem_is_told_at_once() -> None:
    body = entry("termination.notice_dais", "0") + entry("debt.blocks_cease", "1") + entry("mnp.fee", '"much"')
    assert [problem.key for problem in wrong(body)] == [
        "termination.notice_dais",
        "debt.blocks_cease.value",
        "mnp.fee.value",
    ]


def test_the_second_of_two_values_is_blamed_on_its_own_line() -> None:
    first = entry("[termination.notice_days]", "0", "valid_to = 2024-12-31")
    second = entry("[termination.notice_days]", '"x"', "valid_from = 2025-01-01")
    assert only(first + second).line == BODY + first.count("\n") + 1


def test_lines_are_found_behind_long_strings_and_dotted_keys() -> None:
    text = '[a.b]\nnote = """\n[c.d]\nx = 1\n"""\nvalue.ru = "1"\n[[c.d]]\nx = 1\n[[c.d]]\n[c.d.e]\ny = 2\n'
    found = lines.index(text)
    assert lines.find(found, ("a", "b", "value", "ru")) == 6
    assert lines.find(found, ("c", "d", 0, "x")) == 8
    assert lines.find(found, ("c", "d", 1, "e", "y")) == 11
    assert lines.find(found, ("c", "d", 1, "nothing")) == 9
    assert lines.find(found, ("z",)) == 1

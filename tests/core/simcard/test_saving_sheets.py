"""``contacts.csv`` and ``messages.csv``: what a spreadsheet opens, and nothing that it would run."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lastcall.core.simcard.card import Entry
from lastcall.core.simcard.saving.sheets import (
    CALL_COLUMNS,
    CONTACT_COLUMNS,
    MESSAGE_COLUMNS,
    calls_sheet,
    contacts_sheet,
    messages_sheet,
)
from lastcall.core.simcard.saving.texts import readable
from tests.core.simcard.filled import CALLS, ENTRIES, MESSAGES, card, entry


def rows(sheet: bytes, *, parted_by: str = ",") -> list[dict[str, str]]:
    """The rows as Python's own reader sees them, our apostrophes taken off."""
    assert sheet.startswith(b"\xef\xbb\xbf")
    found = csv.DictReader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=parted_by, strict=True)
    return [{key: bare(value) for key, value in row.items()} for row in found]


def bare(cell: str) -> str:
    """The cell as it was before our apostrophes, as the manual says."""
    return re.sub(r"""([\n,;\t][\s"]*)'(?='*[=+\-@＝＋－＠])""", r"\1", cell.removeprefix("'"))


def test_every_line_of_every_list_comes_back() -> None:
    found = rows(contacts_sheet(card(), language="zh-hans"))
    assert tuple(found[0]) == CONTACT_COLUMNS
    assert [(row["list"], row["name"]) for row in found] == [(each.list, each.name) for each in ENTRIES]
    assert [row["number"] for row in found] == [(each.numbers or ("",))[0] for each in ENTRIES]
    assert found[3]["more_numbers"] == "0049300000004"
    assert found[6]["groups"] == "Семья, 工作, 学习"
    assert found[8]["damaged"] == "two octets of the number are no digits"


def test_every_message_comes_back_with_its_lines_and_its_time() -> None:
    found = rows(messages_sheet(card(), language="en"))
    assert tuple(found[0]) == MESSAGE_COLUMNS
    assert [row["text"] for row in found] == [readable(each.text) for each in MESSAGES]
    assert found[0]["at"] == "2026-01-10T12:00:01+03:00"
    assert found[1]["party"] == "+8613900000001"
    assert found[3]["direction"] == "sent"
    assert found[4]["missing"] == "2"
    assert found[5]["data"].startswith("00 01 02")
    assert found[8]["status"] == "deleted"


def test_every_call_comes_back_with_its_time_and_how_it_went() -> None:
    found = rows(calls_sheet(card(calls=CALLS), language="en"))
    assert tuple(found[0]) == CALL_COLUMNS
    assert [(row["at"], row["direction"], row["answered"], row["seconds"]) for row in found] == [
        ("2026-01-09T21:05:00+08:00", "received", "yes", "754"), ("2026-01-08T07:00:09", "received", "no", "0"),
        ("", "made", "", ""), ("", "made", "", "3725"),
    ]  # fmt: skip
    assert [row["name"] for row in found] == ["妈妈", "=1+1", "", "Taxi"]
    assert (found[1]["application"], found[2]["damaged"]) == ("Демо", "its time is none")


def test_labels_stand_before_their_numbers_and_the_application_is_named() -> None:
    line = entry(1, "A", "1", "2", "3", labels=("", "Дом", ""), application="演示")
    (found,) = rows(contacts_sheet(card(entries=(line,)), language="en"))
    assert (found["more_numbers"], found["labels"], found["application"]) == ("2, 3", "Дом: 2", "演示")


def test_for_readers_of_russian_columns_are_parted_by_semicolons() -> None:
    assert rows(contacts_sheet(card(), language="ru"), parted_by=";") == rows(contacts_sheet(card(), language="en"))


@pytest.mark.parametrize(
    "name", ["=1+1", "+1+1", "-1", "@SUM(A1)", "＝1", " =1+1", "+7 (999)", "00491", "1234567890123456"]
)  # fmt: skip
def test_what_a_spreadsheet_would_run_or_shorten_has_an_apostrophe_before_it(name: str) -> None:
    assert _name_cell(name) == "'" + readable(name)


@pytest.mark.parametrize(
    ("name", "cell"),
    [("hello\n=cmd|' /C calc'!A0", "hello\n'=cmd|' /C calc'!A0"), ("a;=1", "a;'=1"), ("a,  @SUM(A1)", "a,  '@SUM(A1)"),
     ("a\t+1+1", "a\t'+1+1"), ('a;"=1"', "a;\"'=1\""), ("a\r\n\n-1", "a\n\n'-1"), ("a,'=1", "a,''=1"), ("=1;=2", "'=1;'=2"),
     ("\t=1+1", "'\t'=1+1"), ("\r\n=1+1", "'\n'=1+1"), ("a,+79990000001b", "a,'+79990000001b"), ("a;\u3000＝1", "a;\u3000'＝1")],
)  # fmt: skip
def test_a_formula_that_begins_where_others_part_has_an_apostrophe_before_it(name: str, cell: str) -> None:
    assert (_name_cell(name), bare(cell)) == (cell, readable(name))


@pytest.mark.parametrize(
    "name", ["a, +79990000001", "+79990000001, +79990000002", "a;+79990000001\nb", "a=b", "x-y", "a,b"]
)
def test_numbers_behind_a_comma_stay_as_they_are(name: str) -> None:
    assert _name_cell(name).removeprefix("'") == name


@settings(max_examples=200, deadline=None)
@given(name=st.text("a1'=+-@,; \n\t\"", max_size=14), language=st.sampled_from(["ru", "en"]))
def test_no_way_to_part_the_columns_makes_a_formula_and_all_comes_back(name: str, language: str) -> None:
    sheet = contacts_sheet(card(entries=(entry(1, name),)), language=language)
    (found,) = rows(sheet, parted_by=";" if language == "ru" else ",")
    assert found["name"] == name
    for sign in ",;\t":
        for row in csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline=""), delimiter=sign):
            assert not [cell for cell in row if cell.strip()[:1] in "=-@" and cell.strip()]
            assert not [cell for cell in row if re.match(r"\s*\+(?![0-9]+\s*([,;]|$))", cell)]


@pytest.mark.parametrize("name", ["+79990000001", "89990000001", "900", "0", "*100#", "Anna =)", "100%", ""])
def test_everything_else_stays_as_it_is(name: str) -> None:
    assert _name_cell(name) == name


def _name_cell(name: str) -> str:
    sheet = contacts_sheet(card(entries=(entry(1, name),)), language="en").decode("utf-8-sig")
    return next(csv.DictReader(io.StringIO(sheet, newline="")))["name"]


@settings(max_examples=150, deadline=None)
@given(name=st.text(st.characters(), max_size=40), language=st.sampled_from(["ru", "en"]))
def test_whatever_a_name_holds_one_row_comes_back(name: str, language: str) -> None:
    entries: tuple[Entry, ...] = (entry(1, name, "+79990000001"),)
    sheet = contacts_sheet(card(entries=entries), language=language)
    (found,) = rows(sheet, parted_by=";" if language == "ru" else ",")
    assert found["name"] == readable(name)
    assert found["number"] == "+79990000001"

"""What subscribers and clerks type: names, document numbers, dates and moments."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastcall.core.errors import BadInput
from lastcall.core.subscribers.inputs import (
    DOCUMENT_KINDS,
    name_key,
    parse_date,
    parse_document_number,
    parse_moment,
    parse_name,
)


def refused(parse: Callable[[str], object], text: str) -> BadInput:
    with pytest.raises(BadInput) as trouble:
        parse(text)
    return trouble.value


@pytest.mark.parametrize(
    "name",
    [
        "李伟",
        "Li Wei",
        "Анна Петрова",
        "Анна-Мария О’Коннор",
        "Nguyễn Thị Ánh",
        "買買提·艾力",
        "D'Angelo Jr.",
        "И. И. Петров",
        'ООО "Ромашка-2"',
        "علی\N{ZERO WIDTH NON-JOINER}رضا",
        "\N{CJK UNIFIED IDEOGRAPH-20BB7}田",
        "\U0002ebf0\U0002fa1f",
    ],
)
def test_names_of_all_scripts_are_taken_as_they_are_written(name: str) -> None:
    assert parse_name(name) == unicodedata.normalize("NFC", name)


def test_spaces_are_collapsed_and_letters_composed() -> None:
    assert parse_name("  Jose\u0301\N{NO-BREAK SPACE}  Petrov\n") == "José Petrov"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        (" \N{NO-BREAK SPACE} ", "empty"),
        ("12345", "no letter"),
        ("-.'", "no letter"),
        ("Li\0Wei", "U+0000"),
        ("Li\nWei", "U+000A"),
        ("Li\u200bWei", "U+200B"),
        ("Li \u202eieW", "U+202E"),
        ("Li \u2066Wei\u2069", "U+2066"),
        ("Пе\ufffdрова", "U+FFFD"),
        ("Li \ud800", "U+D800"),
        ("Li \ue000", "U+E000"),
        ("Ли" * 101, "202 characters"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_with_the_reason(text: str, what: str) -> None:
    trouble = refused(parse_name, text)
    assert trouble.code == "malformed_name"
    assert what in trouble.message
    assert trouble.remedy


def test_a_name_may_have_two_hundred_characters() -> None:
    assert parse_name("Ли" * 100) == "Ли" * 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Семён Королёв", "СЕМЕН КОРОЛЕВ"),
        ("Nguyễn Thị Ánh", "nguyen thi anh"),
        ("O’Brien", "O'BRIEN"),
        ("Anna-Maria", "Anna Maria"),
        ("买买提·艾力", "买买提 艾力"),
        ("И.И. Петров", "И. И. Петров"),
        ("Łukasz Øst", "Lukasz Ost"),
        ("ＬＩ　ＷＥＩ", "Li Wei"),
        ("Strauß", "STRAUSS"),
        ("LI, WEI", "Li Wei"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Li Wei", "Li Mei"), ("Li Wei", "李伟"), ("李伟", "李薇"), ("Анна", "Инна")]
)
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=30))
def test_a_name_and_what_is_stored_of_it_have_one_key(text: str) -> None:
    assert name_key(parse_name(text)) == name_key(text)


@given(st.text())
def test_any_text_is_a_name_or_bad_input(text: str) -> None:
    try:
        name = parse_name(text)
    except BadInput as trouble:
        outcome = trouble.code
    else:
        outcome = "stable" if parse_name(name) == name else "changed by reading it again"
    assert outcome in {"malformed_name", "stable"}


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("ru_passport", "45 08 № 123456", "4508123456"),
        ("ru_passport", "４５０８-123456", "4508123456"),
        ("foreign_passport", "ec 1234567", "EC1234567"),
        ("foreign_passport", "ЕС1234567", "EC1234567"),
        ("foreign_passport", "Ｇ１２３４５６７８", "G12345678"),
        ("residence_permit", "82 № 1234567", "821234567"),
        ("refugee_certificate", "ад 1234567", "AД1234567"),
        ("other", "京字第123号", "京字第123号"),
    ],
)
def test_a_document_number_is_normalised(kind: str, text: str, number: str) -> None:
    assert parse_document_number(kind, text) == number


def test_a_cyrillic_and_a_latin_spelling_are_one_document() -> None:
    assert parse_document_number("refugee_certificate", "ВУ 123456") == parse_document_number(
        "refugee_certificate", "by-123456"
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("ru_passport", "450812345"),
        ("ru_passport", "45081234567"),
        ("ru_passport", "45O8123456"),
        ("ru_passport", ""),
        ("foreign_passport", "E123"),
        ("foreign_passport", "ДЖ1234567"),
        ("foreign_passport", "E" * 21),
        ("foreign_passport", "E12_4567"),
        ("residence_permit", "8212"),
        ("refugee_certificate", "АД#1234567"),
        ("other", "-"),
    ],
)
def test_a_wrong_document_number_is_refused_without_repeating_it(kind: str, text: str) -> None:
    trouble = refused(lambda typed: parse_document_number(kind, typed), text)
    assert trouble.code == "malformed_document_number"
    assert kind in trouble.message
    assert len(text) < 2 or text not in trouble.message + trouble.remedy


def test_an_unknown_kind_of_document_is_refused_with_the_known_ones() -> None:
    trouble = refused(lambda typed: parse_document_number("driving_licence", typed), "1234567890")
    assert trouble.code == "unknown_document_kind"
    assert all(kind in trouble.remedy for kind in DOCUMENT_KINDS)


@given(st.sampled_from(DOCUMENT_KINDS), st.text(max_size=60))
def test_any_text_is_a_document_number_or_bad_input(kind: str, text: str) -> None:
    try:
        number = parse_document_number(kind, text)
    except BadInput as trouble:
        outcome = trouble.code
    else:
        outcome = "stable" if parse_document_number(kind, number) == number else "changed by reading it again"
    assert outcome in {"malformed_document_number", "stable"}


@pytest.mark.parametrize(
    "text",
    ["2026-11-23", "23.11.2026", "2026年11月23日", "２０２６年１１月２３日", " 2026 年 11 月 23 日 "],
)
def test_a_date_is_read_in_three_ways(text: str) -> None:
    assert parse_date(text) == date(2026, 11, 23)


def test_a_russian_date_may_lack_its_zeros() -> None:
    assert parse_date("1.2.2026") == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2026-02-30", "month 2 of 2026 has no day 30"),
        ("29.02.2025", "month 2 of 2025 has no day 29"),
        ("2026年13月1日", "no month 13"),
        ("0000-01-01", "no year 0"),
        ("31.00.2026", "no month 0"),
    ],
)
def test_an_impossible_date_is_named(text: str, what: str) -> None:
    trouble = refused(parse_date, text)
    assert trouble.code == "impossible_date"
    assert what in trouble.message


@pytest.mark.parametrize(
    "text", ["", "23/11/2026", "11-23-2026", "2026-11", "tomorrow", "23.11.26", "2026-11-23T10:00Z"]
)
def test_what_is_no_date_is_refused_with_the_ways_to_write_one(text: str) -> None:
    trouble = refused(parse_date, text)
    assert trouble.code == "malformed_date"
    assert "2026年11月23日" in trouble.remedy


@given(st.dates())
def test_every_date_is_read_back(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}.{day.month}.{day.year:04d}") == day
    assert parse_date(f"{day.year:04d}年{day.month}月{day.day}日") == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T10:15:00+03:00",
        "2026-11-23T07:15:00Z",
        "2026-11-23 07:15z",
        "2026-11-23T07:15:00.000+00:00",
        "2026-11-23T15:15+08:00",
    ],
)
def test_a_moment_is_read_into_utc(text: str) -> None:
    moment = parse_moment(text)
    assert moment == datetime(2026, 11, 23, 7, 15, tzinfo=UTC)
    assert moment.tzinfo is UTC


def test_a_moment_without_offset_is_refused_with_a_remedy() -> None:
    trouble = refused(parse_moment, "2026-11-23T10:15:00")
    assert trouble.code == "naive_moment"
    assert "+03:00" in trouble.remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-23",
        "2026-02-30T10:00:00Z",
        "2026-11-23T25:00:00Z",
        "2026-11-23T10:00:00+99:00",
        "2026-11-23T10:00:00+3",
        "0001-01-01T00:00:00+03:00",
        "2026-W48-1T10:00:00Z",
        "now",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    trouble = refused(parse_moment, text)
    assert trouble.code == "malformed_moment"
    assert trouble.remedy


OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=OFFSETS))  # noqa: DTZ001 - bounds are naive
def test_every_moment_is_read_back(moment: datetime) -> None:
    assert parse_moment(moment.isoformat()) == moment


@given(st.one_of(st.text(), st.text(alphabet="0123456789-:.TZ+ 年月日", max_size=30)))
def test_any_text_is_a_date_and_a_moment_or_bad_input(text: str) -> None:
    for parse in (parse_date, parse_moment):
        try:
            outcome: object = parse(text)
        except BadInput as trouble:
            outcome = trouble.remedy
        assert outcome

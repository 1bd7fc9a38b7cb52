"""A file of questions becomes the same file with answers, whatever its format and however its rows are written."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from lastcall.core.errors import BadInput
from lastcall.core.lookup.bulk import crew
from lastcall.core.lookup.bulk.check import Manner
from lastcall.core.lookup.bulk.meaning import ANSWERS
from tests.core.lookup.bulk.asking import BAD, NAMES, Question, ask, questions, rows_of, said, write
from tests.core.lookup.bulk.knowledge import LIVES, Known

SEMANTICS = list(ANSWERS)


@pytest.mark.parametrize("without_index", [False, True], ids=["index", "database"])
@pytest.mark.parametrize("semantics", SEMANTICS)
@pytest.mark.parametrize("name", NAMES.values())
def test_every_row_says_what_the_reading_says(
    known: Known, tmp_path: Path, name: str, semantics: str, without_index: bool
) -> None:
    rows = questions(1_500, plus=0.3, bad=0.1)
    out, done = ask(known, write(tmp_path / name, rows), semantics=semantics, without_index=without_index)
    assert said(out) == [row.expected(semantics) for row in rows]
    assert done.rows == len(rows)
    assert done.bad == sum(bool(row.expected(semantics)[1]) for row in rows)
    assert done.answers == {word: said(out).count((word, "")) for word in ANSWERS[semantics]}
    assert done.from_index is not without_index


@pytest.mark.parametrize("style", ["{n},{d}", '"{n}","{d}"', '"{n}",{d}'])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("plus", [0.0, 1.0])
@pytest.mark.parametrize("turned", [False, True])
def test_rows_of_one_width_are_read_in_every_layout(
    known: Known, tmp_path: Path, style: str, end: str, plus: float, turned: bool
) -> None:
    rows = questions(4_200, plus=plus)
    style = ",".join(reversed(style.split(","))) if turned else style
    lines = ["date,number" if turned else "number,date", *(style.format(n=row.number, d=row.day) for row in rows)]
    source = tmp_path / "in.csv"
    source.write_bytes("".join(line + end for line in lines).encode())
    out, _ = ask(known, source)
    assert said(out) == [row.expected("camara") for row in rows]
    kept = [line[: line.rindex(",", 0, line.rindex(","))] for line in out.read_bytes().decode().split(end)[:-1]]
    assert kept == lines


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("template", ['{{"number":"{n}","date":"{d}"}}', '{{"date": "{d}", "number": "{n}"}}'])
def test_json_of_one_width_is_read_in_every_layout(known: Known, tmp_path: Path, template: str, end: str) -> None:
    rows = questions(4_200)
    source = tmp_path / "in.ndjson"
    source.write_bytes("".join(template.format(n=row.number, d=row.day) + end for row in rows).encode())
    out, _ = ask(known, source)
    assert said(out) == [row.expected("camara") for row in rows]
    assert out.read_bytes().count(end.encode()) == len(rows)


def test_a_bad_row_among_many_is_marked_and_stops_nothing(known: Known, tmp_path: Path) -> None:
    rows = questions(9_000)
    for place in (0, 1, 2, 4_095, 4_096, 5_000, 8_999):
        rows[place] = BAD[place % len(BAD)]
    out, done = ask(known, write(tmp_path / "in.csv", rows))
    assert said(out) == [row.expected("camara") for row in rows]
    assert done.bad == 7
    assert sum(done.reasons.values()) == 7


@pytest.mark.parametrize("letter", [chr(code) for code in range(0x20, 0x7F) if chr(code) not in '0123456789",'])
def test_no_sign_but_a_digit_passes_for_one(known: Known, tmp_path: Path, letter: str) -> None:
    whole = "79000001000,2020-06-30"
    places = [place for place, sign in enumerate(whole) if sign not in "-,"]
    lines = [whole[:place] + letter + whole[place + 1 :] for place in places]
    source = tmp_path / "in.csv"
    source.write_text("\n".join(["number,date", *lines, whole]) + "\n", encoding="utf-8")
    out, _ = ask(known, source)
    expected = [("", "bad_number" if place < 11 else "bad_date") for place in places]
    if letter == "+":
        expected[0] = ("", "bad_number")
    assert said(out) == [*expected, ("false", "")]


@pytest.mark.parametrize(
    "day", ["2023-02-29", "2023-04-31", "2023-13-01", "2023-00-01", "2023-01-00", "2023-01-32", "2100-02-29"]
)
def test_a_day_that_no_calendar_has_is_bad(known: Known, tmp_path: Path, day: str) -> None:
    rows = [*questions(20), Question("79000001000", day, "bad_date"), *questions(20)]
    out, _ = ask(known, write(tmp_path / "in.csv", rows))
    assert said(out)[20] == ("", "bad_date")


def test_further_columns_stay_as_they_are(known: Known, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    rows = questions(300)
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "date", "note", "number"])
        for place, row in enumerate(rows):
            writer.writerow([place, row.day, f'"{place}",\n李伟 5" ' if place % 3 else "", row.number])
    before = rows_of(source)
    out, _ = ask(known, source)
    assert said(out) == [row.expected("camara") for row in rows]
    assert [{name: row[name] for name in before[0]} for row in rows_of(out)] == before


def test_further_members_of_an_object_stay_as_they_are(known: Known, tmp_path: Path) -> None:
    source = tmp_path / "in.ndjson"
    lines = [
        '{ "x": {"answer": 1}, "number": 79000001000 , "date":"2020-06-30" } ',
        '{"date":"2020-06-30","number":"79000001000","名":"Я"}',
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    out, _ = ask(known, source)
    assert out.read_text(encoding="utf-8").splitlines() == [
        '{ "x": {"answer": 1}, "number": 79000001000 , "date":"2020-06-30","answer":"false"}',
        '{"date":"2020-06-30","number":"79000001000","名":"Я","answer":"false"}',
    ]


def test_an_answer_that_is_there_already_is_replaced(known: Known, tmp_path: Path) -> None:
    source = tmp_path / "in.ndjson"
    source.write_text('{"answer":"no","number":"79000001000","reason":"x","date":"2020-06-30"}\n', encoding="utf-8")
    out, _ = ask(known, source)
    assert json.loads(out.read_text(encoding="utf-8")) == {
        "number": "79000001000",
        "date": "2020-06-30",
        "answer": "false",
    }


@pytest.mark.parametrize(
    "line", ["[1]", "null", "{", "{}{}", '"a"', "nonsense", '{"number":"79000001000","date":"2020-06-30"', "\x00"]
)
def test_a_line_that_is_no_object_is_a_bad_row(known: Known, tmp_path: Path, line: str) -> None:
    source = tmp_path / "in.ndjson"
    source.write_text(f'{{"number":"79000001000","date":"2020-06-30"}}\n{line}\n', encoding="utf-8")
    out, done = ask(known, source)
    assert said(out) == [("false", ""), ("", "bad_row")]
    assert done.reasons == {"bad_row": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("79000001000", "missing_field"), ("", ""), ("79000001000,2020-06-30,false", "extra_field"), (",", "missing_field"),
        ('79000001000,"2020-06-30', "bad_row"), ('"79000001000"x,2020-06-30', "bad_row"), ("\x00,\xff", "bad_number"),
        (" 79000001000,2020-06-30", "bad_number"), ("79000001000,2020-06-30 ", "bad_date"), ('79000001000,"",""', "extra_field"),
        ('"",""', "missing_field"), ("79000001000,2020-06-30,", "extra_field"),
    ],
)  # fmt: skip
def test_a_broken_row_keeps_the_columns_in_their_places(known: Known, tmp_path: Path, line: str, reason: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f"number,date\n79000001000,2020-06-30\n{line}\n79000001000,2020-06-30\n", encoding="latin-1")
    out, _ = ask(known, source)
    good = ("false", "")
    text = out.read_bytes().decode("latin-1").splitlines()
    rows = list(csv.DictReader(text))
    assert [(row["answer"], row["reason"]) for row in rows] == ([good, ("", reason), good] if reason else [good, good])
    assert all(None not in row for row in rows)


@pytest.mark.parametrize("name", ["in.csv", "in.ndjson"])
def test_a_byte_order_mark_is_kept_and_no_part_of_a_name(known: Known, tmp_path: Path, name: str) -> None:
    rows = questions(10)
    source = write(tmp_path / name, rows)
    source.write_bytes(b"\xef\xbb\xbf" + source.read_bytes())
    out, _ = ask(known, source)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert said(out) == [row.expected("camara") for row in rows]


def test_the_last_line_may_lack_its_end(known: Known, tmp_path: Path) -> None:
    rows = questions(100)
    source = write(tmp_path / "in.csv", rows)
    source.write_bytes(source.read_bytes()[:-1])
    out, _ = ask(known, source)
    assert said(out) == [row.expected("camara") for row in rows]
    assert out.read_bytes().endswith(b"\n")


def test_a_file_without_rows_has_an_output_without_rows(known: Known, tmp_path: Path) -> None:
    for name in NAMES.values():
        out, done = ask(known, write(tmp_path / name, []))
        assert done.rows == 0
        assert rows_of(out) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bad_file"), (b"\n\n", "bad_file"), (b"a,b\n1,2\n", "missing_column"), (b"number,number,date\n", "missing_column"),
        (b"number,date,answer\n", "column_taken"), ("number,date\n".encode("utf-16"), "bad_file"), (b"PAR1\0\0", "bad_file"),
        (b'"number,date\n', "bad_file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_csv_of_ours_is_refused_with_its_line(
    known: Known, tmp_path: Path, content: bytes, code: str
) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        ask(known, source)
    assert refused.value.code == code
    assert "line 1" in refused.value.message
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    ("name", "content"), [("in.ndjson", b"number,date\n"), ("in.parquet", b"number,date\n"), ("in.parquet", b"")]
)
def test_a_file_of_another_format_is_refused(known: Known, tmp_path: Path, name: str, content: bytes) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with pytest.raises(BadInput, match=r"line 1|no Parquet"):
        ask(known, source)


def test_parquet_keeps_its_columns_and_takes_integers_and_dates(known: Known, tmp_path: Path) -> None:
    rows = questions(3_000)
    table = pa.table({
        "id": range(len(rows)), "date": pa.array([date.fromisoformat(row.day) for row in rows], pa.date32()),
        "number": pa.array([int(row.number) for row in rows], pa.int64()), "more": [[row.day] for row in rows],
    })  # fmt: skip
    pq.write_table(table, tmp_path / "in.parquet")
    out, _ = ask(known, tmp_path / "in.parquet", semantics="disconnect")
    assert said(out) == [row.expected("disconnect") for row in rows]
    answered = pq.read_table(out)
    assert answered.drop_columns(["answer", "reason"]).equals(table)
    assert answered.column("reason").null_count == answered.column("answer").is_valid().to_pylist().count(True)


def test_parquet_with_empty_and_repeated_texts(known: Known, tmp_path: Path) -> None:
    numbers = pa.array(["79000001000", None, "79000001000", "x"]).dictionary_encode()
    pq.write_table(
        pa.table({"number": numbers, "date": ["2020-06-30", "2020-06-30", None, "2020-06-30"]}), tmp_path / "in.parquet"
    )
    out, _ = ask(known, tmp_path / "in.parquet")
    assert said(out) == [("false", ""), ("", "missing_field"), ("", "missing_field"), ("", "bad_number")]


@pytest.mark.parametrize("semantics", ["camara", "disconnect"])
def test_the_database_is_asked_only_where_the_index_cannot_tell(known: Known, tmp_path: Path, semantics: str) -> None:
    ask(known, write(tmp_path / "in.csv", questions(2_000)), semantics=semantics)
    complex_lives = {
        FIRST_OF + 7 * place for place in range(2_000) for FIRST_OF in [79000001000] if place % 10 in {3, 4, 7, 8}
    }
    assert set(known.asked) <= complex_lives
    assert known.asked


def test_several_processes_give_what_one_gives(known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "WORTH_IT", 0)
    rows = questions(3_000, bad=0.02) + questions(4_200)
    source = write(tmp_path / "in.csv", rows * 30)
    one = ask(known, source)[0].read_bytes()
    out, done = ask(known, source, manner=Manner(processes=3))
    assert out.read_bytes() == one
    assert done.rows == len(rows) * 30
    header, _, body = one.partition(b"\n")
    assert body == body[: len(body) // 30] * 30
    out.write_bytes(header + b"\n" + body[: len(body) // 30])
    assert said(out) == [row.expected("camara") for row in rows]


def test_every_life_is_told_apart_by_our_own_reading(known: Known, tmp_path: Path) -> None:
    rows = [
        Question(str(msisdn), day)
        for msisdn in list(LIVES)[:10]
        for day in ("2011-01-01", "2015-05-05", "2020-06-30", "2022-01-01")
    ]
    out, _ = ask(known, write(tmp_path / "in.csv", rows), semantics="rich")
    assert said(out) == [row.expected("rich") for row in rows]
    assert len({answer for answer, _ in said(out)}) >= 8

"""``lastcall kit``: on anybody's computer, without a database, a home or a network, and nothing of a person on the command line."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click
import pypdfium2  # type: ignore[import-untyped]
import pytest
import vobject

from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.operators import operators
from lastcall.site.commands.kit import kit
from tests.site.terminal import Left, Terminal

OFFLINE = """
import socket, sys

def refuse(*_given):
    raise AssertionError("the kit asked the network")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from lastcall.site.main import main
main()
"""
DETAILS: Final = """
name = "Ли Вэй"
msisdn = "8 900 000-10-01"
document = "паспорт КНР E00000000"
born = "01.02.2003"
address = "Москва, ул. Примерная, 1"
contact = "li@example.org"
account = "Счёт 40817"
"""


@pytest.fixture
def lastcall(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def nobody(tmp_path: Path) -> dict[str, str]:
    """The environment of somebody without an installation."""
    ours = {name: text for name, text in os.environ.items() if not name.startswith(("LASTCALL_", "DJANGO_"))}
    return ours | {"LASTCALL_HOME": str(tmp_path / "no-home")}


def words(out: Path, **other: str) -> list[str]:
    """A whole call."""
    given = {"operator": "mts", "lang": "en", "reason": "leaving", "situation": "foreigner", "on": "2026-01-12"} | other
    return ["kit", *(word for name, text in given.items() for word in (f"--{name}", text)), "--out", str(out)]


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf.read_bytes())
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    finally:
        document.close()


def test_it_writes_three_files_for_their_owner_only(lastcall: Terminal, tmp_path: Path) -> None:
    left = lastcall(*words(tmp_path / "kit"))

    assert (left.code, left.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "kit").iterdir()) == ["deadlines.ics", "kit.json", "kit.pdf"]
    assert stat.S_IMODE((tmp_path / "kit").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kit").iterdir()} == {0o600}
    assert "Contents" in text_of(tmp_path / "kit" / "kit.pdf")
    assert vobject.readOne((tmp_path / "kit" / "deadlines.ics").read_text("utf-8")).vevent_list
    assert [path.name for path in tmp_path.iterdir()] == ["kit"]


def test_it_names_its_files_and_what_is_not_confirmed(lastcall: Terminal, tmp_path: Path) -> None:
    left = lastcall(*words(tmp_path / "kit"))

    for name in ("kit.pdf", "deadlines.ics", "kit.json"):
        assert name in left.out
    assert "Not confirmed: ask the operator before you rely on it" in left.out


def test_machines_get_one_document(lastcall: Terminal, tmp_path: Path) -> None:
    document = lastcall(*words(tmp_path / "kit"), "--json").document

    assert {name: document[name] for name in ("operator", "language", "reason", "situation", "on")} == {
        "operator": "mts", "language": "en", "reason": "leaving", "situation": "foreigner", "on": "2026-01-12",
    }  # fmt: skip
    assert document["files"] == [str(tmp_path / "kit" / name) for name in ("kit.pdf", "deadlines.ics", "kit.json")]
    assert document["not_confirmed"]
    assert all(date.fromisoformat(each["on"]) >= date(2026, 1, 12) for each in document["deadlines"])


def test_the_document_of_the_kit_holds_all_that_is_printed(lastcall: Terminal, tmp_path: Path) -> None:
    told = lastcall(*words(tmp_path / "kit", lang="zh-hans"), "--json").document
    kept = json.loads((tmp_path / "kit" / "kit.json").read_text("utf-8"))

    assert kept["version"] == 1
    assert [each["key"] for each in kept["deadlines"]] == [each["key"] for each in told["deadlines"]]
    printed = "".join(text_of(tmp_path / "kit" / "kit.pdf").split())
    columns = {letter["kind"]: set(letter["columns"]) for letter in kept["letters"]}
    assert columns["kit_statement"] == {"ru", "zh-hans"}
    for letter in kept["letters"]:
        for column in letter["columns"].values():
            assert "".join(column["title"].split()) in printed


def test_details_from_a_file_stand_in_the_statement_and_nowhere_on_the_screen(
    lastcall: Terminal, tmp_path: Path
) -> None:
    file = written(tmp_path / "me.toml", DETAILS)
    left = lastcall(*words(tmp_path / "kit"), "--details", file)
    printed, kept = text_of(tmp_path / "kit" / "kit.pdf"), (tmp_path / "kit" / "kit.json").read_text("utf-8")

    for told in ("Ли Вэй", "+7 900 000-10-01", "E00000000", "01.02.2003", "Примерная", "li@example.org", "40817"):
        assert told in printed
        assert told in kept
        assert told not in left.out + left.err
        assert told not in (tmp_path / "kit" / "deadlines.ics").read_text("utf-8")


def test_the_template_of_details_says_each_entry_and_is_read_as_it_is(lastcall: Terminal, tmp_path: Path) -> None:
    template = lastcall("kit", "--details-template").out
    left = lastcall(*words(tmp_path / "kit"), "--details", written(tmp_path / "empty.toml", template))

    assert left.code == 0
    for name in ("name", "msisdn", "document", "born", "address", "contact", "account"):
        assert f'\n{name} = ""\n' in template


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = Li Secret", "details: it is no TOML, line 1."),
        ('nmae = "Li Secret"', "details: there is no entry 'nmae'. Known: name, msisdn"),
        ("name = 7", "details: name is no text."),
        ('name = ["Li Secret"]', "details: name is no text."),
        ('msisdn = "12345 Secret"', "details: msisdn: "),
        ('msisdn = "+49 30 901820"', "details: msisdn: "),
        (f'address = "{"Secret " * 40}"', "details: address has 279 characters."),
        ('address = "Secret\\u202e"', "details: address holds a sign that cannot be printed."),
        ('name = "\\u0007Secret"', "details: name holds a sign that cannot be printed."),
    ],
)
def test_details_that_cannot_be_read_are_named_and_not_repeated(
    lastcall: Terminal, tmp_path: Path, text: str, told: str
) -> None:
    left = lastcall(*words(tmp_path / "kit"), "--details", written(tmp_path / "me.toml", text))

    assert left.code == 2
    assert f"lastcall: {told}" in left.err
    assert "Secret" not in left.err
    assert not (tmp_path / "kit").exists()


def test_details_that_are_no_text_or_not_there_are_told(lastcall: Terminal, tmp_path: Path) -> None:
    (tmp_path / "me.toml").write_bytes(b"\xff\xfe\x00")
    broken = lastcall(*words(tmp_path / "kit"), "--details", str(tmp_path / "me.toml"), "--json")
    absent = lastcall(*words(tmp_path / "kit"), "--details", str(tmp_path / "nothing.toml"))

    assert (broken.code, broken.error["code"]) == (2, "bad_details")
    assert absent.code == 2 and "nothing.toml" in absent.err


def test_no_option_takes_anything_about_a_person() -> None:
    options = {option.name for option in kit.params if isinstance(option, click.Option)}

    assert options == {
        "operator", "language", "reason", "situation", "out", "on", "details", "template", "listed", "page", "port",
        "machine",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("option", "code"),
    [("operator", "bad_operator"), ("lang", "bad_language"), ("reason", "bad_reason"), ("situation", "bad_situation")],
)
def test_an_unknown_word_is_told_with_those_that_are_known(
    lastcall: Terminal, tmp_path: Path, option: str, code: str
) -> None:
    left = lastcall(*words(tmp_path / "kit", **{option: "nonsense"}), "--json")
    known = {"operator": operators(), "lang": LANGUAGES, "reason": REASONS, "situation": SITUATIONS}[option]

    assert (left.code, left.error["code"]) == (2, code)
    assert left.error["remedy"] == f"Choose one of {', '.join(known)}."
    assert not (tmp_path / "kit").exists()


def test_what_is_missing_is_named_at_once(lastcall: Terminal) -> None:
    left = lastcall("kit", "--operator", "mts", "--reason", "unused")

    assert left.code == 2
    assert "Missing --lang, --situation, --out." in left.err
    assert "lastcall kit --list" in left.err


@pytest.mark.parametrize("day", ["31.12.2026", "2026-02-30", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_is_none_or_is_far_away_is_told(lastcall: Terminal, tmp_path: Path, day: str) -> None:
    left = lastcall(*words(tmp_path / "kit", on=day))

    assert left.code == 2
    assert day in left.err and "Traceback" not in left.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("days", [-400, -1, 0, 1, 400])
def test_days_are_counted_from_a_statement_in_the_past_or_to_come(
    lastcall: Terminal, tmp_path: Path, days: int
) -> None:
    day = date.today() + timedelta(days=days)  # noqa: DTZ011 - any day near today will do
    document = lastcall(*words(tmp_path / "kit", on=day.isoformat()), "--json").document

    assert document["on"] == day.isoformat()
    assert all(date.fromisoformat(each["on"]) >= day for each in document["deadlines"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--day", "2026-01-12"), "No such option '--day'"),
        (("extra",), "unexpected extra argument (extra)"),
        (("--page", "--port", "99999"), "99999 is not in the range"),
        (("--page", "--port", "many"), "'many' is not a valid"),
        (("--page", "--out", "kit", "--lang", "en"), "--page asks for everything itself: leave out --lang, --out."),
    ],
)
def test_an_option_that_is_wrong_is_told_with_where_to_look(
    lastcall: Terminal, tmp_path: Path, given: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    left = lastcall("kit", *given)

    assert left.code == 2
    assert told in left.err and "lastcall kit --help" in left.err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(lastcall: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    below, itself = (lastcall(*words(out), "--json") for out in (tmp_path / "file" / "kit", tmp_path / "file"))

    assert (below.code, below.error["code"]) == (2, "cannot_write")
    assert "--out" in below.error["remedy"]
    assert (itself.code, itself.error["code"]) == (3, "folder_used")
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("there", [False, True])
def test_ctrl_c_leaves_nothing_half_written(
    lastcall: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    out = tmp_path / "kit"
    if there:
        out.mkdir()
    written, fsync = [], os.fsync

    def second(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise KeyboardInterrupt
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", second)
    left = lastcall(*words(out))

    assert left.code == 130
    assert "stopped; nothing half done is left behind" in left.err
    assert [path for path in tmp_path.rglob("*") if path != out] == []
    assert out.exists() == there


def test_a_kit_for_any_other_operator_is_made_and_says_that_nothing_is_known_of_it(
    lastcall: Terminal, tmp_path: Path
) -> None:
    file = written(tmp_path / "me.toml", 'operator = "ООО «Ромашка», ИНН 0000000000"')
    left = lastcall(*words(tmp_path / "kit", operator="other"), "--details", file)
    printed = text_of(tmp_path / "kit" / "kit.pdf")

    assert left.code == 0
    assert "Оператору связи: ООО «Ромашка», ИНН 0000000000" in printed
    assert "We know nothing of this operator itself" in printed
    refused = lastcall(*words(tmp_path / "mts"), "--details", file, "--json")
    assert (refused.code, refused.error["code"]) == (2, "bad_details")
    assert "Ромашка" not in refused.err


@pytest.mark.parametrize("content", ["kit.pdf", "other.txt"])
def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(
    lastcall: Terminal, tmp_path: Path, content: str
) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit" / content).write_text("mine")
    left = lastcall(*words(tmp_path / "kit"), "--json")

    assert (left.code, left.error["code"]) == (3, "folder_used")
    assert [path.read_text() for path in (tmp_path / "kit").iterdir()] == ["mine"]


def test_a_second_kit_does_not_write_over_the_first(lastcall: Terminal, tmp_path: Path) -> None:
    lastcall(*words(tmp_path / "kit"))
    before = (tmp_path / "kit" / "kit.pdf").read_bytes()

    assert lastcall(*words(tmp_path / "kit")).code == 3
    assert (tmp_path / "kit" / "kit.pdf").read_bytes() == before


def test_an_empty_folder_is_filled(lastcall: Terminal, tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()

    assert lastcall(*words(tmp_path / "kit")).code == 0
    assert len(list((tmp_path / "kit").iterdir())) == 3


def test_nothing_half_done_stays_when_it_fails(
    lastcall: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device", "kit.pdf")

    monkeypatch.setattr(os, "fsync", full)
    left = lastcall(*words(tmp_path / "kit"))

    assert left.code == 2
    assert "No space left" in left.err
    assert list(tmp_path.iterdir()) == []


def test_the_list_shows_all_there_is_to_choose_from(lastcall: Terminal) -> None:
    shown, document = lastcall("kit", "--list"), lastcall("kit", "--list", "--json").document

    assert tuple(document["operators"]) == operators()
    assert (tuple(document["reasons"]), tuple(document["situations"])) == (REASONS, SITUATIONS)
    assert tuple(document["languages"]) == LANGUAGES
    for code in (*operators(), *REASONS, *SITUATIONS, *LANGUAGES):
        assert code in shown.out


def call_alone(environment: dict[str, str], folder: Path, *given: str) -> Left:
    """A process of its own that may not ask the network."""
    command = [sys.executable, "-c", OFFLINE, *given]
    ended = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    return Left(ended.returncode, ended.stdout, ended.stderr)


def test_it_makes_no_home_and_asks_no_network_and_no_database(nobody: dict[str, str], tmp_path: Path) -> None:
    file = written(tmp_path / "me.toml", DETAILS)
    left = call_alone(nobody, tmp_path, *words(tmp_path / "kit"), "--details", file, "--json")

    assert (left.code, left.err) == (0, "")
    assert left.document["files"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "me.toml"]


@pytest.mark.parametrize("given", [("kit", "--list"), ("kit", "--help"), ("kit", "--details-template"), ("kit",)])
def test_no_way_of_calling_it_makes_a_home(nobody: dict[str, str], tmp_path: Path, given: tuple[str, ...]) -> None:
    assert call_alone(nobody, tmp_path, *given).code == (2 if given == ("kit",) else 0)
    assert list(tmp_path.iterdir()) == []


def test_its_page_is_served_on_this_computer_alone(nobody: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lastcall.site.main", "kit", "--page", "--port", "0"]
    with subprocess.Popen(command, env=nobody, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split("at ")[1].split()[0]
        query = "operator=mts&reason=leaving&situation=abroad"
        with urllib.request.urlopen(f"{address}show/?{query}", timeout=60) as answer:
            page = answer.read().decode()
        with urllib.request.urlopen(f"{address}show/kit.pdf?{query}", timeout=60) as answer:
            pdf = answer.read()
        process.terminate()
        process.wait(20)

    assert address.startswith("http://127.0.0.1:")
    assert f"/show/kit.pdf?{query.replace('&', '&amp;')}" in page
    assert pdf.startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == []


def test_a_command_with_an_installation_still_makes_its_home(nobody: dict[str, str], tmp_path: Path) -> None:
    assert call_alone(nobody, tmp_path, "lifecycle", "case").code == 0
    assert (tmp_path / "no-home").is_dir()

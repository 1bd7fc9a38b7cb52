"""``lastcall sim``: a card is looked at, saved and unlocked from the command line, without a database or a home."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import pytest
import vobject
from click.testing import CliRunner, Result

from lastcall.core.errors import LastcallError
from lastcall.core.ports import ReaderName
from lastcall.core.simcard import saving
from lastcall.elements.simcard.readers import Readers
from lastcall.elements.simcard.simulated import SimulatedCard, SimulatedLinks, deck
from lastcall.site import at_card
from lastcall.site.commands.sim import sim
from tests.site.terminal import Terminal

PIN, WRONG, NEW, PUK = "1234", "9876", "2468", "12345678"


@dataclass
class Desk:
    """Readers with cards that stay what they have become from one call to the next."""

    cards: list[SimulatedCard | None] = field(default_factory=list)

    @property
    def card(self) -> SimulatedCard:
        """The card in the first reader."""
        assert self.cards[0] is not None
        return self.cards[0]

    def readers(self, spec: str, *, trace: TextIO | None = None) -> Readers:
        """In place of :func:`make_readers`."""
        return Readers(SimulatedLinks(self.cards), trace=trace)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """One reader with Li Wei's card."""
    made = Desk([deck("li_wei")])
    monkeypatch.setattr(at_card, "make_readers", made.readers)
    return made


@pytest.fixture
def lastcall(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """``lastcall`` without a database."""
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def pin_file(tmp_path: Path) -> str:
    """A file with the right PIN."""
    return _file(tmp_path, PIN)


def _file(folder: Path, secret: str) -> str:
    path = folder / f"word-{len(list(folder.iterdir()))}"
    path.write_text(f"{secret}\n", encoding="utf-8")
    return str(path)


def typed(*words: str, lines: str) -> Result:
    """The command with what somebody types at its prompts; click keeps hidden what must be hidden."""
    return CliRunner().invoke(sim, list(words), input=lines)


def refused(result: Result) -> LastcallError:
    """The error that it ended with."""
    assert isinstance(result.exception, LastcallError)
    return result.exception


# Readers


def test_readers_are_listed_with_whether_they_hold_a_card(desk: Desk, lastcall: Terminal) -> None:
    desk.cards.append(None)
    assert lastcall("sim", "readers", "--json").document == {
        "readers": [
            {"number": 1, "name": "Simulated reader 1", "card": True},
            {"number": 2, "name": "Simulated reader 2", "card": False},
        ]
    }
    assert "Simulated reader 2" in lastcall("sim", "readers").out


def test_no_reader_is_no_failure_of_the_list(desk: Desk, lastcall: Terminal) -> None:
    desk.cards.clear()
    left = lastcall("sim", "readers")
    assert (left.code, left.out) == (0, "No card reader is connected.\n")


def test_of_several_cards_one_must_be_chosen(desk: Desk, lastcall: Terminal) -> None:
    desk.cards.append(deck("empty"))
    left = lastcall("sim", "pin", "--json")
    assert left.code == 2
    assert left.error["code"] == "which_reader"
    assert "--reader" in left.error["remedy"]
    assert left.error["problems"] == ["1: Simulated reader 1", "2: Simulated reader 2"]
    assert lastcall("sim", "pin", "--reader", "2").code == 0


def test_the_only_card_needs_no_choosing(desk: Desk, lastcall: Terminal) -> None:
    desk.cards.insert(0, None)
    assert lastcall("sim", "pin").code == 0


@pytest.mark.parametrize(("cards", "code", "left_with"), [([], "no_reader", 4), ([None], "no_card", 5)])
def test_without_reader_or_card_it_says_what_to_do(
    desk: Desk, lastcall: Terminal, cards: list[SimulatedCard | None], code: str, left_with: int
) -> None:
    desk.cards[:] = cards
    left = lastcall("sim", "info", "--json")
    assert (left.code, left.error["code"]) == (left_with, code)
    assert left.error["remedy"]


# Info


def test_info_shows_the_cards_numbers_and_how_full_it_is(desk: Desk, lastcall: Terminal, pin_file: str) -> None:
    found = lastcall("sim", "info", "--pin-file", pin_file, "--json").document
    assert found["kind"] == "USIM"
    assert len(found["iccid"]) == 19
    assert found["imsi"].startswith("25099")
    assert found["own_numbers"] == ["+79430001003"]
    assert found["pin"] == {"enabled": True, "tries": 3, "puk_tries": 10, "blocked": False, "dead": False}
    assert {"of": "phone_book", "used": 17, "total": 250} in found["rooms"]
    assert found["contacts"] == 17


def test_info_lists_the_applications_and_who_the_second_says_its_holder_is(
    desk: Desk, lastcall: Terminal, pin_file: str
) -> None:
    desk.cards[:] = [deck("two_usims")]
    found = lastcall("sim", "info", "--pin-file", pin_file, "--json").document
    assert [(each["kind"], each["label"]) for each in found["applications"]] == [
        ("ISIM", "ISIM"), ("USIM", "Demo Mobile"), ("USIM", "演示移动"), ("CSIM", "CSIM"),
    ]  # fmt: skip
    assert {"of": "received_calls", "used": 3, "total": 10} in found["rooms"]
    shown = lastcall("sim", "info", "--pin-file", pin_file).out
    assert "USIM, 演示移动" in shown and "IMSI 001010000000901" in shown and "sip:user@example.org" in shown
    assert shown.count("250990000000900") == 1


def test_letters_in_the_number_of_a_machines_card_are_shown_and_said(desk: Desk, lastcall: Terminal) -> None:
    desk.cards[:] = [deck("machine")]
    shown = lastcall("sim", "info").out
    assert "898604A0191790C12345" in shown
    assert "Note: The card's own number (ICCID) has letters in it" in shown


def test_tables_fit_into_80_columns(desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path) -> None:
    shown = lastcall("sim", "info", "--pin-file", pin_file).out
    shown += lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path / "b")).out
    assert "17 of 250" in shown
    assert max(len(line) for line in shown.splitlines() if not line.startswith("In ")) <= 80


def test_without_a_pin_it_shows_what_is_open_and_says_what_is_closed(desk: Desk, lastcall: Terminal) -> None:
    found = lastcall("sim", "info", "--no-pin", "--json").document
    assert found["iccid"]
    assert not found["imsi"]
    assert found["rooms"] == []
    assert "contacts" not in found
    assert "Closed by the PIN" in found["notes"][0]
    assert "VERIFY" not in desk.card.writes


def test_to_look_at_a_card_no_last_try_is_risked(desk: Desk, lastcall: Terminal, pin_file: str) -> None:
    desk.card.pin.tries = 1
    left = lastcall("sim", "info", "--pin-file", pin_file)
    assert left.code == 0
    assert "Shown without the PIN: this is the last try of the PIN." in left.err
    assert desk.card.pin.tries == 1


# Backup


def test_a_backup_holds_all_contacts_and_messages_and_leaves_the_card_as_it_was(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    out, before = tmp_path / "backup", desk.card.image()
    document = lastcall(
        "sim", "backup", "--pin-file", pin_file, "--out", str(out), "--lang", "zh-hans", "--json"
    ).document
    assert desk.card.image() == before
    assert desk.card.writes == []
    assert document["folder"] == str(out)
    assert [each["name"] for each in document["files"]] == sorted_by_use(out)
    names = [each.fn.value for each in vobject.readComponents((out / "contacts.vcf").read_text(encoding="utf-8"))]
    whole = json.loads((out / "card.json").read_bytes())
    assert len(names) == document["contacts"] == 17
    assert set(names) >= {entry["name"] for entry in whole["entries"] if entry["list"] == "phone_book"}
    rows = list(csv.DictReader(io.StringIO((out / "messages.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert [row["text"] for row in rows] == [each["text"] for each in whole["messages"]]
    assert '<html lang="zh-hans"' in (out / "messages.html").read_text(encoding="utf-8")


def sorted_by_use(folder: Path) -> list[str]:
    """The files as they are listed, all of which are there and the owner's only."""
    names = [
        "contacts.vcf",
        "contacts.csv",
        "messages.csv",
        "calls.csv",
        "messages.html",
        "messages.pdf",
        "card.json",
        "manifest.json",
    ]
    assert {path.name for path in folder.iterdir()} == set(names)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    return names


def test_scripts_of_the_card_come_through_to_every_file(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    out = tmp_path / "backup"
    assert lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(out), "--lang", "ru").code == 0
    vcf, page = ((out / name).read_text(encoding="utf-8") for name in ("contacts.vcf", "messages.html"))
    for text in (vcf, page):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text)
        assert any("\u0400" <= sign <= "\u04ff" for sign in text)


def test_verify_finds_a_backup_in_order_until_somebody_changes_it(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    out = tmp_path / "backup"
    lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(out))
    assert lastcall("sim", "verify", str(out)).out == "Every file is as it was saved.\n"
    (out / "contacts.vcf").write_text("", encoding="utf-8")
    left = lastcall("sim", "verify", str(out), "--json")
    assert left.code == 1
    assert left.document["problems"] == [left.document["problems"][0]]
    assert left.document["problems"][0].startswith("contacts.vcf: 0 octets")
    assert lastcall("sim", "verify", str(tmp_path)).code == 4


def test_a_card_without_a_pin_is_saved_without_a_question(desk: Desk, lastcall: Terminal, tmp_path: Path) -> None:
    desk.card.pin.enabled = False
    left = lastcall("sim", "backup", "--out", str(tmp_path / "backup"))
    assert left.code == 0
    assert "PIN" not in left.err


def test_a_folder_with_other_things_is_refused_before_anything_is_asked(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    left = lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path), "--json")
    assert (left.code, left.error["code"]) == (3, "folder_used")
    assert desk.card.seen == []


@pytest.mark.parametrize("after", [5, 60, 250])
def test_a_card_that_is_pulled_out_leaves_nothing_behind(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path, after: int
) -> None:
    desk.card.pull_after(after)
    left = lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path / "backup"), "--json")
    assert (left.code, left.error["code"]) == (5, "card_removed")
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize(
    ("name", "contacts"),
    [
        ("chinese", "妈妈"),
        ("russian", "Ёлкина"),
        ("emoji", "🐼"),
        ("phonebook", "莉娜"),
        ("two_usims", "Дедушка"),
        ("calls", ""),
        ("machine", ""),
        ("cut_short", ""),
    ],
)
def test_cards_of_every_kind_are_saved_in_order(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path, name: str, contacts: str
) -> None:
    desk.cards[:] = [deck(name)]
    left = lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path / "backup"))
    assert left.code == 0
    assert contacts in (tmp_path / "backup" / "contacts.vcf").read_text(encoding="utf-8")
    assert saving.verify(tmp_path / "backup") == ()


def test_what_could_not_be_read_in_full_is_said(desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path) -> None:
    desk.cards[:] = [deck("odd_numbers")]
    left = lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path / "backup"))
    assert "could not be read in full" in left.out


def test_deleted_messages_are_saved_only_when_asked_for(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    counts = []
    for name, more in (("without", []), ("with", ["--deleted"])):
        words = ("sim", "backup", "--pin-file", pin_file, "--out", str(tmp_path / name), "--json", *more)
        document = lastcall(*words).document
        whole = json.loads((tmp_path / name / "card.json").read_bytes())
        counts.append((document["messages"], [each["status"] for each in whole["messages"]].count("deleted")))
    (plain, none), (more_than_plain, some) = counts
    assert none == 0
    assert some > 0
    assert more_than_plain == plain + some


# The PIN


def test_tries_are_said_before_the_pin_is_asked_for_and_it_is_not_echoed(desk: Desk) -> None:
    left = typed("pin", "--act", "verify", lines=f"{PIN}\n")
    assert left.exit_code == 0
    assert left.stderr.index("3 tries are left") < left.stderr.index("PIN:")
    assert "The PIN is right. 3 tries are left." in left.stdout
    assert PIN not in left.output


@pytest.mark.parametrize(
    ("act", "outcome", "lines", "code", "enabled"),
    [
        ("verify", "verified", [PIN], PIN, True),
        ("disable", "disabled", [PIN], PIN, False),
        ("change", "changed", [PIN, NEW, NEW], NEW, True),
        ("unblock", "unblocked", [PUK, NEW, NEW], NEW, True),
    ],
)
def test_each_act_does_what_it_says_and_tells_what_came_of_it(
    desk: Desk, act: str, outcome: str, lines: list[str], code: str, enabled: bool
) -> None:
    if act == "unblock":
        desk.card.pin.tries = 0
    left = typed("pin", "--act", act, "--json", lines="\n".join(lines) + "\n")
    assert left.exit_code == 0
    document = json.loads(left.stdout)
    assert (document["act"], document["outcome"]) == (act, outcome)
    assert document["pin"] == {"enabled": enabled, "tries": 3, "puk_tries": 10, "blocked": False, "dead": False}
    assert (desk.card.pin.code, desk.card.pin.enabled) == (code, enabled)


def test_old_and_new_pin_may_come_on_standard_input(desk: Desk, lastcall: Terminal) -> None:
    words = ("sim", "pin", "--act", "change", "--pin-file", "-", "--new-pin-file", "-", "--json")
    assert lastcall(*words, typed=f"{PIN}\n{NEW}\n").document["outcome"] == "changed"
    assert desk.card.pin.code == NEW


def test_a_pin_that_was_taken_off_can_be_put_on_again(desk: Desk, lastcall: Terminal, pin_file: str) -> None:
    lastcall("sim", "pin", "--act", "disable", "--pin-file", pin_file)
    assert lastcall("sim", "pin", "--act", "enable", "--pin-file", pin_file, "--json").document["outcome"] == "enabled"
    assert desk.card.pin.enabled


def test_show_asks_nothing(desk: Desk, lastcall: Terminal) -> None:
    assert lastcall("sim", "pin", "--json").document == {
        "act": "show",
        "outcome": "show",
        "pin": {"enabled": True, "tries": 3, "puk_tries": 10, "blocked": False, "dead": False},
    }
    assert "tries left" in lastcall("sim", "pin").out


@pytest.mark.parametrize(
    ("enabled", "act", "outcome"),
    [(False, "verify", "was_off"), (False, "disable", "was_off"), (True, "enable", "was_on")],
)
def test_where_nothing_is_to_be_done_nothing_is_asked(
    desk: Desk, lastcall: Terminal, enabled: bool, act: str, outcome: str
) -> None:
    desk.card.pin.enabled = enabled
    assert lastcall("sim", "pin", "--act", act, "--json").document["outcome"] == outcome
    assert "nothing was done" in lastcall("sim", "pin", "--act", act).out


def test_a_pin_that_is_off_cannot_be_changed(desk: Desk, lastcall: Terminal) -> None:
    desk.card.pin.enabled = False
    left = lastcall("sim", "pin", "--act", "change", "--json")
    assert (left.code, left.error["code"]) == (3, "pin_is_off")


def test_a_wrong_pin_is_refused_with_what_is_left_and_never_shown(
    desk: Desk, lastcall: Terminal, tmp_path: Path
) -> None:
    left = lastcall("sim", "pin", "--act", "disable", "--pin-file", _file(tmp_path, WRONG), "--json")
    assert (left.code, left.error["code"]) == (3, "wrong_pin")
    assert left.error["remedy"].startswith("2 tries are left.")
    assert WRONG not in left.err + left.out
    assert desk.card.pin.enabled


def test_it_stops_before_the_last_try_unless_told_otherwise(desk: Desk, lastcall: Terminal, tmp_path: Path) -> None:
    desk.card.pin.tries = 1
    words = ("sim", "pin", "--act", "verify", "--pin-file", _file(tmp_path, WRONG), "--json")
    left = lastcall(*words)
    assert (left.code, left.error["code"]) == (3, "last_try")
    assert "--last-try" in left.error["remedy"]
    assert desk.card.pin.tries == 1
    assert lastcall(*words, "--last-try").error["code"] == "pin_blocked"
    assert desk.card.pin.tries == 0
    assert "only the PUK helps" in lastcall("sim", "pin").out


def test_a_wrong_puk_is_counted_too(desk: Desk, lastcall: Terminal, tmp_path: Path) -> None:
    desk.card.pin.tries = 0
    words = ["sim", "pin", "--act", "unblock", "--puk-file", _file(tmp_path, "87654321")]
    left = lastcall(*words, "--new-pin-file", _file(tmp_path, NEW), "--json")
    assert (left.code, left.error["code"]) == (3, "wrong_puk")
    assert left.error["remedy"].startswith("9 tries are left.")


def test_a_card_that_is_lost_for_good_is_said_to_be(desk: Desk, lastcall: Terminal) -> None:
    desk.card.pin.tries = desk.card.pin.puk_tries = 0
    assert lastcall("sim", "pin", "--act", "unblock", "--json").error["code"] == "puk_blocked"
    assert "blocked for good" in lastcall("sim", "pin").out


@pytest.mark.parametrize(("lines", "code"), [("12a4\n", "bad_pin"), ("123456789\n", "bad_pin")])
def test_what_is_no_pin_costs_no_try_and_is_not_repeated(desk: Desk, lines: str, code: str) -> None:
    left = typed("pin", "--act", "verify", lines=lines)
    assert refused(left).code == code
    assert lines.strip() not in left.output + str(left.exception)
    assert desk.card.pin.tries == 3


def test_a_new_pin_that_is_typed_in_two_ways_is_asked_for_again(desk: Desk) -> None:
    left = typed("pin", "--act", "change", lines=f"{PIN}\n{NEW}\n1357\n{NEW}\n{NEW}\n")
    assert left.exit_code == 0
    assert desk.card.pin.code == NEW


def test_there_is_no_option_that_takes_a_secret_itself(lastcall: Terminal) -> None:
    names = {name for command in sim.commands.values() for option in command.params for name in option.opts}
    assert {name for name in names if "pin" in name or "puk" in name} == {
        "--pin-file", "--puk-file", "--new-pin-file", "--no-pin"
    }  # fmt: skip


# Tracing


def test_a_trace_shows_every_command_and_no_secret(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path
) -> None:
    trace = tmp_path / "trace.txt"
    lastcall("sim", "info", "--pin-file", pin_file, "--trace", str(trace), "--json")
    text = trace.read_text(encoding="utf-8")
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
    assert "READ RECORD" in text
    assert "VERIFY" in text
    assert PIN.encode().hex(" ").upper() not in text
    assert desk.card.image() and "79430001003" not in text


def test_without_a_file_the_trace_goes_to_standard_error(desk: Desk, lastcall: Terminal) -> None:
    left = lastcall("sim", "pin", "--trace", "--json")
    assert "SELECT" in left.err
    assert left.document["outcome"] == "show"


# As a program of its own


def _started(folder: Path, *words: str, **more: Any) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LASTCALL_", "DJANGO_"))}
    called = [sys.executable, "-m", "lastcall.site.main", "sim", *words]
    running: subprocess.Popen[bytes] = subprocess.Popen(called, cwd=folder, env=environment, **more)
    return running


def test_it_needs_no_home_and_makes_none(tmp_path: Path) -> None:
    (tmp_path / "pin").write_text(PIN, encoding="utf-8")
    words = ("backup", "--simulated", "full", "--pin-file", "pin", "--out", "saved", "--json")
    running = _started(tmp_path, *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, b"")
    assert json.loads(out)["contacts"] == 250
    assert {path.name for path in tmp_path.iterdir()} == {"pin", "saved"}
    assert saving.verify(tmp_path / "saved") == ()


def test_at_a_real_terminal_the_pin_is_asked_for_without_echo_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    mine, theirs = pty.openpty()
    words = ("backup", "--simulated", "li_wei", "--out", "saved")
    running = _started(tmp_path, *words, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    seen = _until(mine, b"PIN: ")
    os.write(mine, WRONG.encode())
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 130
    seen += _until(mine, b"left behind.")
    os.close(mine)
    assert b"3 tries are left." in seen
    assert WRONG.encode() not in seen
    assert list(tmp_path.iterdir()) == []


def _until(terminal: int, words: bytes) -> bytes:
    seen = b""
    while words not in seen:
        seen += os.read(terminal, 4096)
    return seen


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_stop_in_the_middle_of_saving_leaves_nothing(tmp_path: Path, told: signal.Signals) -> None:
    (tmp_path / "pin").write_text(PIN, encoding="utf-8")
    slow = (
        "import os, sys, time\n"
        "def slow(descriptor): print('saving', flush=True); time.sleep(60)\n"
        "os.fsync = slow\n"
        "from lastcall.site.main import main\n"
        "main()\n"
    )
    words = ("sim", "backup", "--simulated", "li_wei", "--pin-file", "pin", "--out", "saved")
    called = [sys.executable, "-c", slow, *words]
    with subprocess.Popen(called, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None and running.stdout.readline() == b"saving\n"
        assert [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
        running.send_signal(told)
        running.send_signal(told)
        assert running.wait(timeout=60) == 130
    assert {path.name for path in tmp_path.iterdir()} == {"pin"}


# Text of others


def test_nothing_of_others_is_taken_for_markup(
    desk: Desk, lastcall: Terminal, pin_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders, readers' names, and what a card calls itself and its applications."""
    name = "[b]SIM [/2026]"
    read = Readers(SimulatedLinks([deck("two_usims")])).open()
    read.verify(PIN)
    found = read.read()
    told = replace(
        found, provider=name, notes=(name,), applications=tuple(replace(each, label=name) for each in found.applications),
        entries=tuple(replace(each, numbers=(name,), damaged="cut") for each in found.entries),
    )  # fmt: skip
    monkeypatch.setattr(type(read), "read", lambda *_, **__: told)
    monkeypatch.setattr(Readers, "names", lambda self: (ReaderName(1, name, True),))
    folder = tmp_path / "[b]SIM [" / "2026]"
    shown = {
        "readers": lastcall("sim", "readers"),
        "info": lastcall("sim", "info", "--pin-file", pin_file),
        "backup": lastcall("sim", "backup", "--pin-file", pin_file, "--out", str(folder)),
    }
    (folder / name.replace("/", "")).write_bytes(b"")
    shown["verify"] = lastcall("sim", "verify", str(folder))
    assert [left.code for left in shown.values()] == [0, 0, 0, 1]
    assert name in shown["readers"].out and shown["info"].out.count(name) >= 6
    assert f"In {folder}." in shown["backup"].out and f"Note: {name}" in shown["backup"].out
    assert name.replace("/", "") in shown["verify"].out


def test_a_place_where_nothing_can_be_saved_is_refused_before_the_pin(
    desk: Desk, lastcall: Terminal, pin_file: str
) -> None:
    left = lastcall("sim", "backup", "--pin-file", pin_file, "--out", f"{pin_file}/below", "--json")
    assert (left.code, left.error["code"], desk.card.seen) == (3, "cannot_save", [])

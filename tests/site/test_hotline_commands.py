"""``lastcall hotline`` and ``lastcall prompts`` as people and machines call them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lastcall.core.subscribers.inputs import LANGUAGES
from lastcall.doors.hotline import recordings
from lastcall.doors.hotline.menu import STEPS
from lastcall.site.commands import prompts as command
from tests.doors.hotline.conftest import Hum
from tests.doors.hotline.phone import Phone
from tests.site.terminal import Terminal


def test_the_menu_is_printed_for_people_and_machines(lastcall: Terminal) -> None:
    shown = lastcall("hotline", "--menu")
    assert shown.code == 0 and "choose_language" in shown.out
    steps = lastcall("hotline", "--menu", "--json").document
    assert [step["name"] for step in steps] == [step.name for step in STEPS]


def test_the_server_does_not_start_without_its_sound_files(lastcall: Terminal, tmp_path: Path) -> None:
    left = lastcall("hotline", "--prompts", str(tmp_path / "none"), "--json")
    assert left.code == 3 and left.error["code"] == "prompts_missing"
    assert left.error["remedy"] == f"Run 'lastcall prompts build --out {tmp_path / 'none'}'."


def test_prompts_are_built_and_checked(lastcall: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Espeak", Hum)
    folder = str(tmp_path / "prompts")
    nothing = lastcall("prompts", "check", folder)
    assert nothing.code == 1 and nothing.out.count("\n") == 1, "one line, not one for each of the files"
    assert f"lastcall prompts build --out {folder}" in nothing.out
    built = lastcall("prompts", "build", "--out", folder, "--json").document
    assert built["spoken"] > 200 and built["kept"] == built["recorded"] == 0
    assert lastcall("prompts", "check", folder).code == 0
    (tmp_path / "prompts" / "ru" / "main.wav").write_bytes(b"no sound")
    checked = lastcall("prompts", "check", folder, "--json")
    assert checked.code == 1
    assert checked.document == [{"language": "ru", "key": "main", "what": "wrong format"}]
    assert "main.wav" in lastcall("prompts", "check", folder).out


def test_the_server_takes_calls_and_ends_cleanly_when_it_is_told_to(database_url: str, tmp_path: Path) -> None:
    recordings.build(tmp_path / "prompts", languages=LANGUAGES, voice=Hum())
    environment = os.environ | {"LASTCALL_DATABASE_URL": database_url, "LASTCALL_HOME": str(tmp_path)}
    call = [
        sys.executable,
        "-m",
        "lastcall.site.main",
        "hotline",
        "--port",
        "0",
        "--prompts",
        str(tmp_path / "prompts"),
    ]
    with subprocess.Popen(call, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        told = server.stderr.readline()
        port = int(told.split("agi://127.0.0.1:")[1].split("/")[0])
        phone = Phone(port, query="lang=en").dial()
        assert phone.keys_heard() == ["main"]
        server.send_signal(signal.SIGTERM)
        assert not phone.command()
        phone.close()
        assert server.wait(20) == 0

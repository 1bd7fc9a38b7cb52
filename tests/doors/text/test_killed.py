"""Killed in the middle: what comes in is there, what goes out goes out once, save where SMPP itself cannot tell.

SMPP 3.4 knows no key by which an SMSC would take a message for one that it has. So a worker that is killed after the SMSC took a
message and before it could note that (a few milliseconds) leaves one that goes out again: once for each such kill.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from lastcall.core.texting.arrived import Arrived
from lastcall.core.texting.inbox import take
from lastcall.core.work import LEASE
from lastcall.site.channels import make_messengers, start_listening
from tests.cast import Cast
from tests.doors.text.settings import by_smpp
from tests.doors.text.stage import ON_SQLITE, PHONE, Stage, wait_until
from tests.smsc import PASSWORD, Sending, Smsc

pytestmark = pytest.mark.element
ROOT = Path(__file__).resolve().parents[3]
KILLED = -signal.SIGKILL


@pytest.fixture
def stage(cast: Cast, smsc: Smsc, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("LASTCALL_SMPP_PASSWORD", PASSWORD)
    return Stage(cast, smsc)


def worker_that_dies(stage: Stage, url: str, folder: Path, moment: str) -> subprocess.Popen[bytes]:
    now = stage.cast.time.now().isoformat()
    words = ["-W", "error", "-m", "tests.doors.text.dying", url, str(folder), str(stage.smsc.port), now, moment]
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> int:
    _, complaints = process.communicate(timeout=60)
    assert process.returncode == KILLED, complaints.decode(errors="replace")[-3000:]
    return process.returncode


@ON_SQLITE
@pytest.mark.parametrize(("moment", "most"), [("submitted", 2), ("remembered", 1)])
def test_an_answer_of_a_killed_worker_goes_out_and_twice_only_where_nobody_could_know(
    stage: Stage, database_url: str, tmp_path: Path, moment: str, most: int
) -> None:
    cast = stage.cast
    take(cast.base, came=Arrived(sender=PHONE, recipient="0000", text="help"), way="smpp", policy=cast.policy)
    assert ended(worker_that_dies(stage, database_url, tmp_path, moment)) == KILLED
    assert [job.state for job in stage.open_jobs()] == ["leased"]
    assert len(stage.answers()) == 1
    with override_settings(**by_smpp(stage.smsc.port)):
        cast.elements.messengers["sms"] = make_messengers(tmp_path)["sms"]
        cast.time.advance(LEASE + timedelta(seconds=1))
        cast.work()
    answers = stage.answered(most)
    assert len(answers) == most and len(set(answers)) == 1
    assert not stage.open_jobs() and stage.texts()[0].answered_at is not None


def test_a_text_whose_taker_was_killed_comes_again_and_is_one(stage: Stage, database_url: str, tmp_path: Path) -> None:
    smsc, mark = stage.smsc, stage.smsc.mark()
    dying = worker_that_dies(stage, database_url, tmp_path, "received")
    name = smsc.deliver(Sending("销户".encode("utf-16-be")))
    ended(dying)
    assert len(stage.texts()) == 1 and not smsc.told("taken", after=mark)
    stop = threading.Event()
    with override_settings(**by_smpp(smsc.port)):
        listening = start_listening(make_messengers(tmp_path), stop)
        smsc.wait("taken", after=mark, name=name)
        stop.set()
        assert listening is not None
        listening.join(10)
    stage.cast.work()
    assert len(stage.texts()) == len(stage.cases()) == 1


@ON_SQLITE
def test_an_installation_answers_in_seconds(stage: Stage, database_url: str, tmp_path: Path) -> None:
    stage.cast.base.close()
    environment = os.environ | by_smpp(stage.smsc.port) | {
        "LASTCALL_DATABASE_URL": database_url, "LASTCALL_HOME": str(tmp_path), "LASTCALL_PHOTOS": "none",
    }  # fmt: skip
    mark = stage.smsc.mark()
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "lastcall.site.main", "work"], env=environment, stderr=log)
        try:
            stage.smsc.wait("bind", after=mark, timeout=30)
            for word in ("销户", "进度", "取消"):
                before = len(stage.answers())
                stage.smsc.phone(word)
                wait_until(lambda before=before: len(stage.answers()) > before, what="an answer", seconds=10)  # type: ignore[misc]
            process.send_signal(signal.SIGTERM)
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.wait(10)
    assert not re.search(r"\d{11}", (tmp_path / "log").read_text(errors="replace"))

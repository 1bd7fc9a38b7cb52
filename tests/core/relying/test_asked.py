"""Who asked about a number: in the journal before it is answered, in rows once, through any kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.relying import asked, journal
from lastcall.core.relying.asked import Asking
from lastcall.core.relying.asked_number import Asked
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN
from tests.relying import registered

pytestmark = pytest.mark.usefixtures("time", "journal_folder")
TODAY = date(2026, 1, 12)


def rows(base: DjangoDatabase) -> list[Asked]:
    return base.transact(lambda rows: rows.some(Asked, {}, order="msisdn"))


def of(base: DjangoDatabase, msisdn: int, *, since: date = TODAY, until: date | None = None) -> tuple[Asking, ...]:
    return base.transact(lambda rows: asked.of_number(rows, msisdn=msisdn, since=since, until=until))


def test_questions_are_counted_by_day_and_category(base: DjangoDatabase, time: ManualClock) -> None:
    bank, app = registered(base, "Bank").consumer, registered(base, "App", category="app").consumer
    for reading in ("camara", "camara", "rich"):
        asked.note(base, consumer_id=bank.id, msisdn=LI_WEI_MSISDN, reading=reading)
    asked.note(base, consumer_id=app.id, msisdn=LI_WEI_MSISDN, reading="camara")
    asked.note(base, consumer_id=app.id, msisdn=ANNA_MSISDN, reading="camara")
    assert asked.gather(base) == 5
    time.advance(timedelta(days=1))
    asked.note(base, consumer_id=bank.id, msisdn=LI_WEI_MSISDN, reading="camara")
    assert asked.gather(base) == 1
    later, first = TODAY + timedelta(days=1), (Asking("app", TODAY, 1, "asked"), Asking("bank", TODAY, 3, "asked"))
    assert of(base, LI_WEI_MSISDN) == (Asking("bank", later, 1, "asked"), *first)
    assert of(base, LI_WEI_MSISDN, until=TODAY) == first
    assert of(base, LI_WEI_MSISDN, since=later + timedelta(days=1)) == ()
    assert of(base, ANNA_MSISDN) == (Asking("app", TODAY, 1, "asked"),)


def test_a_later_question_of_the_day_adds_to_the_same_row(base: DjangoDatabase) -> None:
    bank = registered(base).consumer
    for _ in range(3):
        asked.note(base, consumer_id=bank.id, msisdn=LI_WEI_MSISDN, reading="camara")
        asked.gather(base)
    assert [row.times for row in rows(base)] == [3]


def test_many_at_once_from_an_array(base: DjangoDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "RECORDS", 100)
    bank = registered(base).consumer
    msisdns = np.arange(79_000_000_000, 79_000_000_250, dtype=np.int64)
    asked.note_many(base, consumer_id=bank.id, msisdns=msisdns, reading="disconnect")
    asked.note_many(base, consumer_id=bank.id, msisdns=[79_000_000_000], reading="disconnect")
    assert asked.gather(base) == 251
    assert [row.msisdn for row in rows(base)] == msisdns.tolist()
    assert [row.times for row in rows(base)] == [2, *([1] * 249)]


def test_nothing_to_gather_is_nothing(base: DjangoDatabase) -> None:
    assert asked.gather(base) == 0
    asked.flush()


def test_gathering_again_after_a_kill_anywhere_counts_nothing_twice(
    base: DjangoDatabase, journal_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_TOGETHER", 10)
    bank = registered(base).consumer
    asked.note_many(base, consumer_id=bank.id, msisdns=range(79_000_000_000, 79_000_000_035), reading="rich")
    asked.hand_over()
    put = asked._put
    done: list[int] = []

    def dies_at_the_third(database: DjangoDatabase, **given: object) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        put(database, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(asked, "_put", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        asked.gather(base)
    monkeypatch.setattr(asked, "_put", put)
    monkeypatch.setattr(Path, "unlink", dies)  # everything is in rows, the file is still there
    with pytest.raises(KeyboardInterrupt):
        asked.gather(base)
    monkeypatch.undo()
    from django.conf import settings

    monkeypatch.setattr(settings, "LASTCALL_ASKED", journal_folder)
    asked.gather(base)
    assert [row.times for row in rows(base)] == [1] * 35
    assert list(journal_folder.iterdir()) == []


def dies(*args: object, **given: object) -> None:
    raise KeyboardInterrupt


NOTING = """
import os, sys
import django
django.setup()
from pathlib import Path
from django.conf import settings
settings.LASTCALL_ASKED = Path(sys.argv[1])
from lastcall.core.relying import asked
number = 0
while True:
    asked.note(None, consumer_id=7, msisdn=79000000000 + number % 1000, reading="camara")
    number += 1
    if number % 5_000 == 0:
        asked.flush()  # as the keeper does
    if number % 100 == 0:
        os.write(1, b"%d\\n" % number)
"""


def test_a_process_that_is_killed_has_lost_no_question_it_answered(base: DjangoDatabase, journal_folder: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", NOTING, str(journal_folder)], stdout=subprocess.PIPE, env=os.environ
    )
    assert child.stdout is not None
    while (line := child.stdout.readline()) and int(line) < 40_000:
        pass
    assert asked.gather(base) > 0  # files that are full, while the process is writing the next
    child.send_signal(signal.SIGKILL)
    answered = max([int(line) for line in child.stdout.read().split()], default=40_000)
    child.stdout.close()
    child.wait()
    asked.gather(base)
    found = Counter({row.msisdn: row.times for row in rows(base)})
    assert answered <= found.total() <= answered + 100
    assert max(found.values()) - min(found.values()) <= 1 and len(found) == 1_000


def test_a_record_that_was_cut_short_is_no_record(base: DjangoDatabase, journal_folder: Path) -> None:
    bank = registered(base).consumer
    asked.note_many(base, consumer_id=bank.id, msisdns=[79_000_000_000, 79_000_000_001], reading="rich")
    asked.hand_over()
    (file,) = journal_folder.iterdir()
    content = bytearray(file.read_bytes())
    content[journal.RECORD.size + 20 : 2 * journal.RECORD.size] = bytes(journal.RECORD.size - 20)
    file.write_bytes(content)
    assert asked.gather(base) == 1
    assert [row.msisdn for row in rows(base)] == [79_000_000_000]


def test_the_journal_is_its_owners_alone(base: DjangoDatabase, journal_folder: Path) -> None:
    asked.note(base, consumer_id=1, msisdn=LI_WEI_MSISDN, reading="rich")
    (file,) = journal_folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600 and journal_folder.stat().st_mode & 0o777 == 0o700
    asked.hand_over()


def test_what_was_asked_is_forgotten_in_time(base: DjangoDatabase, time: ManualClock) -> None:
    bank = registered(base).consumer
    asked.note_many(base, consumer_id=bank.id, msisdns=range(79_000_000_000, 79_000_000_010), reading="rich")
    asked.gather(base)
    time.advance(timedelta(days=30))
    asked.note(base, consumer_id=bank.id, msisdn=LI_WEI_MSISDN, reading="rich")
    asked.gather(base)
    assert asked.forget(base, keep_days=30) == 0
    time.advance(timedelta(days=1))
    assert (asked.forget(base, keep_days=30, most=6), asked.forget(base, keep_days=30)) == (6, 4)
    assert [row.msisdn for row in rows(base)] == [LI_WEI_MSISDN]

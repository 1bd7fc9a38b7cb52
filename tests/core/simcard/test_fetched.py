"""Whoever has the secret gets the files, for a day; whoever has not hears always the same, after the same work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from lastcall.core.audit.event import Event
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import NotFound
from lastcall.core.forgetting import forget
from lastcall.core.simcard import backups, reports, sealing
from lastcall.core.simcard.backup import Backup
from tests.core.simcard.at_the_counter import PACKED, Visit
from tests.core.tools import nothing_changes, only, race, some, winners

WRONG = "0" * 24


@pytest.fixture
def kept(visit: Visit) -> tuple[str, Backup]:
    """Li Wei's secret, and what is kept."""
    return visit.save(visit.taken())


def fetch(visit: Visit, backup_id: int, secret: str) -> bytes:
    return backups.fetch(visit.base, backup_id=backup_id, secret=secret)


def heard(visit: Visit, backup_id: int, secret: str) -> tuple[str, str, str]:
    with pytest.raises(NotFound) as trouble:
        fetch(visit, backup_id, secret)
    return trouble.value.code, trouble.value.message, trouble.value.remedy


def test_the_secret_opens_it_as_often_as_wanted(visit: Visit, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    for _ in range(2):
        assert fetch(visit, backup.id, secret) == PACKED
    assert only(visit.base, Backup).fetched == 2
    assert len(some(visit.base, Event, kind="backup.fetched", case_id=visit.case_id)) == 2


def test_also_after_the_visit(visit: Visit, kept: tuple[str, Backup]) -> None:
    visit.finish()
    visit.cast.time.advance(timedelta(hours=24) - timedelta(seconds=1))
    assert fetch(visit, kept[1].id, kept[0]) == PACKED


def test_after_its_hours_it_is_gone_also_before_anybody_tidied_up(visit: Visit, kept: tuple[str, Backup]) -> None:
    visit.cast.time.advance(timedelta(hours=24))
    assert heard(visit, kept[1].id, kept[0])[0] == "no_such_backup"


def test_unknown_wrong_and_over_hear_the_same(visit: Visit, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    said = {heard(visit, backup.id, WRONG), heard(visit, backup.id, ""), heard(visit, backup.id, "\ud800")}
    said |= {heard(visit, number, secret) for number in (0, -1, 4711, 2**63, 10**30)}
    visit.cast.time.advance(timedelta(hours=24))
    said |= {heard(visit, backup.id, secret)}
    forget(visit.base, policy=visit.cast.policy)
    assert len(said | {heard(visit, backup.id, secret)}) == 1


def test_however_many_wrong_secrets_keep_nobody_out_and_change_nothing(visit: Visit, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    with nothing_changes():
        for _ in range(50):
            heard(visit, backup.id, WRONG)
            heard(visit, 4711, WRONG)
    assert fetch(visit, backup.id, secret) == PACKED


def test_wrong_secrets_at_once_keep_nobody_out(visit: Visit, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    tries = [partial(fetch, visit, backup.id, word) for word in (WRONG, WRONG, secret, WRONG, WRONG)]
    assert winners(race(*tries)) == [PACKED]
    assert only(visit.base, Backup).fetched == 1


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that run meanwhile, without their values."""
    asked: list[str] = []
    before = DatabaseStore._prepared

    def noted(store: DatabaseStore, sql: str, values: Sequence[Any]) -> Any:
        asked.append(sql)
        return before(store, sql, values)

    with monkeypatch.context() as patch:
        patch.setattr(DatabaseStore, "_prepared", noted)
        yield asked


def test_a_stranger_causes_the_same_work_whatever_is_wrong(
    visit: Visit, kept: tuple[str, Backup], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, backup = kept
    runs = []
    for backup_id, word in ((backup.id, WRONG), (4711, WRONG), (4711, secret)):
        with statements(monkeypatch) as asked:
            heard(visit, backup_id, word)
        runs.append(asked)
    visit.cast.time.advance(timedelta(hours=24))
    for backup_id, word in ((backup.id, secret), (4711, secret)):
        with statements(monkeypatch) as asked:
            heard(visit, backup_id, word)
        runs.append(asked)
    assert all(run == runs[0] for run in runs)
    assert not any("ciphertext" in sql for sql in runs[0])


def test_a_file_that_was_altered_here_opens_no_more(visit: Visit) -> None:
    secret, ciphertext = sealing.seal(PACKED)
    handling = visit.taken()
    altered = ciphertext[:-1] + bytes([ciphertext[-1] ^ 1])
    backup = reports.saved(visit.base, token=visit.token, handling_id=handling.id, ciphertext=altered)
    assert heard(visit, backup.id, secret)[0] == "no_such_backup"

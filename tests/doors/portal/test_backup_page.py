"""Fetching what was saved from a card: with the secret the files, without it nothing, and the same for strangers."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from lastcall.core.simcard.backup import Backup
from tests.core.simcard.at_the_counter import PACKED, Visit
from tests.core.simcard.conftest import counter, visit

__all__ = ["counter", "visit"]


def _post(browser: Client, backup_id: int, secret: str) -> str:
    answer = browser.post(f"/backup/{backup_id}/", {"secret": secret})
    assert answer.status_code == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce-\S+', "", answer.content.decode())


@pytest.fixture
def kept(visit: Visit) -> tuple[str, Backup]:
    """The secret, and what is kept."""
    return visit.save(visit.taken())


def test_with_the_secret_the_files_come(browser: Client, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    answer = browser.post(f"/backup/{backup.id}/", {"secret": f"{secret[:6].lower()}-{secret[6:12]} {secret[12:]}"})
    assert answer.content == PACKED
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_a_wrong_secret_and_a_backup_that_is_not_there_read_the_same(browser: Client, kept: tuple[str, Backup]) -> None:
    _, backup = kept
    wrong = "0" * 24
    shown = _post(browser, backup.id, wrong)
    assert "Nothing is kept here under this secret." in shown
    there = shown.replace(str(backup.id), "ID")
    assert there == _post(browser, 4711, wrong).replace("4711", "ID")


def test_the_page_is_the_same_whether_there_is_a_backup_or_not(browser: Client, kept: tuple[str, Backup]) -> None:
    _, backup = kept
    pages = [browser.get(f"/backup/{number}/").content.decode() for number in (backup.id, 4711, 2**70)]
    stripped = {re.sub(r'value="\w{20,}"|/backup/\d+/', "", shown) for shown in pages}
    assert len(stripped) == 1
    assert "24 hours" in pages[0]


def test_however_many_tried_the_right_secret_opens_it(browser: Client, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    assert len({_post(browser, backup.id, "0" * 24) for _ in range(12)}) == 1
    assert browser.post(f"/backup/{backup.id}/", {"secret": secret}).content == PACKED


def test_after_its_time_nothing_comes(browser: Client, visit: Visit, kept: tuple[str, Backup]) -> None:
    secret, backup = kept
    wrong = _post(browser, backup.id, "0" * 24)
    visit.cast.time.advance(backup.until - backup.made_at)
    shown = _post(browser, backup.id, secret)
    assert "Nothing is kept here" in shown and shown.replace(secret, "0" * 24) == wrong


def test_an_empty_form_asks_for_the_secret(browser: Client, kept: tuple[str, Backup]) -> None:
    _, backup = kept
    assert "Enter the secret from the counter." in _post(browser, backup.id, "")

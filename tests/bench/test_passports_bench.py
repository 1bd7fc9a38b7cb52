"""The program that reads passport pages: that it runs and tells what it read; how well is for the bench to say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from bench.passports import Outcome

from lastcall.core.ports import PassportPage
from tests.elements.identity.pages import Page, Truth, named

CHECKOUT = Path(__file__).resolve().parents[2]


def sure_of(truth: Truth, **changed: str) -> PassportPage:
    fields = {"issuer": truth.issuer, "number": truth.number, "surname": truth.surname} | changed
    return PassportPage(
        sure=True,
        kind="foreign_passport",
        given_names=truth.given_names,
        born=truth.born,
        expires=truth.expires,
        **fields,
    )


def told(page: Page, read: PassportPage) -> tuple[bool, bool]:
    outcome = Outcome(page, read, 1.0)
    return outcome.right, outcome.wrongly_sure


def test_it_runs_and_tells_what_it_read() -> None:
    command = [sys.executable, "-m", "lastcall.site.main", "bench", "passports", "--quick", "--json"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert sum(row["pages"] for row in answer["rows"]) == 3
    assert all(
        row["read_right"] + row["left_to_a_person"] + row["wrongly_sure"] == row["pages"] for row in answer["rows"]
    )


def test_it_counts_every_sure_answer_that_is_not_the_truth_as_wrong() -> None:
    page = named("none")
    assert told(page, sure_of(page.truth)) == (True, False)
    assert told(page, PassportPage(sure=False)) == (False, False)
    for field in ("issuer", "number", "surname"):
        assert told(page, sure_of(page.truth, **{field: "X"})) == (False, True)
    forged = named("none", forgery="number altered")
    assert told(forged, sure_of(forged.truth)) == (False, True)

"""Does the simulator find what is wrong? Each planted bug must be found, by an invariant that is about it."""

from __future__ import annotations

import pytest

from lastcall.core.audit.invariants import INVARIANTS
from lastcall.core.simulator.run import OWN_CHECKS, run
from tests.core.simulator.bugs import BUGS, Bug

MOST_HISTORIES = 10_000
SEED = 500_000
NOT_PLANTED = {"books_balance", "backups_are_deleted"}
"""Checks of the simulator's own elements, which no bug of ours can break; and of what its lives never meet: a counter's card
reader (that invariant's breaches are planted in ``tests/core/audit``)."""


@pytest.mark.parametrize("bug", [pytest.param(bug, id=bug.name) for bug in BUGS])
def test_it_finds_a_planted_bug(bug: Bug) -> None:
    with bug.plant():
        report = run(MOST_HISTORIES - bug.begin, SEED + bug.begin, processes=1)
    assert report.found is not None, f"not found in {report.histories} histories"
    print(f"{bug.name}: {report.found.invariant} after {bug.begin + report.histories} histories")  # noqa: T201 - how many it took
    assert report.found.invariant in bug.found_by, f"{report.found.invariant}: {report.found.text}"


def test_every_invariant_has_a_bug_that_it_is_to_find() -> None:
    aimed_at = {code for bug in BUGS for code in bug.found_by}
    known = {invariant.code for invariant in INVARIANTS} | set(OWN_CHECKS)
    assert aimed_at == known - NOT_PLANTED


def test_there_are_many_bugs() -> None:
    assert len({bug.name for bug in BUGS}) >= 25

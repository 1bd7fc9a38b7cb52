"""What the simulator checks in memory is what production does on SQLite and PostgreSQL: the same steps, the same rows."""

from __future__ import annotations

from typing import Final

from django.db import connections

from lastcall.core.database import DjangoDatabase
from lastcall.core.simulator.memo import memoised
from tests.core.simulator.twin import compare

SEED: Final = 900_000
HISTORIES: Final = {"sqlite": range(SEED, SEED + 1_800), "postgresql": range(SEED + 1_800, SEED + 2_000)}
"""2,000 together. PostgreSQL plays fewer: each of some five hundred statements of a history goes to the server and back."""


def test_the_same_steps_leave_the_same_rows_and_outcomes(base: DjangoDatabase) -> None:
    seeds = HISTORIES[connections["default"].vendor]
    with memoised():
        played, differences = compare(seeds)
    assert played == len(seeds)
    assert not differences, "\n".join(differences[:20])

"""What the simulator checks in memory is what production does on SQLite and PostgreSQL: the same steps, the same rows."""

from __future__ import annotations

from lastcall.core.database import DjangoDatabase
from lastcall.core.simulator.memo import memoised
from tests.core.simulator.twin import compare

HISTORIES = 300
SEED = 900_000


def test_the_same_steps_leave_the_same_rows_and_outcomes(base: DjangoDatabase) -> None:
    with memoised():
        played, differences = compare(range(SEED, SEED + HISTORIES))
    assert played == HISTORIES
    assert not differences, "\n".join(differences[:20])

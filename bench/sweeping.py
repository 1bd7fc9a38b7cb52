"""The release sweep as production runs it, and the floor: the same events inserted, nothing moved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.db import connections

from bench.bare import Hand
from bench.fsyncs import counted
from bench.stopwatch import Stopwatch
from lastcall.core import clock
from lastcall.core.database import DjangoDatabase
from lastcall.core.numbers.sweep import BATCH, sweep
from lastcall.core.policies.load import load

_EVENTS: Final = (
    "INSERT INTO audit_event (at, kind, subject, subject_id, actor, door, reason, source, target, data) {series}"
    "SELECT %s, 'number.released', 'tenure', n, 'system:sweep', 'system', '', 'quarantined', 'available', '{{}}' FROM series"
)
_SERIES: Final = {
    True: "WITH RECURSIVE series(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM series WHERE n < %s) ",
    False: "WITH series AS (SELECT generate_series(%s::bigint, %s::bigint) AS n) ",
}


def measure_sweep(*, due: int, total: int) -> Any:
    """``lastcall.core.numbers.sweep.sweep`` until nothing is due."""
    base = DjangoDatabase()
    policy = load("demo", on=clock.now().date()).policy()
    base.transact(lambda rows: None)
    fsyncs, watch = counted(), Stopwatch()
    swept = sweep(base, policy=policy)
    answer = {**watch.read(), "done": swept.released, "fsyncs": counted() - fsyncs}
    base.close()
    return answer | _prove(due, total=total, held=total - due)


def measure_events(*, due: int, total: int) -> Any:
    """Insert ``due`` events in transactions of as many as a batch of the sweep has."""
    hand = Hand()
    statement = _EVENTS.format(series=_SERIES[connections["default"].vendor == "sqlite"])
    fsyncs, watch = counted(), Stopwatch()
    for first in range(1, due + 1, BATCH):
        last = min(first + BATCH - 1, due)
        at = hand.moment(datetime.now(UTC))
        hand.begin()
        hand.run(statement, first, last, at)
        hand.commit()
    answer = {**watch.read(), "done": due, "fsyncs": counted() - fsyncs}
    hand.close()
    return answer | _prove(due, total=total, held=total)


def _prove(due: int, *, total: int, held: int) -> dict[str, object]:
    """Counts by statements of their own: the due ones were tenures 1 … ``due``, each released once and no other."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT subject_id), min(subject_id), max(subject_id) FROM audit_event "
            "WHERE kind = 'number.released' AND source = 'quarantined' AND target = 'available'"
        )
        events = [int(number) for number in cursor.fetchone()]
        cursor.execute("SELECT count(*), min(tenure_id) FROM numbers_quarantine")
        left = [int(number) for number in cursor.fetchone()]
    wanted = [due, due, 1, due]
    first_held = 1 if held == total else due + 1
    return {"left": {"events": events, "held": left}, "proved": events == wanted and left == [held, first_held]}

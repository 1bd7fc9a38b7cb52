"""Everything that monitoring asks for, read at one moment and kept for some seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.utils.timezone import get_default_timezone

from lastcall.core import clock
from lastcall.core.database import DatabaseStore
from lastcall.core.figures.cases import Aged, Reviews, open_cases, reviews
from lastcall.core.figures.kept import Kept
from lastcall.core.figures.reading import found, read
from lastcall.core.figures.reasons import Reason, failing_now
from lastcall.core.figures.steps import Step, steps
from lastcall.core.figures.totals import Running, Totals
from lastcall.core.figures.troubles import HlrError, Work, hlr_errors_ever, open_alerts, open_work
from lastcall.core.figures.waiting import Calls, Queue, calls_waiting, tickets_waiting
from lastcall.core.policies.policy import Policy

KEPT: Final = timedelta(seconds=10)
_POOLS_KEPT: Final = timedelta(seconds=60)
_RECENT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Pools:
    """Numbers that wait: for their former holder only, and in quarantine."""

    pending_release: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``recent``: the steps of the cases that ended in the last 24 hours; ``totals``: of all time."""

    at: datetime
    cases: tuple[Aged, ...]
    reviews: Reviews
    failing: tuple[Reason, ...]
    recent: tuple[Step, ...]
    totals: Totals
    hlr_errors: tuple[HlrError, ...]
    work: tuple[Work, ...]
    alerts: dict[str, int]
    pools: Pools
    calls: Calls
    tickets: tuple[Queue, ...]


@dataclass(slots=True)
class Snapshots:
    """Makes snapshots, at most one in :data:`KEPT`; the large pools of numbers are counted once a minute."""

    _running: Running = field(default_factory=Running)
    _kept: Kept[Snapshot] = field(default_factory=lambda: Kept(KEPT))
    _pools: Kept[Pools] = field(default_factory=lambda: Kept(_POOLS_KEPT))

    def latest(self, policy: Policy) -> Snapshot:
        """The snapshot of this moment, or one of some seconds ago."""
        return self._kept.get("all", lambda: read(lambda rows: self._take(rows, policy)))

    def forget(self) -> None:
        """Begin anew, as a new process does."""
        self._running = Running()
        self._kept.forget()
        self._pools.forget()

    def _take(self, rows: DatabaseStore, policy: Policy) -> Snapshot:
        now = clock.now()
        return Snapshot(
            at=now, cases=open_cases(rows, now=now), reviews=reviews(rows, now=now), failing=failing_now(rows),
            recent=steps(rows, since=now - _RECENT, until=now + timedelta(seconds=1), policy=policy),
            totals=self._running.until(rows, now), hlr_errors=hlr_errors_ever(rows), work=open_work(rows, now=now),
            alerts=open_alerts(rows), pools=self._pools.get("all", lambda: pools(rows)),
            calls=calls_waiting(rows, now=now),
            tickets=tickets_waiting(rows, today=now.astimezone(get_default_timezone()).date()),
        )  # fmt: skip


def pools(rows: DatabaseStore) -> Pools:
    """How many numbers wait."""
    pending, quarantined = (
        int(found(rows, f"SELECT COUNT(*) FROM {table}")[0][0])
        for table in ("numbers_pendingrelease", "numbers_quarantine")
    )
    return Pools(pending, quarantined)


snapshots: Final = Snapshots()
"""Of this process."""

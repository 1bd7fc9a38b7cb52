"""All figures of a period together, as a manager reads them; kept for half a minute, for a page and its charts ask one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.database import DatabaseStore
from lastcall.core.errors import BadInput
from lastcall.core.figures.cases import Aged, Reviews, open_cases, reviews
from lastcall.core.figures.flow import Counted, daily
from lastcall.core.figures.kept import Kept
from lastcall.core.figures.period import Period
from lastcall.core.figures.reading import read
from lastcall.core.figures.reasons import Reason, Refusals, failing_now, held_up, identity_refusals
from lastcall.core.figures.steps import Step, steps
from lastcall.core.figures.troubles import HlrError, Work, hlr_errors, open_alerts, open_work, texts_failed
from lastcall.core.figures.waiting import Calls, Queue, Waited, calls_waiting, shops, tickets_waiting, waited
from lastcall.core.policies.policy import Policy


@dataclass(frozen=True, slots=True)
class Report:
    """Figures as of ``at``. ``waiting_target``: of visitors, in seconds; ``shops``: code and name of every open one."""

    at: datetime
    period: Period
    cases: tuple[Aged, ...]
    reviews: Reviews
    daily: tuple[Counted, ...]
    steps: tuple[Step, ...]
    failing: tuple[Reason, ...]
    held_up: tuple[Reason, ...]
    refusals: tuple[Refusals, ...]
    hlr_errors: tuple[HlrError, ...]
    work: tuple[Work, ...]
    alerts: dict[str, int]
    texts_failed: int
    calls: Calls
    tickets: tuple[Queue, ...]
    waited: tuple[Waited, ...]
    waiting_target: int
    shops: tuple[tuple[str, str], ...]


_kept: Final[Kept[Report]] = Kept(timedelta(seconds=30))


def report(*, period: Period, policy: Policy, door: str = "", shop: str = "") -> Report:
    """The figures of ``period``: of one door or all (cases), of one shop's code or all (queues), at most half a minute old.

    Work, alerts, errors of the HLR and calls are the whole operator's. Raises ``BadInput`` (``bad_shop``) for no open shop's code.
    """
    found = _kept.get((period, door, shop), lambda: read(lambda rows: _report(rows, period, policy, door, shop)))
    if shop and shop not in dict(found.shops):
        raise BadInput("no open shop has that code", code="bad_shop", remedy="Choose one of the list.")
    return found


def forget() -> None:
    """Read everything afresh from now on."""
    _kept.forget()


def _report(rows: DatabaseStore, period: Period, policy: Policy, door: str, shop: str) -> Report:
    now = clock.now()
    since, until, target = period.since, period.until, policy.figures_target_waiting_minutes * 60
    return Report(
        at=now, period=period, cases=open_cases(rows, now=now, door=door), reviews=reviews(rows, now=now, door=door),
        daily=daily(rows, period, door=door), steps=steps(rows, since=since, until=until, policy=policy, door=door),
        failing=failing_now(rows, door=door), held_up=held_up(rows, period, door=door),
        refusals=identity_refusals(rows, period, door=door), hlr_errors=hlr_errors(rows, since=since, until=until),
        work=open_work(rows, now=now), alerts=open_alerts(rows),
        texts_failed=texts_failed(rows, since=since, until=until), calls=calls_waiting(rows, now=now),
        tickets=tickets_waiting(rows, today=period.last, shop=shop),
        waited=waited(rows, period, target=target, shop=shop), waiting_target=target, shops=shops(rows),
    )  # fmt: skip


def open_shops() -> tuple[tuple[str, str], ...]:
    """Code and name of every open shop."""
    return read(shops)

"""Sweeping: a relying party that goes through numbers instead of asking about those it has. A person is alerted, once a day.

The rule is pure. It sees the different numbers of one day, how many of them anybody ever held, and what the consumer usually asks.
Regulators and researchers name enumeration as the way a look-up turns into a list of everybody's numbers (Lee and Narayanan 2021).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, cast

from lastcall.core import clock
from lastcall.core.actor import WORKER, Actor
from lastcall.core.errors import NotFound
from lastcall.core.job import Alert
from lastcall.core.lookup import days
from lastcall.core.numbers.number import Number
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.relying.asked_number import Asked
from lastcall.core.relying.notes import noted
from lastcall.core.store import Database, Store, transaction

if TYPE_CHECKING:
    from lastcall.core.database import DatabaseStore

CODE: Final = "relying.sweeping"
LONGEST_STEP: Final = 1_000
"""Numbers further apart than this are no neighbours, however even their distances."""
SAMPLE: Final = 2_000
_USUAL_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Sweep:
    """Why a day looks like a sweep: ``equal_steps``, ``mostly_not_found`` or ``far_above_usual``; and what was counted."""

    reason: str
    asked: int
    longest_run: int
    not_found_percent: int


def judge(numbers: Sequence[int], *, not_found_percent: int, usual: int, policy: Policy) -> Sweep | None:
    """Whether the different ``numbers`` of one day look like a sweep; None when not.

    ``not_found_percent``: of a hundred of them so many were never held by anybody; ``usual``: different numbers on a usual day,
    0 when there is none yet. Policy ``relying.sweeping_*``.
    """
    asked, run = len(numbers), longest_run(numbers)
    if asked < policy.relying_sweeping_least:
        return None
    reason = ""
    if run >= policy.relying_sweeping_run:
        reason = "equal_steps"
    elif not_found_percent >= policy.relying_sweeping_not_found_percent:
        reason = "mostly_not_found"
    elif usual and asked >= usual * policy.relying_sweeping_times_usual:
        reason = "far_above_usual"
    return Sweep(reason, asked, run, not_found_percent) if reason else None


def longest_run(numbers: Sequence[int]) -> int:
    """How many of the numbers, put in order, follow one another at one and the same step of at most :data:`LONGEST_STEP`."""
    import numpy as np  # takes longer to read than most commands run

    steps = np.diff(np.unique(np.asarray(numbers, dtype=np.int64)))
    if not steps.size:
        return min(len(numbers), 1)
    begins = np.flatnonzero(np.concatenate(([True], steps[1:] != steps[:-1])))
    lengths = np.diff(np.append(begins, steps.size))
    near = lengths[steps[begins] <= LONGEST_STEP]
    return int(near.max()) + 1 if near.size else 1


def watch(database: Database, *, policy: Policy) -> int:
    """Judge what every consumer asked today, and alert a person where it looks like a sweep; returns how many alerts were made."""
    today = days.today()
    return sum(
        _watch_one(database, consumer_id=one, today=today, policy=policy) for one in _askers(database, today=today)
    )


@transaction
def settle(rows: Store, *, alert_id: int, actor: Actor) -> None:
    """A person has looked: the alert is resolved. Raises ``NotFound`` (``no_such_alert``)."""
    alert = rows.one(Alert, {"id": alert_id, "code": CODE, "resolved_at": None})
    if alert is None:
        raise NotFound("no such alert is open", code="no_such_alert", remedy="Look at the list again.")
    done = Change(Alert, {"id": alert.id, "resolved_at": None}, {"resolved_at": clock.now(), "resolved_by": str(actor)})
    rows.apply(Plan((done,), (noted("sweeping_settled", consumer_id=alert.subject_id, actor=actor),)))


@transaction
def _askers(rows: Store, *, today: date) -> list[int]:
    found = cast("DatabaseStore", rows).run("SELECT DISTINCT consumer_id FROM relying_asked WHERE day = %s", (today,))
    return sorted(int(row[0]) for row in found.fetchall())


@transaction
def _watch_one(rows: Store, *, consumer_id: int, today: date, policy: Policy) -> int:
    """One consumer's day. Alerted once a day, so that who looks is not buried."""
    if _alerted(rows, consumer_id, today):
        return 0
    found = _judged(rows, consumer_id, today, policy)
    if found is None:
        return 0
    detail = f"{found.reason}: {found.asked} numbers, longest run {found.longest_run}, {found.not_found_percent} % never held"
    alert = Alert(id=clock.new_id(), at=clock.now(), code=CODE, subject_id=consumer_id, job_id=0, detail=detail)
    data = {"asked": found.asked, "longest_run": found.longest_run, "not_found_percent": found.not_found_percent}
    event = noted("sweeping", consumer_id=consumer_id, actor=WORKER, reason=found.reason, data=data)
    rows.apply(Plan((Insert(alert),), (event,)))
    return 1


def _alerted(rows: Store, consumer_id: int, today: date) -> bool:
    found = rows.some(Alert, {"code": CODE, "subject_id": consumer_id}, order="-at", limit=1)
    return bool(found) and days.day_of(found[0].at) == today


def _judged(rows: Store, consumer_id: int, today: date, policy: Policy) -> Sweep | None:
    if rows.count(Asked, {"consumer_id": consumer_id, "day": today}) < policy.relying_sweeping_least:
        return None
    numbers = _numbers(rows, consumer_id, today)
    return judge(
        numbers,
        not_found_percent=_not_found_percent(rows, numbers),
        usual=_usual(rows, consumer_id, today),
        policy=policy,
    )


def _numbers(rows: Store, consumer_id: int, day: date) -> list[int]:
    sql = "SELECT DISTINCT msisdn FROM relying_asked WHERE consumer_id = %s AND day = %s ORDER BY msisdn"
    return [int(row[0]) for row in cast("DatabaseStore", rows).run(sql, (consumer_id, day)).fetchall()]


def _not_found_percent(rows: Store, numbers: Sequence[int]) -> int:
    """Of an even sample, how many in a hundred nothing ever happened to."""
    sample = numbers[:: max(1, len(numbers) // SAMPLE)]
    held = sum(rows.count(Number, {"msisdn__in": part}) for part in _parts(sample))
    return 100 * (len(sample) - held) // len(sample)


def _parts(numbers: Sequence[int], size: int = 500) -> list[Sequence[int]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


def _usual(rows: Store, consumer_id: int, today: date) -> int:
    """Different numbers on a day on which it asked at all, among the last seven before today."""
    counts = [
        rows.count(Asked, {"consumer_id": consumer_id, "day": today - timedelta(days=back)})
        for back in range(1, _USUAL_DAYS + 1)
    ]
    asked = [count for count in counts if count]
    return sum(asked) // len(asked) if asked else 0

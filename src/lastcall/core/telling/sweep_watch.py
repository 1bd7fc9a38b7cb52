"""Whoever registers an interest in whole rows of numbers wants the pool and not its customers: a person hears of it.

Only what came plainly and in one go can be judged; the numbers are not kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from lastcall.core import clock
from lastcall.core.actor import WORKER
from lastcall.core.job import Alert
from lastcall.core.plan import Insert, Plan
from lastcall.core.policies.policy import Policy
from lastcall.core.relying.notes import noted
from lastcall.core.relying.sweeping import CODE, judge
from lastcall.core.store import Store


def alarm_of(rows: Store, *, consumer_id: int, msisdns: Sequence[int], policy: Policy) -> Plan:
    """The alert and its event, where ``msisdns`` look like a sweep (policy ``relying.sweeping_*``) and no alert is open yet."""
    found = judge(msisdns, not_found_percent=0, usual=0, policy=policy)
    if found is None or rows.one(Alert, {"code": CODE, "subject_id": consumer_id, "resolved_at": None}) is not None:
        return Plan()
    detail = f"{found.reason}: {found.asked} numbers, longest run {found.longest_run}, 0 % never held"
    alert = Alert(id=clock.new_id(), at=clock.now(), code=CODE, subject_id=consumer_id, job_id=0, detail=detail)
    data = {"interests": found.asked, "longest_run": found.longest_run}
    event = noted("sweeping", consumer_id=consumer_id, actor=WORKER, reason=found.reason, data=data)
    return Plan((Insert(alert),), (event,))

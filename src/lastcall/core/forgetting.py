"""What is held only for a time is deleted when it is over: the numbers of calls, looks, wrong sign-ins, notices, saved cards."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from lastcall.core import clock
from lastcall.core.hotline.asking import Asking
from lastcall.core.hotline.call import Call
from lastcall.core.numbers import notice
from lastcall.core.numbers.look import Look
from lastcall.core.plan import Change, Plan, Remove, Write
from lastcall.core.policies.policy import Policy
from lastcall.core.simcard import backups, handlings, readers
from lastcall.core.staff.tries import Tries
from lastcall.core.store import Store, transaction

LOOKED_BACK: Final = timedelta(days=31)
"""Longer than what unusual viewing is judged by, and than any lock of the sign-in."""


@transaction
def forget(rows: Store, *, policy: Policy, most: int = 500) -> int:
    """Delete the oldest that is due, and take the number off calls that ended policy ``hotline.retention_days`` ago.

    Returns how many rows were touched. To be called again and again.
    """
    writes = _calls(rows, policy, most) + _looks(rows, most) + _tries(rows, most) + notice.forget(rows, most=most)
    if writes:
        rows.apply(Plan(tuple(writes)))
    return len(writes) + sum(
        _applied(rows, over(rows, most=most)) for over in (readers.forget, handlings.forget, backups.forget)
    )


def _applied(rows: Store, plan: Plan) -> int:
    if plan.writes:
        rows.apply(plan)
    return len(plan.writes)


def _calls(rows: Store, policy: Policy, most: int) -> list[Write]:
    until = clock.now() - timedelta(days=policy.hotline_retention_days)
    asked = rows.some(Asking, {"began_at__lte": until}, order="began_at", limit=most)
    writes: list[Write] = [Remove(Asking, {"id": one.id}) for one in asked]
    for call in rows.some(Call, {"over_at__lte": until, "claimed_msisdn__gt": 0}, order="over_at", limit=most):
        writes.append(Change(Call, {"id": call.id, "revision": call.revision}, {"claimed_msisdn": None}))
    return writes


def _looks(rows: Store, most: int) -> list[Write]:
    found = rows.some(Look, {"at__lte": clock.now() - LOOKED_BACK}, order="at", limit=most)
    return [Remove(Look, {"id": look.id}) for look in found]


def _tries(rows: Store, most: int) -> list[Write]:
    now = clock.now()
    found = rows.some(Tries, {"since__lte": now - LOOKED_BACK}, order="since", limit=most)
    over = (one for one in found if one.locked_until is None or one.locked_until <= now - LOOKED_BACK)
    return [Remove(Tries, {"bucket": one.bucket, "failures": one.failures, "since": one.since}) for one in over]

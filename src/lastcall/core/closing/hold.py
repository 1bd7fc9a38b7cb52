"""How long to wait before anything irreversible."""

from __future__ import annotations

from datetime import datetime, timedelta

from lastcall.core.closing.checks.safety import recent_changes
from lastcall.core.closing.facts import Bound, Facts


def hold_until(facts: Facts, bound: Bound) -> datetime:
    """The moment the hold ends, if it begins now; never earlier than a hold that was already promised.

    The latest of: the hold itself (policies ``hold.hours_default``, ``hold.hours_remote``, ``hold.waived_in_person``), a change of
    SIM, contact or title plus ``hold.days_after_change``, late usage records, the legal and the requested end.
    """
    case, policy = facts.case, facts.policy
    began = case.hold_until is not None
    ends = [case.legal_end, case.hold_until or facts.now]
    if not began:
        ends.append(facts.now + timedelta(hours=_hours(facts)))
    ends += [at + timedelta(days=policy.hold_days_after_change) for at in recent_changes(facts, bound).values()]
    if case.requested_end is not None:
        ends.append(case.requested_end)
    if bound.line.last_roamed_at is not None:
        days = min(bound.line.late_usage_hold_days, policy.late_usage_hold_days_max)
        ends.append(bound.line.last_roamed_at + timedelta(days=days))
    return max(ends)


def _hours(facts: Facts) -> int:
    case, policy = facts.case, facts.policy
    if case.in_person_at is None:
        return policy.hold_hours_remote
    if policy.hold_waived_in_person and case.sim_custody in {"collected", "destroyed"}:
        return 0
    return policy.hold_hours_default

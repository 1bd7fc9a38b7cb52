"""May this person have a number again? Having one back is a new agreement, so limit and self-ban count again."""

from __future__ import annotations

from lastcall.core.closing.checks.result import FAILED, PASSED, Result
from lastcall.core.policies.policy import Policy
from lastcall.core.subscribers.subscriber import Subscriber


def limit(subscriber: Subscriber, policy: Policy, *, numbers_here: int) -> Result:
    """The limit of numbers in one name (303-FZ of 08.08.2024; policies ``limits.citizen``, ``limits.foreigner``)."""
    if subscriber.kind != "person":
        return Result("limit", PASSED)
    most = policy.limits_citizen if subscriber.citizenship == "RU" else policy.limits_foreigner
    if numbers_here + subscriber.numbers_elsewhere >= most:
        return Result("limit", FAILED, "over_limit", {"limit": most})
    return Result("limit", PASSED)


def self_ban(subscriber: Subscriber, policy: Policy) -> Result:
    """No self-ban on new agreements (policy ``reactivation.checks_self_ban``)."""
    if subscriber.self_ban and policy.reactivation_checks_self_ban:
        return Result("self_ban", FAILED, "self_ban")
    return Result("self_ban", PASSED)

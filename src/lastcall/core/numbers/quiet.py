"""Quiet before release: a number that people still try to reach is not given on yet, within the bounds of the policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from lastcall.core.numbers.attempts_row import Attempts
from lastcall.core.policies.policy import Policy


@dataclass(frozen=True, slots=True)
class Rest:
    """``ends``: the day on which the number was to be released before anything was put off for want of quiet."""

    ends: date


@dataclass(frozen=True, slots=True)
class Decision:
    """``until``: not before that day, None to release now. ``because``: ``quiet``, ``not_quiet``, or ``long_enough`` when the
    attempts go on but the most that the policy allows has passed."""

    until: date | None
    because: str


def decide(attempts: Iterable[Attempts], rest: Rest, policy: Policy, today: date) -> Decision:
    """Whether a number that is due on ``today`` may go, or how long it is put off.

    It needs policy ``quiet.days`` whole days with at most ``quiet.most_attempts_a_day`` attempts each, after the last day that had
    more; and it goes ``quiet.most_days_beyond`` days after its day at the latest. A day of which nothing was reported counts as
    quiet.
    """
    loud = [each.day for each in attempts if each.count > policy.quiet_most_attempts_a_day]
    if policy.quiet_days == 0 or not loud:
        return Decision(None, "quiet")
    quiet_from = max(loud) + timedelta(days=policy.quiet_days + 1)
    if quiet_from <= today:
        return Decision(None, "quiet")
    until = min(quiet_from, rest.ends + timedelta(days=policy.quiet_most_days_beyond))
    return Decision(until, "not_quiet") if until > today else Decision(None, "long_enough")

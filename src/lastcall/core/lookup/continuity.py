"""How long the present holder has had the number without a break: the question of CAMARA Tenure."""

from __future__ import annotations

from datetime import date, timedelta

from lastcall.core.lookup.evidence import Evidence, unbroken_from
from lastcall.core.policies.policy import Policy


def held_since(evidence: Evidence) -> date | None:
    """The first day of the present holder's unbroken holding, or None when nobody holds it with us now.

    Unbroken: held on every day since. A return after days without the number begins a new holding; a corrected closing does not.
    """
    spans = evidence.spans
    if not spans or spans[-1].until is not None:
        return None
    return spans[unbroken_from(spans)].since


def tenure(evidence: Evidence, day: date, *, today: date, policy: Policy) -> str:
    """``true``, ``false``, ``not_found`` (nobody holds it with us) or ``out_of_range``.

    Out of range: a day to come, a day before our evidence begins (which a boolean must not answer), and one more than policy
    ``lookup.tenure_days_max`` days back, where that is not 0 (CAMARA kyc-tenure 0.3.0-rc.1, Inputs).
    """
    if not earliest(evidence, today=today, policy=policy) <= day <= today:
        return "out_of_range"
    since = held_since(evidence)
    if since is None:
        return "not_found"
    return "true" if since <= day else "false"


def earliest(evidence: Evidence, *, today: date, policy: Policy) -> date:
    """The first day that may be asked about."""
    longest = policy.lookup_tenure_days_max
    return max(evidence.known_since, today - timedelta(days=longest)) if longest else evidence.known_since

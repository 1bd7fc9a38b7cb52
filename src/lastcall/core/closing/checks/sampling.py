"""Of the closings that need no person, a few are looked at all the same, so that nobody can rely on never being seen."""

from __future__ import annotations

from lastcall.core import keyed
from lastcall.core.closing.checks.result import PASSED, PERSON, Result
from lastcall.core.closing.facts import Bound, Facts


def is_drawn(tenure_id: int, permille: int) -> bool:
    """Whether the lot falls on a tenure: so many of a thousand, by a keyed hash that only this installation can work out.

    Drawn for the tenure and not for the case: who declares once more, draws the same lot.
    """
    return permille > 0 and int(keyed.keyed_hash("review.sample", str(tenure_id))[:12], 16) % 1000 < permille


def sample(facts: Facts, bound: Bound) -> Result:
    """A person looks at the closings that the lot falls on (policy ``review.sample_permille``)."""
    if is_drawn(bound.tenure.id, facts.policy.review_sample_permille):
        return Result("sample", PERSON, "sampled")
    return Result("sample", PASSED)

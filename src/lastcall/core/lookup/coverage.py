"""How far back our knowledge goes, and which numbers are ours: what is outside is answered with "we do not know"."""

from __future__ import annotations

from datetime import date
from typing import Final

from lastcall.core.lookup.days import day_of, today
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.policies.policy import Policy
from lastcall.core.policies.present import present_pack
from lastcall.core.store import Store

EARLIEST: Final = date(2000, 1, 1)
"""The index counts days from here; no evidence begins before."""


def known_since(rows: Store, policy: Policy) -> date:
    """The first day that readings may speak of: policy ``lookup.known_since``, or the day of the oldest tenure on file.

    An operator who brought lines in from an older system, without all their history, states the day from which it is whole.
    """
    oldest = [] if policy.lookup_known_since else rows.some(Tenure, {}, order="since", limit=1)
    return stated_or_oldest(policy, day_of(oldest[0].since) if oldest else None)


def stated_or_oldest(policy: Policy, oldest: date | None) -> date:
    """The same where the day of the oldest tenure is known already; None: there is no tenure."""
    if policy.lookup_known_since:
        return max(date.fromisoformat(policy.lookup_known_since), EARLIEST)
    return max(oldest, EARLIEST) if oldest is not None else today()


def our_inn() -> str:
    """The ИНН by which the numbering register names this operator (pack entry ``operator.inn``)."""
    return str(present_pack().entry("operator.inn").value)

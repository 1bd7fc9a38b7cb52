"""What the worker does for relying parties every few seconds."""

from __future__ import annotations

from lastcall.core.policies.policy import Policy
from lastcall.core.relying import asked, assertions, quotas, sweeping
from lastcall.core.store import Database


def keep_up(database: Database, *, policy: Policy) -> None:
    """Gather who asked, alert where it looks like a sweep, and forget what is kept only for a time."""
    if asked.gather(database):
        sweeping.watch(database, policy=policy)
    asked.forget(database, keep_days=policy.relying_asked_days)
    assertions.forget(database)
    quotas.forget(database)

"""Deleting what is held about texts and deliveries when its time is over (policy ``text.retention_days``)."""

from __future__ import annotations

from datetime import timedelta

from lastcall.core import clock
from lastcall.core.plan import Plan, Remove
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Store, transaction
from lastcall.core.texting.submission import Submission
from lastcall.core.texting.text import Text


@transaction
def forget(rows: Store, *, policy: Policy, most: int = 500) -> int:
    """Delete the oldest rows that are due; returns how many. To be called again and again."""
    until = clock.now() - timedelta(days=policy.text_retention_days)
    texts = rows.some(Text, {"received_at__lte": until}, order="received_at", limit=most)
    sent = rows.some(Submission, {"noted_at__lte": until}, order="noted_at", limit=most)
    writes = [Remove(Text, {"id": text.id}) for text in texts]
    writes += [Remove(Submission, {"key": each.key}) for each in sent]
    if writes:
        rows.apply(Plan(tuple(writes)))
    return len(writes)

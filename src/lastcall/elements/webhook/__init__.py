"""Webhooks: requests to addresses that relying parties gave us."""

from __future__ import annotations

from lastcall.core.errors import BadInput
from lastcall.core.ports import Webhooks
from lastcall.elements.webhook.pinned import PinnedWebhooks
from lastcall.elements.webhook.recorded import RecordedWebhooks


def make_webhooks(name: str, *, loopback: bool = False) -> Webhooks:
    """``https``: over the net; ``recorded``: kept in memory and never sent, for demonstrations and tests.

    ``loopback``: whether this machine's own addresses may be spoken to, also without TLS; for demonstrations and tests only.
    """
    if name == "https":
        return PinnedWebhooks(loopback=loopback)
    if name == "recorded":
        return RecordedWebhooks()
    raise BadInput(f"'{name}' is no way to send webhooks", code="bad_setting", remedy="Set https or recorded.")

"""What a process does for the stories of telling: announce and push, and die where it is told to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lastcall.core.clock import now
from lastcall.core.database import DjangoDatabase
from lastcall.core.policies.load import load
from lastcall.core.ports import Answered
from lastcall.core.telling.periodic import handlers, tell
from lastcall.core.work import Worker
from lastcall.elements.webhook.pinned import PinnedWebhooks
from tests.whole.worker_process import Errand, die


class _Dying(PinnedWebhooks):
    """Dies when the receiver has taken the delivery and we do not know it yet."""

    def send(self, method: str, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        super().send(method, url=url, body=body, headers=headers)
        die()
        raise AssertionError


def push(errand: Errand, base: DjangoDatabase, say: Callable[[str], None]) -> None:
    """A round of the periodic work and all that is due; ``die_in_call``: ``announced`` or ``taken``."""
    policy = load("demo", on=now().date()).policy()
    tell(base, policy)
    if errand.die_in_call == "announced":
        die()
    webhooks = (_Dying if errand.die_in_call == "taken" else PinnedWebhooks)(loopback=True)
    Worker(base, handlers(base, webhooks=webhooks, policy=lambda: policy)).run_until_idle()

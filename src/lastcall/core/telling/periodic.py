"""What is done every few seconds so that those who rely on numbers are told, and what the worker does with its kinds of job."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from lastcall.core.audit.sequencer import sequence
from lastcall.core.errors import Conflict
from lastcall.core.policies.policy import Policy
from lastcall.core.ports import Webhooks
from lastcall.core.store import Database
from lastcall.core.telling import daily, forgetting
from lastcall.core.telling.announce import follow, release_soon
from lastcall.core.telling.sending import send, wake
from lastcall.core.telling.spread import SEND
from lastcall.core.telling.webhooks import VERIFY, verify
from lastcall.core.work import Handler


@dataclass(frozen=True, slots=True)
class Told:
    """``events``: read from the log; ``releases``: announced; ``files``: days written; ``endpoints``: that have something due."""

    events: int
    releases: int
    files: int
    endpoints: int


def tell(database: Database, policy: Policy) -> Told:
    """Announce what has happened and what comes, write the days that are over, and get the pushing going.

    To be called before the sweep, which releases nothing that nobody has looked at.
    """
    sequence(database)
    events = follow(database, policy)
    releases = 0
    with suppress(Conflict):  # an interest came meanwhile; the next time looks again
        releases = release_soon(database, policy)
    files = daily.keep_written(database)
    forgetting.forget(database, policy=policy)
    daily.forget(database, policy)
    return Told(events, releases, files, wake(database))


def handlers(database: Database, *, webhooks: Webhooks, policy: Callable[[], Policy]) -> dict[str, Handler]:
    """A handler for every kind of job, by kind. ``policy``: the one in force now."""
    return {
        SEND: lambda webhook_id: send(database, webhook_id=webhook_id, webhooks=webhooks, policy=policy()),
        VERIFY: lambda webhook_id: verify(database, webhook_id=webhook_id, webhooks=webhooks),
    }

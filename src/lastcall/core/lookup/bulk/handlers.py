"""What the worker does with the kinds of job that batches bring."""

from __future__ import annotations

from functools import partial

from lastcall.core.lookup.bulk import calling_back, running
from lastcall.core.lookup.bulk.changes import CALL_BACK, CLEAR, EXPIRE, RUN, Policies
from lastcall.core.ports import Webhooks
from lastcall.core.store import Database
from lastcall.core.work import Handler


def handlers(database: Database, *, webhooks: Webhooks, policy: Policies) -> dict[str, Handler]:
    """A handler for every kind of job, by kind. ``policy``: the one in force now."""
    return {
        RUN: lambda batch_id: running.run(database, batch_id, policy=policy()),
        CALL_BACK: lambda batch_id: calling_back.call_back(database, batch_id, webhooks=webhooks),
        EXPIRE: lambda batch_id: running.expire(database, batch_id, policy=policy()),
        CLEAR: lambda batch_id: running.clear_files(database, batch_id),
    }


def on_dead(database: Database) -> dict[str, Handler]:
    """What is done when a job of a kind has run out of tries, by kind."""
    return {RUN: partial(running.given_up, database)}

"""What the worker does with the kinds of job that batches bring.

What answers batches is read when the first of them comes: numpy and pyarrow take longer to read than most commands run.
"""

from __future__ import annotations

from lastcall.core.lookup.bulk.changes import CALL_BACK, CLEAR, EXPIRE, RUN, Policies
from lastcall.core.ports import Webhooks
from lastcall.core.store import Database
from lastcall.core.work import Handler


def handlers(database: Database, *, webhooks: Webhooks, policy: Policies) -> dict[str, Handler]:
    """A handler for every kind of job, by kind. ``policy``: the one in force now."""

    def run(batch_id: int) -> None:
        from lastcall.core.lookup.bulk import running

        running.run(database, batch_id, policy=policy())

    def call_back(batch_id: int) -> None:
        from lastcall.core.lookup.bulk import calling_back

        calling_back.call_back(database, batch_id, webhooks=webhooks)

    def expire(batch_id: int) -> None:
        from lastcall.core.lookup.bulk import running

        running.expire(database, batch_id, policy=policy())

    def clear(batch_id: int) -> None:
        from lastcall.core.lookup.bulk import running

        running.clear_files(database, batch_id)

    return {RUN: run, CALL_BACK: call_back, EXPIRE: expire, CLEAR: clear}


def on_dead(database: Database) -> dict[str, Handler]:
    """What is done when a job of a kind has run out of tries, by kind."""

    def given_up(batch_id: int) -> None:
        from lastcall.core.lookup.bulk import running

        running.given_up(database, batch_id)

    return {RUN: given_up}

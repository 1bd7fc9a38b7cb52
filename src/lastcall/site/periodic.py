"""What is done every few seconds beside the jobs: telling, the sweep, the log's chain, the end of what is kept only for a time."""

from __future__ import annotations

import logging
import threading

from django.contrib.sessions.models import Session

from lastcall.core import clock
from lastcall.core.audit.sequencer import sequence
from lastcall.core.errors import LastcallError
from lastcall.core.forgetting import forget
from lastcall.core.hotline.agents import end_left_calls
from lastcall.core.lookup.bulk.running import forget_tables
from lastcall.core.lookup.index.keep import keep_current
from lastcall.core.numbers.pools import count_if_stale
from lastcall.core.numbers.sweep import sweep
from lastcall.core.policies.present import present_pack, present_policy
from lastcall.core.relying import upkeep
from lastcall.core.store import Database
from lastcall.core.telling.periodic import tell
from lastcall.core.texting.forget import forget as texts_are_over
from lastcall.core.texting.parts import give_up_waiting

logger = logging.getLogger(__name__)


def keep_up(database: Database) -> None:
    """Release what is due, end what waits in vain or is kept too long, and chain what is new.

    Trouble with one of these is logged and keeps no other from being done; it is tried again the next time.
    """
    policy = present_policy()
    inn = present_pack().entry("operator.inn").value
    for work in (
        lambda: tell(database, policy),  # before the sweep, which releases nothing that nobody has looked at
        lambda: sweep(database, policy=policy),
        lambda: upkeep.keep_up(database, policy=policy),
        lambda: end_left_calls(database, policy=policy),
        lambda: give_up_waiting(database, policy=policy),
        lambda: texts_are_over(database, policy=policy),
        lambda: forget(database, policy=policy),
        lambda: forget_tables(database),
        forget_sessions,
        lambda: sequence(database),
        lambda: count_if_stale(database, operator_inn=inn),
    ):
        try:
            work()
        except LastcallError as trouble:
            logger.warning("keeping up: %s", trouble.code)


def keep_index(database: Database, stop: threading.Event) -> None:
    """Keep the index of look-ups current in a thread of its own until ``stop`` is set: answers are as old as it is."""
    threading.Thread(
        target=keep_current, args=(database,), kwargs={"stop": stop}, name="lastcall-index", daemon=True
    ).start()


def forget_sessions() -> None:
    """Delete the desk's sessions whose time is over."""
    over = Session.objects.filter(expire_date__lt=clock.now())
    if over.exists():
        over.delete()

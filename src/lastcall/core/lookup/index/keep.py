"""Keeping the index current while the worker runs."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from django.db import connections

from lastcall.core.errors import BadInput
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.place import index_path
from lastcall.core.lookup.index.update import update
from lastcall.core.policies.present import present_policy
from lastcall.core.store import Database

logger = logging.getLogger(__name__)


def keep_current(database: Database, *, stop: threading.Event, seconds: float = 0.5) -> None:
    """Update the index every so many ``seconds`` until ``stop`` is set; build it where there is none, or none that can be used.

    Trouble is logged and tried again: meanwhile the index grows old, and who asks is answered from the database.
    """
    path = index_path()
    try:
        while not stop.wait(seconds):
            _try_once(database, path)
    finally:
        connections.close_all()


def _try_once(database: Database, path: Path) -> None:
    try:
        _once(database, path)
    except Exception as trouble:  # the database or the disk is away: the next round tries again
        logger.error("the index of look-ups could not be kept current: %s", type(trouble).__name__)
        connections.close_all()


def _once(database: Database, path: Path) -> None:
    policy = present_policy()
    try:
        update(database, path=path, policy=policy)
    except BadInput as why:
        if why.code not in {"no_index", "bad_index"}:
            raise
        logger.info("the index of look-ups is built: %s", why.message)
        build(database, path=path, policy=policy)

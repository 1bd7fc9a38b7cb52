"""Applying to the index what has happened since, as cases close."""

from __future__ import annotations

import logging
from pathlib import Path

from lastcall.core.lookup.index.advance import advance
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.turns import updating
from lastcall.core.lookup.index.writer import Outdated, opened
from lastcall.core.policies.policy import Policy
from lastcall.core.store import Database

logger = logging.getLogger(__name__)


def update(database: Database, *, path: Path, policy: Policy) -> int:
    """Link the new events of the log and apply them, durably; returns how many. Killed anywhere, the next one finishes it.

    Builds the index anew where it cannot be brought up to date (our ranges have changed, a block is damaged). Raises
    ``BadInput`` (``no_index``, ``bad_index``).
    """
    with updating(path), opened(path) as writer:
        applied = writer.applied
        try:
            return advance(database, writer, policy=policy)
        except Outdated as why:
            logger.warning("the index of look-ups is built anew: %s", why.message)
    return max(build(database, path=path, policy=policy).applied - applied, 0)

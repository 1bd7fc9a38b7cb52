"""What is done every few seconds beside the jobs: the sweep, and the event log's chain."""

from __future__ import annotations

import logging

from lastcall.core.audit.sequencer import sequence
from lastcall.core.errors import LastcallError
from lastcall.core.numbers.sweep import sweep
from lastcall.core.store import Database

logger = logging.getLogger(__name__)


def keep_up(database: Database) -> None:
    """Release what is due and chain what is new. Trouble is logged, and tried again the next time."""
    try:
        sweep(database)
        sequence(database)
    except LastcallError as trouble:
        logger.warning("keeping up: %s", trouble.code)

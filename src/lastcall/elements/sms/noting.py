"""Telling the core under which names a message was taken, which must never send the message again."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from lastcall.core.texting.arrived import Taken

logger = logging.getLogger(__name__)


def note(taken: Taken | None, key: str, names: Sequence[str]) -> None:
    """Pass the names on. Trouble is logged only: the message is out, and all that is lost is what its reports would say."""
    if taken is None or not names:
        return
    try:
        taken(key, names)
    except Exception as trouble:
        logger.error("a message's names at the gateway could not be noted: %s", type(trouble).__name__)

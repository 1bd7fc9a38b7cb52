"""A fault of our own, noted without its words: they may quote what was typed or read."""

from __future__ import annotations

import logging
from typing import Final

_log: Final = logging.getLogger(__name__)


def note(what: str, broken: Exception) -> None:
    """Into the log: ``what`` failed, of what kind the fault is, and where it came up."""
    at = broken.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else "?"
    _log.error("%s failed: %s at %s", what, type(broken).__name__, where)

"""Who may read the metrics: whoever has the token of this installation."""

from __future__ import annotations

import logging
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest

from lastcall.core import keyed

logger = logging.getLogger(__name__)


def token() -> str:
    """``LASTCALL_METRICS_TOKEN``, or what stands in the file ``LASTCALL_METRICS_TOKEN_FILE``; empty when there is neither.

    The file is read each time, so that a token can be changed without a restart. One that cannot be read counts as none.
    """
    if settings.LASTCALL_METRICS_TOKEN:
        return str(settings.LASTCALL_METRICS_TOKEN)
    path = settings.LASTCALL_METRICS_TOKEN_FILE
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError) as trouble:
        logger.error("LASTCALL_METRICS_TOKEN_FILE cannot be read: %s", type(trouble).__name__)
        return ""


def is_allowed(request: HttpRequest, expected: str) -> bool:
    """Whether the request carries the token (RFC 6750, 2.1), compared in constant time."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return keyed.same(given.strip(), expected) and scheme.lower() == "bearer"

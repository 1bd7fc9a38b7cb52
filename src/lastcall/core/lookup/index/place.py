"""Where the index lies."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def index_path() -> Path:
    """The index of this installation (``LASTCALL_INDEX``)."""
    return Path(settings.LASTCALL_INDEX)

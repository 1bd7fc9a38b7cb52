"""The index as this process has it open: asked on the loop, without the database."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.place import index_path
from lastcall.core.policies.present import present_policy

_SECONDS: Final = 1.0
"""How often it is looked at whether the index is fresh, or was built anew."""


@dataclass(frozen=True, slots=True)
class Present:
    """The open index while it is fresh: ``as_of`` is what it was when last looked at, so never later than what it holds."""

    index: Index
    as_of: datetime
    as_of_text: str
    known_since: date


class _Opened:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.looked_at = float("-inf")
        self.path: Path | None = None
        self.stamp: tuple[int, int] | None = None
        self.index: Index | None = None
        self.present: Present | None = None


_opened = _Opened()


def present() -> Present | None:
    """The open index; None when there is none, or when it is older than policy ``lookup.index_age_seconds``."""
    if time.monotonic() - _opened.looked_at > _SECONDS:
        with _opened.lock:
            if time.monotonic() - _opened.looked_at > _SECONDS:
                _look()
    return _opened.present


def _look() -> None:
    """Open the index if it is another than before, and see how old it is."""
    path = index_path()
    stamp = _stamp(path)
    if stamp != _opened.stamp or path != _opened.path:
        # The old one stays mapped while somebody still reads in it, and goes with its last reader.
        _opened.index, _opened.stamp, _opened.path = _open(path) if stamp else None, stamp, path
    _opened.present = _fresh(_opened.index)
    _opened.looked_at = time.monotonic()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _open(path: Path) -> Index | None:
    try:
        return Index.open(path)
    except BadInput:
        return None


def _fresh(index: Index | None) -> Present | None:
    if index is None:
        return None
    as_of = index.as_of
    if clock.now() - as_of > timedelta(seconds=present_policy().lookup_index_age_seconds):
        return None
    return Present(index, as_of, moment_text(as_of), index.known_since)


def forget() -> None:
    """Look again at the next question; for tests, whose clock is not the machine's."""
    _opened.looked_at = float("-inf")


def pair_for(msisdn: int) -> tuple[int, int] | None:
    """(last disconnect, activation) of the number as the index has it (``core/lookup/pair.py``); None: ask the database."""
    found = present()
    return None if found is None else found.index.find(msisdn)


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def as_of_header(moment: datetime | None = None) -> tuple[str, str]:
    """``x-lastcall-as-of``: up to when the answer holds; by default now, for what was read from the database."""
    return ("x-lastcall-as-of", moment_text(moment if moment is not None else clock.now()))

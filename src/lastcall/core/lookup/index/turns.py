"""Whose turn it is to write: one updates at a time, and one builds at a time. The system ends a turn with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def updating(path: Path) -> Iterator[None]:
    """Wait for one's turn to change, or to replace, the index at ``path``."""
    with _turn(path.with_name(f"{path.name}.lock")):
        yield


@contextmanager
def building(path: Path) -> Iterator[None]:
    """Wait for one's turn to build an index for ``path``; the one in use is updated meanwhile."""
    with _turn(path.with_name(f"{path.name}.building")):
        yield


@contextmanager
def _turn(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

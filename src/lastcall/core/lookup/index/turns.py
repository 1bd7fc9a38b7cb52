"""Whose turn it is to write: one updates at a time, and one builds at a time. The system ends a turn with its process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lastcall.core.lookup.files import turn


@contextmanager
def updating(path: Path) -> Iterator[None]:
    """Wait for one's turn to change, or to replace, the index at ``path``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with turn(path.with_name(f"{path.name}.lock")):
        yield


@contextmanager
def building(path: Path) -> Iterator[None]:
    """Wait for one's turn to build an index for ``path``; the one in use is updated meanwhile."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with turn(path.with_name(f"{path.name}.building")):
        yield

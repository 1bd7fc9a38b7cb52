"""The output of a check while it grows: beside its place, with a note of how far it has come, and held by one process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lastcall.core import clock
from lastcall.core.errors import Conflict
from lastcall.core.lookup.bulk import parquet, progress_file
from lastcall.core.lookup.files import synced


@dataclass
class Unfinished:
    """The output while it grows, held by one process."""

    target: Path
    state: progress_file.State
    file: int
    before_keeping: Callable[[], None] | None = None
    _kept_at: float = field(default_factory=clock.ticks)

    @property
    def part(self) -> Path:
        return _beside(self.target, ".part")

    @property
    def pieces(self) -> Path:
        return _beside(self.target, ".part.pieces")

    @property
    def notes(self) -> Path:
        return _beside(self.target, ".part.json")

    @classmethod
    @contextmanager
    def held(cls, target: Path, fresh: progress_file.State, *, resume: bool) -> Iterator[Unfinished]:
        """Take hold of the unfinished output: of an earlier one of the same question, or a new one."""
        file = os.open(_beside(target, ".part"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(file, target)
            made = cls(target, fresh, file)
            before = progress_file.found(made.notes, fresh.question) if resume else None
            if before is not None and os.fstat(file).st_size >= before.written:
                made.state = before
            else:
                made._clear()
            yield made
        finally:
            os.close(file)

    def _clear(self) -> None:
        self.notes.unlink(missing_ok=True)
        parquet.forget(self.pieces)
        os.ftruncate(self.file, 0)

    def write(self, content: Any) -> None:
        """Append."""
        view, done = memoryview(content), 0
        while done < len(view):
            done += os.pwrite(self.file, view[done:], self.state.written + done)
        self.state.written += done

    def counted(self, counts: Any) -> None:
        """Add to the tally."""
        before = self.state.counts or [0] * len(counts)
        self.state.counts = [int(one + more) for one, more in zip(before, counts, strict=True)]

    def keep(self, every: float) -> None:
        """Write down how far it has come, if that was not done within the last ``every`` seconds."""
        if clock.ticks() - self._kept_at < every:
            return
        if self.before_keeping is not None:
            self.before_keeping()
        os.fdatasync(self.file)
        progress_file.keep(self.notes, self.state)
        self._kept_at = clock.ticks()

    def publish(self, *, durable: bool) -> None:
        """Put the finished output in its place."""
        if self.pieces.exists():
            self.part.unlink()
            os.replace(self.pieces / "whole", self.part)
        else:
            os.ftruncate(self.file, self.state.written)
        if durable:
            synced(self.part)
        os.replace(self.part, self.target)
        if durable:
            synced(self.target.parent)
        self.notes.unlink(missing_ok=True)
        parquet.forget(self.pieces)


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _lock(file: int, target: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Conflict(
            f"another process is writing {target.name}", code="busy", remedy="Wait for it, or choose another output."
        ) from None

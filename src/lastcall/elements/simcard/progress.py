"""How far a reading has come."""

from __future__ import annotations

from collections.abc import Callable


class Progress:
    """``tell``: called with (records read, records in all). The second grows while files are found, and never shrinks."""

    def __init__(self, tell: Callable[[int, int], None] | None) -> None:
        self._tell = tell
        self._read = 0
        self._in_all = 0

    def expect(self, count: int) -> None:
        """So many more are to be read."""
        self._in_all += count

    def step(self) -> None:
        """One more was read, or tried."""
        self._read += 1
        self._in_all = max(self._in_all, self._read)
        if self._tell is not None:
            self._tell(self._read, self._in_all)

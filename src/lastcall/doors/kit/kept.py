"""What is the same for everyone is made once and kept for a while: in memory, never more than so many bytes.

Nothing about a person is in it: a kit of the page is made of its choices, the day and the pack alone.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

MOST_BYTES: Final = 32 * 1024 * 1024
"""About a hundred kits."""
MOST_WAITING: Final = 4
"""Askers of what is not there yet, the one that is served among them; each takes about 0.1 s of one core."""


class Busy(Exception):
    """Too many are waiting already."""


class Kept:
    """Contents by key; what was not asked for the longest goes first. Several threads may use it."""

    def __init__(self, *, most_bytes: int = MOST_BYTES, most_waiting: int = MOST_WAITING) -> None:
        self._most_bytes = most_bytes
        self._contents: OrderedDict[Hashable, bytes] = OrderedDict()
        self._bytes = 0
        self._shelf = threading.Lock()
        self._room = threading.BoundedSemaphore(most_waiting)
        self._making = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._bytes

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """The content under ``key``, made by ``make`` where it is not there: once for all who ask meanwhile, one at a time.

        Raises :class:`Busy`, at once, and whatever ``make`` raises.
        """
        if (found := self._found(key)) is not None:
            return found
        if not self._room.acquire(blocking=False):
            raise Busy
        try:
            with self._making:
                if (found := self._found(key)) is not None:  # who was before us asked for the same
                    return found
                content = make()
                self._keep(key, content)
                return content
        finally:
            self._room.release()

    def clear(self) -> None:
        """Forget everything."""
        with self._shelf:
            self._contents.clear()
            self._bytes = 0

    def _found(self, key: Hashable) -> bytes | None:
        with self._shelf:
            if (found := self._contents.get(key)) is not None:
                self._contents.move_to_end(key)
            return found

    def _keep(self, key: Hashable, content: bytes) -> None:
        if len(content) > self._most_bytes:
            return
        with self._shelf:
            self._contents[key] = content
            self._bytes += len(content)
            while self._bytes > self._most_bytes:
                _oldest, gone = self._contents.popitem(last=False)
                self._bytes -= len(gone)

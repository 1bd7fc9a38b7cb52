"""An answer that is kept for a while, so that asking often costs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from lastcall.core import clock

T = TypeVar("T")


@dataclass(slots=True)
class Kept(Generic[T]):
    """Answers by key, each at most ``age`` old; whoever asks while one is being made waits for it instead of asking too."""

    age: timedelta
    most: int = 64
    _answers: dict[Hashable, tuple[datetime, T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer kept for ``key``, or a new one. What ``make`` raises is not kept."""
        with self._lock:
            now = clock.now()
            known = self._answers.get(key)
            if known is not None and timedelta(0) <= now - known[0] < self.age:
                return known[1]
            made = make()
            if len(self._answers) >= self.most:
                self._answers.clear()
            self._answers[key] = (now, made)
            return made

    def forget(self) -> None:
        """Ask afresh from now on."""
        with self._lock:
            self._answers.clear()

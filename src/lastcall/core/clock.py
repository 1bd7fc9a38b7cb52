"""The one source of time and of randomness. Nothing else in Lastcall calls ``now()`` or ``secrets``.

The clock in force is a process-wide choice: the system clock, or in demos, tests and the simulator one that is moved
by hand. Times are aware datetimes in UTC.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z: ids stay below 2**63 until the autumn of 2298
_ID_RANDOM_BITS = 20


class Clock:
    """The system's clock and randomness."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_id = 0

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def random_bits(self, bits: int) -> int:
        """``bits`` random bits, fit for secrets."""
        return secrets.randbits(bits)

    def new_id(self) -> int:
        """A 63-bit row id, growing within a process: milliseconds since 2020, then random bits."""
        stamp = int(self.now().timestamp() * 1000) - _EPOCH_MS
        candidate = (max(stamp, 0) << _ID_RANDOM_BITS) | self.random_bits(_ID_RANDOM_BITS)
        with self._lock:
            self._last_id = max(candidate, self._last_id + 1)
            return self._last_id


class ManualClock(Clock):
    """A clock that moves only by :meth:`advance`; randomness from ``seed`` when one is given."""

    def __init__(self, start: datetime, *, seed: int | None = None) -> None:
        super().__init__()
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = start.astimezone(UTC)
        self._random = random.Random(seed) if seed is not None else None  # noqa: S311 - replays, never secrets

    def now(self) -> datetime:
        return self._now

    def random_bits(self, bits: int) -> int:
        return self._random.getrandbits(bits) if self._random else super().random_bits(bits)

    def advance(self, delta: timedelta) -> datetime:
        """Move forward by ``delta``; a clock never goes backward."""
        if delta < timedelta(0):
            raise ValueError("a clock never goes backward")
        self._now += delta
        return self._now


_clock: Clock = Clock()


def current() -> Clock:
    """The clock in force."""
    return _clock


def now() -> datetime:
    """The present moment by the clock in force, aware, in UTC."""
    return _clock.now()


def ticks() -> float:
    """Seconds of a steady clock that nobody sets or moves: for how long something lasts or is kept, never for a date."""
    return time.monotonic()


def new_id() -> int:
    """A new 63-bit row id by the clock in force."""
    return _clock.new_id()


def token(bits: int) -> str:
    """A random token of ``bits`` bits in Crockford's base 32 (no I, L, O, U), most significant first."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    value, length = _clock.random_bits(bits), -(-bits // 5)
    return "".join(alphabet[(value >> (5 * place)) & 31] for place in reversed(range(length)))


def digits(count: int) -> str:
    """``count`` random decimal digits, every value equally likely, for one-time codes."""
    limit, bits = 10**count, (10**count).bit_length() + 8
    ceiling = (1 << bits) - (1 << bits) % limit
    while (value := _clock.random_bits(bits)) >= ceiling:
        pass
    return str(value % limit).zfill(count)


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Put ``clock`` in force for the block, for the whole process."""
    global _clock  # noqa: PLW0603 - the one place where the process's clock is chosen
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before

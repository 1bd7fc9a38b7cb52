"""The days that figures are about: whole days on the operator's clocks, at most :data:`MOST_DAYS` of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from lastcall.core.errors import BadInput

MOST_DAYS: Final = 92


@dataclass(frozen=True, slots=True)
class Period:
    """``first`` and ``last`` day, both included; ``zone``: the operator's (setting ``LASTCALL_TIME_ZONE``)."""

    first: date
    last: date
    zone: tzinfo

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1))

    @property
    def since(self) -> datetime:
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The first moment after the period."""
        return self._midnight(self.last + timedelta(days=1))

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """The first moment of ``day`` and the first after it, in UTC."""
        return self._midnight(day), self._midnight(day + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


def last_days(count: int, *, now: datetime, zone: tzinfo) -> Period:
    """The last ``count`` days, today included. Raises ``BadInput`` (``bad_period``) unless 1 to :data:`MOST_DAYS`."""
    if not 1 <= count <= MOST_DAYS:
        raise BadInput(f"figures cover 1 to {MOST_DAYS} days", code="bad_period", remedy="Choose a shorter time.")
    today = now.astimezone(zone).date()
    return Period(today - timedelta(days=count - 1), today, zone)

"""Calendar days on the operator's clocks: what relying parties ask with, and what readings compare."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from lastcall.core import clock
from lastcall.core.errors import BadInput

_SHAPE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def zone() -> tzinfo:
    """The operator's time zone (``LASTCALL_TIME_ZONE``)."""
    return ZoneInfo(settings.TIME_ZONE)


def day_of(moment: datetime) -> date:
    """The day on which an aware ``moment`` fell."""
    return moment.astimezone(zone()).date()


def today() -> date:
    """The present day."""
    return day_of(clock.now())


def read_day(text: str) -> date:
    """The day written as ``YYYY-MM-DD`` (RFC 3339 full-date), and nothing else. Raises ``BadInput`` (``bad_date``)."""
    try:
        if _SHAPE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput("this is not a day of the calendar", code="bad_date", remedy="Write it as YYYY-MM-DD: 2026-11-23.")

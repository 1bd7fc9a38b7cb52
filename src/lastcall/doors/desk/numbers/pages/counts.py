"""Calendar, ranges and sweeps: counts only."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timesince import timesince

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.errors import BadInput
from lastcall.core.numbers.pools import pools
from lastcall.core.numbers.rest_calendar import month
from lastcall.core.numbers.sweeps import DAYS, swept_days
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.numbers import presenters
from lastcall.doors.desk.numbers.room import room


@desk("numbers.look")
def calendar(request: HttpRequest, me: Me) -> HttpResponse:
    """How many numbers leave their rest on each day of a month (``month``: 2026-04)."""
    zone = timezone.get_default_timezone()
    today = clock.now().astimezone(zone).date()
    first = _first(request.GET.get("month", ""), today)
    return room(request, me, "calendar", {"grid": presenters.grid(month(database(), first=first, zone=zone), today)})


def _first(text: str, today: date) -> date:
    if not text:
        return today.replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadInput("this is not a month", code="bad_month", remedy="Write it as 2026-04.") from None


@desk("numbers.look")
def ranges(request: HttpRequest, me: Me) -> HttpResponse:
    """Our ranges with their last counts and when these were made."""
    found = pools(database())
    content: dict[str, object] = {"rows": presenters.counted(found), "at": "", "age": ""}
    if found:
        content |= {"at": presenters.when(found[0].at), "age": timesince(found[0].at, clock.now(), depth=1)}
    return room(request, me, "ranges", content)


@desk("numbers.look")
def sweeps(request: HttpRequest, me: Me) -> HttpResponse:
    """What the sweeps of the last days moved."""
    found = swept_days(database(), zone=timezone.get_default_timezone())
    return room(request, me, "sweeps", {"days": presenters.swept(found), "count": DAYS})

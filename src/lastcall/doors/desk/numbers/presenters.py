"""The number room's contents, ready for the templates."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from lastcall.core.closing.texts import moment
from lastcall.core.closing.words import LOOKED, ROLES
from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.pool import OUTSIDE, Pool
from lastcall.core.numbers.rest_calendar import MONTHS_AHEAD, Day, Month
from lastcall.core.numbers.sweep_record import SweepRecord
from lastcall.core.numbers.sweeps import SweptDay
from lastcall.core.numbers.timeline import Moment
from lastcall.core.stuck_work import Stuck
from lastcall.doors.desk.numbers import words
from lastcall.doors.desk.presenters.states import STATES
from lastcall.doors.screens.moments import Dated, dated, time_left

SHADES: Final = 4


@dataclass(frozen=True, slots=True)
class Lived:
    """One line of a number's life; ``holder``: ``Holder A``, or empty."""

    holder: str
    dated: Dated


def past(moments: Sequence[Moment]) -> list[Lived]:
    """What happened, the newest first."""
    return [Lived(_holder(each.holder), dated(_told(each), each.at)) for each in reversed(moments)]


def _holder(letter: str) -> str:
    return _("Holder %(letter)s") % {"letter": letter} if letter else ""


def _told(each: Moment) -> str:
    filled = {
        "role": str(ROLES.get(each.role, each.role)), "case": each.case, "reason": _reason(each),
        "state": str(STATES.get(each.word, each.word)),
    }  # fmt: skip
    return str(words.MOMENTS[each.code]) % filled


def _reason(each: Moment) -> str:
    known = LOOKED if each.code == "read" else words.LIFE_REASONS
    return str(known.get(each.word, each.word))


def ahead(moments: Sequence[Moment], now: datetime) -> list[Dated]:
    """What is to come, the next first."""
    return [dated(str(words.AHEAD[each.code]), each.at, time_left(each.at, now)) for each in moments]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the grid; ``shade``: 0 to 4 by how many numbers move on it; ``past``: over already."""

    day: date
    number: int
    name: str
    into_quarantine: str
    released: str
    shade: int
    past: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A month: ``weeks`` of seven cells, None outside of the month; ``days``: its cells that are not over."""

    title: str
    weekdays: list[tuple[str, str]]
    weeks: list[list[Cell | None]]
    days: list[Cell]
    into_quarantine: str
    released: str
    due: str
    before: str
    after: str


def grid(month: Month, today: date) -> Grid:
    """The month's counts as a page of a calendar, weeks from Monday."""
    most = max((day.into_quarantine + day.released for day in month.days), default=0)
    cells = {each.day: _cell(each, most, today) for each in month.days}
    weeks = Calendar().monthdatescalendar(month.first.year, month.first.month)
    shown = (month.first.year - today.year) * 12 + month.first.month - today.month
    return Grid(
        title=date_format(month.first, "YEAR_MONTH_FORMAT"),
        weekdays=[(str(WEEKDAYS_ABBR[place]), str(WEEKDAYS[place])) for place in range(7)],
        weeks=[[cells.get(day) for day in week] for week in weeks],
        days=[cell for cell in cells.values() if not cell.past],
        into_quarantine=amount(month.into_quarantine), released=amount(month.released),
        due=amount(sum(month.overdue)) if any(month.overdue) else "",
        before=_month(month.first, -1) if shown > 0 else "",
        after=_month(month.first, 1) if shown < MONTHS_AHEAD else "",
    )  # fmt: skip


def _cell(day: Day, most: int, today: date) -> Cell:
    count = day.into_quarantine + day.released
    return Cell(
        day.day, day.day.day, date_format(day.day, "DATE_FORMAT"), amount(day.into_quarantine), amount(day.released),
        -(-count * SHADES // most) if most else 0, day.day < today,
    )  # fmt: skip


def _month(first: date, by: int) -> str:
    place = first.year * 12 + first.month - 1 + by
    return f"{place // 12:04d}-{place % 12 + 1:02d}"


def amount(count: int) -> str:
    """A count with its thousands apart by a narrow space."""
    return f"{count:,}".replace(",", "\u202f")


@dataclass(frozen=True, slots=True)
class Counted:
    """One range's counts in the order of the table's columns: from ``name`` to ``last``, its first and last number."""

    name: str
    last: str
    region: str
    counts: list[str]


def counted(pools: Sequence[Pool]) -> list[Counted]:
    """A row for each range, then what lies outside where something does, then the totals."""
    ours = [pool for pool in pools if pool.first != OUTSIDE]
    outside = [pool for pool in pools if pool.first == OUTSIDE and any(_states(pool))]
    rows = [Counted(format_msisdn(pool.first), format_msisdn(pool.last), pool.region, _counts([pool])) for pool in ours]
    rows += [Counted(_("Outside of our ranges"), "", "", _counts([pool], outside=True)) for pool in outside]
    return [*rows, Counted(_("Together"), "", "", _counts([*ours, *outside]))]


def _states(pool: Pool) -> list[int]:
    return [pool.in_service, pool.pending_release, pool.quarantined, pool.reserved, pool.ported_out, pool.withdrawn]


def _counts(pools: Sequence[Pool], *, outside: bool = False) -> list[str]:
    if outside:
        return ["", *(amount(count) for count in _states(pools[0])), ""]
    columns = [[pool.size, *_states(pool), pool.free] for pool in pools]
    return [amount(sum(column)) for column in zip(*columns, strict=True)] if columns else [amount(0)] * 8


@dataclass(frozen=True, slots=True)
class Sweep:
    """One sweep's row, or with ``time`` empty the day's totals."""

    time: str
    quarantined: str
    released: str
    reservations_ended: str
    lasted: str


@dataclass(frozen=True, slots=True)
class SweepDay:
    """A day's sweeps and their totals."""

    name: str
    sweeps: list[Sweep]
    total: Sweep


def swept(days: Sequence[SweptDay]) -> list[SweepDay]:
    """Each day with its sweeps, the newest first."""
    return [
        SweepDay(
            date_format(day.day, "DATE_FORMAT"), [_sweep(record) for record in day.sweeps],
            Sweep("", amount(day.quarantined), amount(day.released), amount(day.reservations_ended), ""),
        )
        for day in days
    ]  # fmt: skip


def _sweep(record: SweepRecord) -> Sweep:
    return Sweep(
        f"{timezone.localtime(record.at):%H:%M:%S}", amount(record.quarantined), amount(record.released),
        amount(record.reservations_ended), _("%(ms)s ms") % {"ms": amount(record.lasted_ms)},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """Something that is stuck; ``has_number``: whether a number stands behind it that one may look at."""

    alert_id: int
    job_id: int | None
    what: str
    since: Dated
    tries: int
    error: str
    has_number: bool


def orders(found: Sequence[Stuck]) -> list[Order]:
    """What waits for a person, the oldest first."""
    return [
        Order(
            each.alert_id, each.job_id, str(words.WORK.get(each.kind, each.kind)), dated("", each.since), each.tries, each.error,
            each.job_id is not None and each.subject != "",
        )
        for each in found
    ]  # fmt: skip


def when(at: datetime) -> str:
    """The moment in words."""
    return moment(at)

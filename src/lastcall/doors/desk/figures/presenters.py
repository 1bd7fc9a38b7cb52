"""The report as panels: each a table, most with a chart made of the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from lastcall.core.figures.cases import AGES
from lastcall.core.figures.reasons import Reason
from lastcall.core.figures.report import Report
from lastcall.core.figures.troubles import OUTCOMES, dead, messages
from lastcall.doors.desk.figures import words
from lastcall.doors.desk.figures.drawing import Aim, Aims, Bar, Bars, Chart, Line, Lines
from lastcall.doors.desk.figures.words import count, duration, of, share
from lastcall.doors.desk.presenters.states import STATES

MOST_BARS: Final = 10
_OTHER_ENDS: Final = ("withdrawn", "rejected", "lapsed")


@dataclass(frozen=True, slots=True)
class Seconds:
    """A time in a table: words on the page, whole seconds in a file."""

    value: int

    def __str__(self) -> str:
        return duration(self.value)


Cell = str | int | Seconds | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """``title``, what to know (``note``), the table's ``head`` and ``rows``, and the ``chart``, where there is one."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    chart: Chart | None = None
    note: str = ""

    @property
    def shown(self) -> list[tuple[str, list[str]]]:
        """The rows as a page shows them: what each is about, and its values."""
        return [(str(first), [_shown(cell) for cell in rest]) for first, *rest in self.rows]


def _shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return count(cell) if isinstance(cell, int) else str(cell)


@dataclass(frozen=True, slots=True)
class Tile:
    """One number at the head of the page; ``wrong``: somebody should look."""

    label: str
    value: str
    wrong: bool = False


def tiles(report: Report) -> tuple[Tile, ...]:
    """The numbers at the head."""
    sums = _together(report)
    sending = messages(report.work)
    callers = _("Callers waiting")
    if report.calls.waiting:
        callers += f" ({duration(report.calls.longest)})"
    return (
        Tile(_("Open cases"), count(sum(one.count for one in report.cases))),
        Tile(_("Declared in the period"), count(sums["declared"])),
        Tile(_("Closed in the period"), count(sums["closed"])),
        Tile(_("In review"), count(report.reviews.waiting)),
        Tile(_("Review past its deadline"), count(report.reviews.overdue), report.reviews.overdue > 0),
        Tile(_("Open alerts"), count(sum(report.alerts.values())), bool(report.alerts)),
        Tile(_("Work given up"), count(dead(report.work)), dead(report.work) > 0),
        Tile(_("Messages waiting"), count(sending.waiting)),
        Tile(_("Messages given up"), count(sending.undeliverable), sending.undeliverable > 0),
        Tile(_("SMS not delivered in the period"), count(report.texts_failed), report.texts_failed > 0),
        Tile(_("Visitors waiting"), count(sum(one.waiting for one in report.tickets))),
        Tile(callers, count(report.calls.waiting)),
    )


def _together(report: Report) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in report.daily:
        sums[one.what] += one.count
    return sums


def _ages() -> tuple[str, ...]:
    between = [_("%(from)s–%(to)s days") % {"from": low, "to": high} for low, high in pairwise(AGES)]
    return (_("up to 1 day"), *between, _("over %(n)s days") % {"n": AGES[-1]})


def _states(report: Report) -> Panel:
    bars = tuple(Bar(of(STATES, one.state), one.groups, count(one.count)) for one in report.cases)
    rows: tuple[Row, ...] = tuple((of(STATES, one.state), *one.groups, one.count) for one in report.cases)
    head = (_("State"), *_ages(), _("Together"))
    return Panel(_("Open cases by state and age"), head, rows, Bars(_ages(), bars, "ordered"))


def _flow(report: Report) -> Panel:
    days = report.period.days
    kinds = ("declared", "closed", *_OTHER_ENDS)
    sums: Counter[tuple[object, str]] = Counter()
    for one in report.daily:
        sums[one.day, one.what] += one.count
    rows: tuple[Row, ...] = tuple((day.isoformat(), *(sums[day, kind] for kind in kinds)) for day in days)
    lines = (
        Line(of(STATES, "declared"), tuple(sums[day, "declared"] for day in days)),
        Line(of(STATES, "closed"), tuple(sums[day, "closed"] for day in days)),
        Line(_("Ended otherwise"), tuple(sum(sums[day, kind] for kind in _OTHER_ENDS) for day in days)),
    )
    marks = tuple(formats.date_format(day, words.short_day()) for day in days)
    head = (_("Day"), *(of(STATES, kind) for kind in kinds))
    return Panel(_("Declared and ended, day by day"), head, rows, Lines(marks, lines))


def _doors(report: Report) -> Panel:
    languages = tuple(code for code, _name in settings.LANGUAGES)
    sums: Counter[tuple[str, str]] = Counter()
    for one in report.daily:
        if one.what == "declared":
            sums[one.door, one.language] += one.count
    doors = sorted({door for door, _code in sums}, key=lambda door: -sum(sums[door, code] for code in languages))
    parts = [(of(words.DOORS, door), tuple(sums[door, code] for code in languages)) for door in doors]
    legend = tuple(words.language(code) for code in languages)
    bars = tuple(Bar(label, values, count(sum(values))) for label, values in parts)
    rows: tuple[Row, ...] = tuple((label, *values, sum(values)) for label, values in parts)
    return Panel(_("Declarations by door and language"), (_("Door"), *legend, _("Together")), rows, Bars(legend, bars))


def _daily(report: Report) -> Panel:
    rows: tuple[Row, ...] = tuple(
        (
            one.day.isoformat(),
            of(STATES, one.what),
            of(words.DOORS, one.door),
            words.language(one.language),
            one.count,
        )
        for one in report.daily
    )
    head = (_("Day"), _("What"), _("Door"), _("Language"), _("Cases"))
    return Panel(_("Day by day, by door and language"), head, rows)


def _legend() -> tuple[str, str, str]:
    return _("half within"), _("nine of ten within"), _("target")


def _said(median: int | None, ninth: int | None, target: int) -> str:
    if median is None or ninth is None:
        return _("none; target %(target)s") % {"target": duration(target)}
    filled = {"median": duration(median), "ninth": duration(ninth), "target": duration(target)}
    return _("%(median)s / %(ninth)s; target %(target)s") % filled


def _steps(report: Report) -> Panel:
    aims = tuple(
        Aim(of(words.STEPS, one.name), _said(one.median, one.ninth, one.target), one.median, one.ninth, one.target)
        for one in report.steps
    )
    rows: tuple[Row, ...] = tuple(
        (of(words.STEPS, one.name), one.count, _seconds(one.median), _seconds(one.ninth), Seconds(one.target),
         share(one.within, one.count))
        for one in report.steps
    )  # fmt: skip
    head = (_("Step"), _("Cases"), *_times())
    note = _("Of the cases that came to an end in the period.")
    return Panel(_("Time to each step, against its target"), head, rows, Aims(_legend(), aims), note)


def _times() -> tuple[str, ...]:
    return _("Half within"), _("Nine of ten within"), _("Target"), _("Within the target")


def _seconds(value: int | None) -> Seconds | None:
    return None if value is None else Seconds(value)


def _failing(report: Report) -> Panel:
    return _reasons(_("Why cases wait now"), report.failing)


def _held_up(report: Report) -> Panel:
    note = _("Each case once for each reason that held it up in the period.")
    return _reasons(_("What held cases up"), report.held_up, note)


def _reasons(title: str, found: tuple[Reason, ...], note: str = "") -> Panel:
    who = {"failed": _("the subscriber can mend it"), "person": _("a person must look")}
    bars = tuple(
        Bar(
            of(words.REASONS, one.reason),
            (one.cases, 0) if one.outcome == "failed" else (0, one.cases),
            count(one.cases),
        )
        for one in found[:MOST_BARS]
    )
    rows: tuple[Row, ...] = tuple((of(words.REASONS, one.reason), who[one.outcome], one.cases) for one in found)
    head = (_("Reason"), _("Who helps"), _("Cases"))
    return Panel(title, head, rows, Bars((who["failed"], who["person"]), bars), note)


def _refusals(report: Report) -> Panel:
    sums = Counter({(one.door, one.what): one.count for one in report.refusals})
    kinds = tuple(words.PROOFS)
    parts = [
        (of(words.DOORS, door), tuple(sums[door, kind] for kind in kinds)) for door in sorted({d for d, _w in sums})
    ]
    legend = tuple(of(words.PROOFS, kind) for kind in kinds)
    bars = tuple(Bar(label, values, count(sum(values))) for label, values in parts)
    rows: tuple[Row, ...] = tuple((label, *values, sum(values)) for label, values in parts)
    title = _("Proofs of identity that were refused")
    return Panel(title, (_("Door"), *legend, _("Together")), rows, Bars(legend, bars))


def _hlr(report: Report) -> Panel:
    sums = Counter({(one.code, one.outcome): one.count for one in report.hlr_errors})
    codes = dict.fromkeys(one.code for one in report.hlr_errors)
    parts = [(code, tuple(sums[code, outcome] for outcome in OUTCOMES)) for code in codes]
    legend = tuple(of(words.OUTCOMES, outcome) for outcome in OUTCOMES)
    bars = tuple(Bar(code, values, count(sum(values))) for code, values in parts[:MOST_BARS])
    rows: tuple[Row, ...] = tuple((code, *values, sum(values)) for code, values in parts)
    note = _("Orders by the last trouble that they met; those still tried are counted whenever they began.")
    return Panel(
        _("Trouble with the HLR"), (_("Code"), *legend, _("Together")), rows, Bars(legend, bars, "worse"), note
    )


def _queues(report: Report) -> Panel:
    names, target = dict(report.shops), report.waiting_target
    called, waiting = {one.shop: one for one in report.waited}, {one.shop: one.waiting for one in report.tickets}
    aims, rows = [], []
    for code in sorted(called.keys() | waiting.keys(), key=lambda code: names.get(code, code)):
        one, name = called.get(code), names.get(code, code)
        median, ninth, calls, within = (one.median, one.ninth, one.count, one.within) if one else (None, None, 0, 0)
        aims.append(Aim(name, _said(median, ninth, target), median, ninth, target))
        rows.append(
            (
                name,
                waiting.get(code, 0),
                calls,
                _seconds(median),
                _seconds(ninth),
                Seconds(target),
                share(within, calls),
            )
        )
    head = (_("Shop"), _("Waiting now"), _("Called up"), *_times())
    return Panel(_("Waiting in the shops"), head, tuple(rows), Aims(_legend(), tuple(aims)))


def _work(report: Report) -> Panel:
    rows: tuple[Row, ...] = tuple((one.kind, of(words.WORK, one.state), one.count, one.due) for one in report.work)
    head = (_("Work"), _("State"), _("Jobs"), _("Due by now"))
    return Panel(_("Work that is not done"), head, rows)


def _alerts(report: Report) -> Panel:
    most_first = sorted(report.alerts.items(), key=lambda one: (-one[1], one[0]))
    return Panel(_("Alerts that nobody has resolved"), (_("Code"), _("Alerts")), tuple(most_first))


PANELS: Final[dict[str, Callable[[Report], Panel]]] = {
    "states": _states,
    "flow": _flow,
    "steps": _steps,
    "doors": _doors,
    "failing": _failing,
    "reasons": _held_up,
    "refusals": _refusals,
    "queues": _queues,
    "hlr": _hlr,
    "work": _work,
    "alerts": _alerts,
}
"""In the order of the page."""
FILES: Final[dict[str, Callable[[Report], Panel]]] = PANELS | {"daily": _daily}
"""What can be had as a file."""

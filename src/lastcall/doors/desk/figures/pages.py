"""The overview, its charts and its files."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _

from lastcall.core import clock
from lastcall.core.closing.texts import moment
from lastcall.core.errors import NotFound
from lastcall.core.figures.period import last_days
from lastcall.core.figures.report import Report, open_shops, report
from lastcall.doors.desk.acting import Me, desk
from lastcall.doors.desk.figures.drawing import NARROW, WIDE, draw
from lastcall.doors.desk.figures.forms import Choice, chosen
from lastcall.doors.desk.figures.presenters import FILES, PANELS, Cell, Panel, Seconds, tiles
from lastcall.doors.desk.figures.shades import DARK, LIGHT
from lastcall.doors.desk.shell import page
from lastcall.doors.screens.reader import TAGS, pack, spoken

LOOKS: Final = {
    "wide": (WIDE, LIGHT),
    "wide-dark": (WIDE, DARK),
    "narrow": (NARROW, LIGHT),
    "narrow-dark": (NARROW, DARK),
}
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")


@desk("figures.see")
def overview(request: HttpRequest, me: Me) -> HttpResponse:
    """Headline numbers, then every panel with its chart and its table."""
    shops = open_shops()
    days, door, shop = chosen(request, shops)
    found = _report(days, door, shop)
    asked = urlencode({"days": days, "door": door, "shop": shop})
    content = {
        "form": Choice({"days": days, "door": door, "shop": shop}, shops=shops),
        "tiles": tiles(found),
        "panels": [(name, make(found), _looks(name, asked), _file(name, asked)) for name, make in PANELS.items()],
        "daily": _file("daily", asked),
        "at": moment(found.at),
    }
    return page(request, me, "figures/overview.html", content)


def _report(days: int, door: str, shop: str) -> Report:
    period = last_days(days, now=clock.now(), zone=get_default_timezone())
    return report(period=period, policy=pack().policy(), door=door, shop=shop)


def _looks(name: str, asked: str) -> dict[str, str]:
    address = reverse("desk:figures_chart", kwargs={"name": name})
    return {look.replace("-", "_"): f"{address}?{asked}&look={look}" for look in LOOKS}


def _file(name: str, asked: str) -> str:
    return f"{reverse('desk:figures_file', kwargs={'name': name})}?{asked}"


@desk("figures.see")
def chart(request: HttpRequest, me: Me, name: str) -> HttpResponse:
    """One chart as SVG. ``look``: its width and colours."""
    look = request.GET.get("look", "wide")
    if name not in PANELS or look not in LOOKS:
        raise NotFound("no such chart")
    panel = PANELS[name](_report(*chosen(request, open_shops())))
    if panel.chart is None:
        raise NotFound("no such chart")
    width, shade = LOOKS[look]
    tag = TAGS[spoken()]
    drawn = draw(panel.chart, title=panel.title, tag=tag, shade=shade, width=width, nothing=_("Nothing to show."))
    return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")


@desk("figures.see")
def file(request: HttpRequest, me: Me, name: str) -> HttpResponse:
    """One table as CSV (RFC 4180), in UTF-8 with the mark by which spreadsheets know it; times in seconds."""
    if name not in FILES:
        raise NotFound("no such file")
    panel = FILES[name](_report(*chosen(request, open_shops())))
    answer = HttpResponse(_csv(panel), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{_today().isoformat()}.csv"'
    return answer


def _today() -> date:
    return clock.now().astimezone(get_default_timezone()).date()


def _csv(panel: Panel) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(panel.head)
    writer.writerows([_plain(cell) for cell in row] for row in panel.rows)
    return "\ufeff" + text.getvalue()


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, Seconds):
        return cell.value
    # A spreadsheet would take such a text for a formula.
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell

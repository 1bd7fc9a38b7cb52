"""Draw ``docs/readings.svg``: six lives of a number, and what each reading answers for every day asked about.

``.venv/bin/python scripts/draw_readings.py``. The bands are computed by the readings themselves, day by day.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lastcall.site.settings")
os.environ.setdefault("LASTCALL_HOME", tempfile.mkdtemp())

import django

django.setup()

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["svg.hashsalt"] = "lastcall"
import matplotlib.pyplot as plt

from lastcall.core.lookup.evidence import Evidence, Span
from lastcall.core.lookup.readings import SEMANTICS

TARGET: Final = Path(__file__).resolve().parent.parent / "docs" / "readings.svg"
TODAY, KNOWN_SINCE = date(2026, 11, 23), date(2024, 1, 1)
A, B = 1, 2
SAFE, CHANGED, UNKNOWN = "#3b7a57", "#b5473c", "#c9c9c9"
COLOURS: Final = {
    "false": SAFE, "no": SAFE, "same_holder": SAFE, "returned": "#7fb38f", "transferred": "#d98f3d", "issued": "#d98f3d",
    "pending_release": "#d9c23d", "quarantined": "#d9c23d", "not_held": "#d9c23d", "true": CHANGED, "yes": CHANGED,
    "reissued": CHANGED, "returned_after_another": "#8e3b6b",
}  # fmt: skip


def _life(title: str, state: str, *spans: tuple[int, str, str, str]) -> tuple[str, Evidence]:
    held = tuple(
        Span(holder, date.fromisoformat(since), date.fromisoformat(until) if until else None, ending)
        for holder, since, until, ending in spans
    )
    return title, Evidence(held, state, True, KNOWN_SINCE, datetime(2026, 11, 23, tzinfo=UTC))


LIVES: Final = (
    _life("one holder", "in_service", (A, "2024-06-01", "", "")),
    _life("closed, at rest", "quarantined", (A, "2024-06-01", "2026-08-01", "ceased")),
    _life("re-issued", "in_service", (A, "2024-06-01", "2025-06-01", "ceased"), (B, "2026-01-10", "", "")),
    _life("taken back", "in_service", (A, "2024-06-01", "2025-06-01", "ceased"), (A, "2025-07-15", "", "")),
    _life("transferred", "in_service", (A, "2024-06-01", "2025-09-01", "transferred"), (B, "2025-09-01", "", "")),
    _life("ported out", "ported_out", (A, "2024-06-01", "2025-09-01", "ported_out")),
)


def _days() -> list[date]:
    first = date(2023, 8, 15)
    return [first + timedelta(days=place) for place in range((date(2026, 12, 20) - first).days)]


def _bands(evidence: Evidence, reading: str) -> Iterator[tuple[str, date, int]]:
    answers = ((SEMANTICS[reading](evidence, day, today=TODAY), day) for day in _days())
    for answer, group in groupby(answers, key=lambda pair: pair[0]):
        days = [day for _, day in group]
        yield answer, days[0], len(days)


def _bar(axes: Any, row: float, since: date, days: int, colour: str, text: str) -> None:
    axes.broken_barh([(since.toordinal(), days)], (row, 0.8), facecolors=colour, edgecolor="white", linewidth=0.6)
    if days > 60 and text:
        ink = "black" if colour in {UNKNOWN, "#d9c23d"} else "white"
        axes.text(
            since.toordinal() + days / 2, row + 0.4, text.replace("_", " "), ha="center", va="center", size=7, color=ink
        )


def _draw_life(axes: Any, top: float, title: str, evidence: Evidence) -> None:
    for span in evidence.spans:
        until = span.until or TODAY
        name = "A holds it" if span.holder == A else "B holds it"
        _bar(axes, top, span.since, (until - span.since).days + 1, "#34557a" if span.holder == A else "#7a5a34", name)
    for place, reading in enumerate(SEMANTICS, start=1):
        for answer, since, days in _bands(evidence, reading):
            _bar(axes, top - place, since, days, COLOURS.get(answer, UNKNOWN), answer)
    axes.text(_days()[0].toordinal() - 12, top + 0.4, title, ha="right", va="center", size=9, weight="bold")
    for place, reading in enumerate(SEMANTICS, start=1):
        axes.text(_days()[0].toordinal() - 12, top - place + 0.4, reading, ha="right", va="center", size=8)


def main() -> int:
    """Write the picture anew."""
    figure, axes = plt.subplots(figsize=(11, 8.5))
    for place, (title, evidence) in enumerate(LIVES):
        _draw_life(axes, -5.0 * place, title, evidence)
    for day, name in ((KNOWN_SINCE, "known since"), (TODAY, "today")):
        axes.axvline(day.toordinal(), color="black", linewidth=0.8, linestyle=":")
        axes.text(day.toordinal(), 1.2, name, ha="center", size=8)
    years = [date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1), date(2026, 7, 1)]
    axes.set_xticks([day.toordinal() for day in years], [f"{day:%Y-%m}" for day in years])
    axes.set_yticks([])
    axes.set_title("Each reading's answer, by the day asked about (asked today)", size=10, pad=18)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    figure.savefig(TARGET, bbox_inches="tight", metadata={"Date": None})
    return 0


if __name__ == "__main__":
    sys.exit(main())

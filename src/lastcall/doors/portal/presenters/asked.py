"""Who asked about a number and who was told, in words: the day and the kind of organisation, never which one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lastcall.core.relying.asked import Asking

WORDS: Final[dict[tuple[str, str], str | Promise]] = {
    ("bank", "asked"): _("A bank asked."),
    ("bank", "told"): _("A bank was told."),
    ("app", "asked"): _("An app or online service asked."),
    ("app", "told"): _("An app or online service was told."),
    ("authority", "asked"): _("An authority asked."),
    ("authority", "told"): _("An authority was told."),
    ("operator", "asked"): _("A telephone operator asked."),
    ("operator", "told"): _("A telephone operator was told."),
    ("other", "asked"): _("Another organisation asked."),
    ("other", "told"): _("Another organisation was told."),
}
"""Kind of organisation, and whether it asked or was told."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What happened on one day; ``machine``: the day in ISO 8601."""

    when: str
    machine: str
    text: str


def asked_lines(found: Iterable[Asking]) -> tuple[AskedLine, ...]:
    """A line for each day and kind of organisation, the newest first. How many organisations there were is not told."""
    times: Counter[tuple[date, str, str]] = Counter()
    for each in found:
        times[each.day, each.category, each.kind] += each.times
    newest = sorted(times, key=lambda key: (-key[0].toordinal(), key[1:]))
    return tuple(_line(day, category, kind, times[day, category, kind]) for day, category, kind in newest)


def _line(day: date, category: str, kind: str, times: int) -> AskedLine:
    text = str(WORDS.get((category, kind), WORDS["other", kind]))
    if times > 1:
        told = ngettext("%(what)s %(times)d time.", "%(what)s %(times)d times.", times)
        text = told % {"what": text, "times": times}
    return AskedLine(date_format(day, "DATE_FORMAT"), day.isoformat(), text)

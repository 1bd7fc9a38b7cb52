"""Who asked about a number and who was told, in words: the day and the kind of organisation, never which one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format

from lastcall.core.closing.words import asked
from lastcall.core.relying.asked import Asking


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What happened on one day; ``machine``: the day in ISO 8601."""

    when: str
    machine: str
    text: str


def asked_lines(found: Iterable[Asking]) -> tuple[AskedLine, ...]:
    """A line for each, in the same order."""
    return tuple(
        AskedLine(
            date_format(each.day, "DATE_FORMAT"), each.day.isoformat(), asked(each.category, each.kind, each.times)
        )
        for each in found
    )

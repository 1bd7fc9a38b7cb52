"""What several pages share: the pack's texts in the reader's language with their doubt, days and hours, exact moments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils import formats
from django.utils.translation import ngettext

from lastcall.core.closing.letters.letter import Moment
from lastcall.core.policies.pack import Pack

_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence; ``sure``: whether the pack's sources confirm what it rests on."""

    text: str
    sure: bool = True


def spoken(value: Mapping[str, str], language: str) -> str:
    """A text of the pack in ``language``."""
    return value.get(language) or value["en"]


def sure(pack: Pack, *keys: str) -> bool:
    """Whether every value of ``keys`` is there and confirmed."""
    known = {entry.key: entry.is_confirmed for key in keys for entry in pack.entries(key)}
    return all(known.get(key, False) for key in keys)


def advice(pack: Pack, key: str, language: str) -> tuple[Told, ...]:
    """The pack's text under ``key``, or nothing when it has none."""
    return tuple(
        Told(spoken(entry.value, language), entry.is_confirmed) for entry in pack.entries(key) if entry.key == key
    )


def days(n: int) -> str:
    """``n`` days."""
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def hours(n: int) -> str:
    """``n`` hours."""
    return ngettext("%(n)d hour", "%(n)d hours", n) % {"n": n}


def language_of(name: str) -> str:
    """``ru`` for a name in Cyrillic, empty for one that no script tells the language of."""
    return "ru" if _CYRILLIC.search(name) else ""


def day(value: date) -> str:
    """A calendar day in the form of the language in force."""
    return formats.date_format(value, "DATE_FORMAT")


def exact(value: datetime) -> str:
    """Day and time to the second with zone and offset from UTC, in the form of the language in force."""
    return Moment(value, exact=True).shown()

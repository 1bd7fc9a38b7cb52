"""What a page shows of a number to anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lastcall.core.numbers.msisdn import format_msisdn
from lastcall.core.numbers.status import PublicStatus

_CYRILLIC: Final = re.compile("[А-Яа-яЁё]")


@dataclass(frozen=True, slots=True)
class NumberPage:
    """What anybody may know of a number. ``holder_lang``, ``region_lang``: the language the register writes them in, or empty."""

    number: str
    holder: str
    holder_lang: str
    region: str
    region_lang: str


def number_page(status: PublicStatus, *, msisdn: int) -> NumberPage:
    """What the register says of the number's range."""
    holder = status.range_holder or ""
    return NumberPage(format_msisdn(msisdn), holder, _script(holder), status.region, _script(status.region))


def _script(text: str) -> str:
    return "ru" if _CYRILLIC.search(text) else ""

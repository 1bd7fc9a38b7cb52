"""Russian in Latin letters, to be read aloud by people who do not read Cyrillic.

The letters follow the Wikipedia scheme of ``iuliia``: it writes what is heard (``yeshchyo``), without signs for hardness and
softness that only scholars read.
"""

from __future__ import annotations

from dataclasses import dataclass

import iuliia  # type: ignore[import-untyped]
from django.utils import translation

from lastcall.core.closing.letters.letter import LEGAL, Value


@dataclass(frozen=True, slots=True)
class Aloud:
    """``value`` as it sounds in Russian; nothing for those who read Russian."""

    value: Value

    def shown(self) -> str:
        if translation.get_language() == LEGAL:
            return ""
        with translation.override(LEGAL):
            return in_latin(self.value.shown())


@dataclass(frozen=True, slots=True)
class WithSound:
    """``value``, and in brackets how it sounds in Russian, for those who do not read Russian."""

    value: Value

    def shown(self) -> str:
        sound = Aloud(self.value).shown()
        return f"{self.value.shown()} ({sound})" if sound else self.value.shown()


def in_latin(russian: str) -> str:
    """``russian`` in Latin letters; what is not Cyrillic stays."""
    return str(iuliia.WIKIPEDIA.translate(russian))

"""Russian in Latin letters, to be read aloud by people who do not read Cyrillic.

The letters follow the Wikipedia scheme of ``iuliia``: it writes what is heard (``yeshchyo``), without signs for hardness and
softness that only scholars read. The stressed vowel of a word of several has an acute (``pozháluysta``).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import iuliia  # type: ignore[import-untyped]
from django.utils import translation

from lastcall.core.closing.letters.letter import LEGAL, Value
from lastcall.core.kit.stress import ACUTE, VOWELS, WORD, spoken


@dataclass(frozen=True, slots=True)
class Aloud:
    """``value`` as it sounds in Russian; nothing for those who read Russian."""

    value: Value

    def shown(self) -> str:
        if translation.get_language() == LEGAL:
            return ""
        with translation.override(LEGAL):
            return sounding(self.value.shown())


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


def sounding(russian: str) -> str:
    """``russian`` in Latin letters as it is said, with its stresses."""
    said = spoken(russian)
    plain = said.replace(ACUTE, "")
    latin, places = in_latin(plain), _stresses(said)
    for place in reversed(places):
        end = len(in_latin(plain[:place]))
        latin = f"{latin[:end]}{ACUTE}{latin[end:]}"
    return unicodedata.normalize("NFC", latin)


def _stresses(said: str) -> list[int]:
    """Behind which letters a stress lies, marks not counted; ``ё`` has it by itself where the word has other vowels."""
    marks = [at - said[:at].count(ACUTE) for at, sign in enumerate(said) if sign == ACUTE]
    plain = said.replace(ACUTE, "")
    several = (word for word in WORD.finditer(plain) if sum(sign in VOWELS for sign in word[0].lower()) > 1)
    own = [word.start() + word[0].lower().index("ё") + 1 for word in several if "ё" in word[0].lower()]
    return sorted((*marks, *own))

"""The words that a text can say, as a table, and reading them: a text says one of them and nothing else."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from lastcall.core.typed_text import latin_look_alikes

CLOSE: Final = "close"
STATUS: Final = "status"
STOP: Final = "stop"
HELP: Final = "help"
OTHER: Final = "other"
"""No word of the table."""
CODES: Final = (CLOSE, STATUS, STOP, HELP, OTHER)

WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    CLOSE: {"en": ("CLOSE",), "ru": ("ЗАКРЫТЬ",), "zh-hans": ("销户", "注销", "銷戶", "注銷", "註銷")},
    STATUS: {"en": ("STATUS",), "ru": ("СТАТУС",), "zh-hans": ("进度", "進度")},
    STOP: {"en": ("STOP",), "ru": ("СТОП",), "zh-hans": ("取消",)},
    HELP: {"en": ("HELP",), "ru": ("ПОМОЩЬ",), "zh-hans": ("帮助", "幫助")},
}
"""Code -> language -> the words; the first of each is the one that our answers name."""

_NO_PART_OF_A_WORD: Final = frozenset("PZCS")
"""Punctuation, spaces, invisible signs, symbols (emoji among them): the first letters of Unicode's general categories."""


@dataclass(frozen=True, slots=True)
class Keyword:
    """``code``: one of :data:`CODES`; ``language``: ``zh-hans``, ``ru`` or ``en``, in which to answer."""

    code: str
    language: str


def read(text: str) -> Keyword:
    """What the text says. Case, spaces, punctuation, full-width letters and ё for е make no difference, nor do Latin letters that
    look like Cyrillic ones; a second word does. Any other text is :data:`OTHER`, in the language of its script."""
    return _TABLE.get(_bare(text)) or Keyword(OTHER, language_of(text))


def word(code: str, language: str) -> str:
    """The word that a reader of ``language`` texts for ``code``."""
    return WORDS[code][language][0]


def language_of(text: str) -> str:
    """The language of the text's script: Han is Chinese, else Cyrillic is Russian, else English."""
    names = [unicodedata.name(letter, "") for letter in text]
    if any(name.startswith(("CJK UNIFIED", "CJK COMPATIBILITY")) for name in names):
        return "zh-hans"
    return "ru" if any(name.startswith("CYRILLIC") for name in names) else "en"


def _bare(text: str) -> str:
    letters = (sign for sign in unicodedata.normalize("NFKC", text) if not _is_no_letter(sign))
    return latin_look_alikes("".join(letters))


def _is_no_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _NO_PART_OF_A_WORD or unicodedata.combining(sign) > 0


_TABLE: Final = {
    _bare(written): Keyword(code, language)
    for code, languages in WORDS.items()
    for language, words in languages.items()
    for written in words
}

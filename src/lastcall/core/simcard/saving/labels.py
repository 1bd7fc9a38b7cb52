"""What a card calls a person's further numbers, as address books know it."""

from __future__ import annotations

from typing import Final

from lastcall.core.simcard.saving.texts import one_line

_WORDS: Final = {
    "home": ("home", "дом", "домашний", "дом. тел", "住宅", "家", "家庭", "宅电"),
    "work": ("work", "office", "работа", "рабочий", "раб", "офис", "单位", "公司", "工作", "办公", "办公室"),
    "cell": ("mobile", "cell", "мобильный", "моб", "сотовый", "сот", "手机", "移动电话"),
    "fax": ("fax", "факс", "传真"),
}
_TYPES: Final = {word: kind for kind, words in _WORDS.items() for word in words}


def phone_type(label: str) -> str:
    """The type of a telephone number (RFC 6350, 6.4.1) that says the same as ``label``; empty where none does."""
    return _TYPES.get(one_line(label).casefold().rstrip("."), "")

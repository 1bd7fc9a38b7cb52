"""Comparing what a passport's machine-readable zone says with the subscriber's file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, Literal

from lastcall.core import keyed
from lastcall.core.errors import BadInput
from lastcall.core.ports import PassportPage
from lastcall.core.subscribers.file import document_key
from lastcall.core.subscribers.inputs import name_key
from lastcall.core.subscribers.subscriber import Document

Comparison = Literal["matched", "differs", "unclear"]

_NAME_FIELD: Final = 39  # characters for the names in a TD3 zone (ICAO Doc 9303 part 4, 4.2.2); longer names are cut
_CYRILLIC: Final = str.maketrans({  # ICAO Doc 9303 part 3, 6.B, and what is near to it
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "к": "k", "л": "l",
    "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia", "і": "i",
    "є": "e", "ґ": "g", "қ": "k", "ғ": "g", "ң": "n", "ү": "u", "ұ": "u", "һ": "h", "ә": "a", "ө": "o", "ҳ": "h",
    "ҷ": "ch", "џ": "dzh", "ј": "i", "љ": "l", "њ": "n",
})  # fmt: skip
_SOUNDS: Final = (
    (r"(?<=[nu])xx", ""),  # how some states write ñ and ü (ICAO Doc 9303 part 3, 6.A)
    (r"shch|stsch|schtsch|sch", "sh"),
    (r"tsch|tch", "ch"),
    (r"tz|cz|ts", "c"),
    (r"kh", "h"),
    (r"w", "v"),
    (r"x", "ks"),
    (r"ou", "u"),
    (r"[yj]", "i"),
    (r"i+[eo]", "e"),  # Yevgeny is Evgenii, Fyodor is Fedor
    (r"([aou])e", r"\1"),  # Müller is MUELLER
    (r"(.)\1+", r"\1"),
)


def compare(page: PassportPage, *, name_latin: str, documents: Sequence[Document], today: date) -> Comparison:
    """Whether ``page`` is that of the subscriber called ``name_latin``, whose ``documents`` are on file.

    ``matched``: a passport on file that has not run out has its issuer and number, the names agree and the page has not run out.
    ``differs``: the page is sure, and its number is nowhere on file. ``unclear``: everything else; a person has to look.
    """
    if not page.sure or page.kind != "foreign_passport" or not page.issuer:
        return "unclear"
    same_number = [document for document in documents if _has_number(document, page.number)]
    if not same_number:
        return "differs"
    valid = any(_is_page_of(page, document) and _runs_on(document.valid_until, today) for document in same_number)
    current = page.expires is not None and page.expires >= today
    return "matched" if valid and current and names_agree(page, name_latin) else "unclear"


def _has_number(document: Document, number: str) -> bool:
    try:
        return keyed.same(document.number_key, document_key(document.kind, document.issuer, number))
    except BadInput:  # no number that a document of this kind can have
        return False


def _is_page_of(page: PassportPage, document: Document) -> bool:
    return (document.kind, document.issuer) == (page.kind, page.issuer)


def _runs_on(valid_until: date | None, today: date) -> bool:
    return valid_until is None or valid_until >= today


def names_agree(page: PassportPage, name_latin: str) -> bool:
    """Whether the zone's names are ``name_latin``: in any order, in any usual Latin spelling of Cyrillic, without diacritics.

    Middle names and patronymics may be missing on either side, never a surname nor the first of the given names. Names that
    fill the zone may be cut at their end.
    """
    surname, given = _words(page.surname), _words(page.given_names)
    filed = _words(name_latin)
    if not surname or not filed:
        return False
    if _run_together(surname, given, filed):
        return True
    own = _as_cut(surname + given, filed) if _fills_the_zone(page) else surname + given
    needed = Counter(own[: len(surname) + 1])
    on_file, shown = Counter(filed), Counter(own)
    return bool(given) and needed <= on_file and (on_file <= shown or shown <= on_file)


def _words(name: str) -> list[str]:
    """The name's words by their sound; letters that are neither Latin nor Cyrillic stay as they are."""
    return [word for word in map(_sound, name_key(name).split()) if word]


def _sound(word: str) -> str:
    word = word.translate(_CYRILLIC)
    for pattern, sound in _SOUNDS:
        word = re.sub(pattern, sound, word)
    return word


def _run_together(surname: list[str], given: list[str], filed: list[str]) -> bool:
    """``Ou Yang Xiao Long`` is OUYANG XIAOLONG: the same letters in either order, however parted."""
    orders = {"".join(surname + given), "".join(given + surname)}
    turned = {"".join(filed[cut:] + filed[:cut]) for cut in range(len(filed))}
    return bool(orders & turned)


def _fills_the_zone(page: PassportPage) -> bool:
    return len(page.surname) + len("<<") + len(page.given_names) >= _NAME_FIELD


def _as_cut(shown: list[str], filed: list[str]) -> list[str]:
    """``shown`` with its last word made whole when just one filed word begins with it."""
    *whole, last = shown
    left = Counter(filed) - Counter(whole)
    longer = [word for word in left if word.startswith(last)]
    return [*whole, longer[0]] if len(longer) == 1 else shown

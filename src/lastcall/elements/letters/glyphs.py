"""Which characters our fonts can show, and what is printed in place of the others."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Final

FONTS: Final = Path(__file__).parent / "fonts"
MISSING: Final = "\N{GETA MARK}"
"""Printed for a character that no font of ours has, as East Asian printers do: it is seen, and can be written over by hand."""


@cache
def covered() -> frozenset[str]:
    """Every character that the regular weight can show, by ``fonts/covered.txt``: ranges of code points, one a line."""
    lines = (FONTS / "covered.txt").read_text(encoding="ascii").split()
    ranges = (tuple(int(end, 16) for end in line.split("-")) for line in lines)
    return frozenset(chr(code) for first, *last in ranges for code in range(first, (last or [first])[0] + 1))


def printable(text: str) -> str:
    """``text`` in NFC with every character that cannot be shown replaced, and what has no shape of its own left out."""
    return "".join(map(_sign, unicodedata.normalize("NFC", text)))


def _sign(character: str) -> str:
    if character in covered():
        return character
    if character.isspace():
        return " "
    # Marks, joiners and direction signs only shape their neighbours; printed alone they would be boxes of their own.
    return "" if unicodedata.category(character) in {"Cf", "Cc", "Mn", "Me"} else MISSING


def regular_only(text: str) -> str:
    """The characters of ``text``, each once, that the bold weight does not have: Han outside GB 2312, in names (see
    ``scripts/subset_fonts.py``)."""
    return "".join(sorted(sign for sign in set(text) & covered() if sign >= "\u2e80" and not _is_bold_too(sign)))


def _is_bold_too(sign: str) -> bool:
    return sign == "\u3007" or bool(sign.encode("gb2312", "ignore"))


def replaced(thing: Any) -> Any:
    """Nested lists and dicts with :func:`printable` applied to every text."""
    if isinstance(thing, str):
        return printable(thing)
    if isinstance(thing, list):
        return [replaced(each) for each in thing]
    return {key: replaced(value) for key, value in thing.items()} if isinstance(thing, dict) else thing

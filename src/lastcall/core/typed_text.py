"""Text as people type and paste it, made plain: full-width digits, no-break spaces, other alphabets' look-alikes."""

from __future__ import annotations

import unicodedata

_MINUS_SIGN = "\N{MINUS SIGN}"
_CYRILLIC_LIKE_LATIN = str.maketrans("АВЕЁКМНОРСТУХІЈЅ", "ABEEKMHOPCTYXIJS")


def plain(text: str) -> str:
    """``text`` with ASCII digits, spaces and dashes, without invisible format characters, trimmed.

    Compatibility forms (full-width letters, digits and brackets) become their plain ones by Unicode NFKC.
    """
    return "".join(map(_plain_character, unicodedata.normalize("NFKC", text))).strip()


def latin_look_alikes(text: str) -> str:
    """``text`` in capitals, with the Cyrillic letters that look like Latin ones replaced by these."""
    return text.upper().translate(_CYRILLIC_LIKE_LATIN)


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf":
        return ""
    if category == "Pd" or character == _MINUS_SIGN:
        return "-"
    return " " if category == "Zs" else character

"""The alphabets of 3GPP TS 23.038 by national language identifier (6.2.1.2.4), as data.

Where the printed tables have a slip, the sign that is meant stands here, as telephones have it: Kannada 0x24 is U+0CA1 (printed
U+0CAA, which has its own place at 0x3D).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lastcall.elements.simcard.coding.shown import UNREADABLE

_HERE = "•"
"""Stands in a plan where the signs of the language follow."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = _LETTERS.lower()
_DIGITS = "0123456789"

# 6.2.1; place 0x1B is the way into the extension and no sign of its own.
_BASIC = f"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./{_DIGITS}:;<=>?¡{_LETTERS}ÄÖÑÜ§¿{_SMALL}äöñüà"
_TURKISH = f"@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ !\"#¤%&'()*+,-./{_DIGITS}:;<=>?İ{_LETTERS}ÄÖÑÜ§ç{_SMALL}äöñüà"
_PORTUGUESE = f"@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ !\"#º%&'()*+,-./{_DIGITS}:;<=>?Í{_LETTERS}ÃÕÚÜ§~{_SMALL}ãõ`üà"

# A.3.4 to A.3.13 have one plan, A.2.4 to A.2.13 another.
_LOCKING_PLAN = (
    f"{_HERE * 10}\n{_HERE * 2}\r{_HERE * 13}\x1b{_HERE * 4} !{_HERE * 6})({_HERE * 2},{_HERE}.{_HERE}"
    f"{_DIGITS}:;{_HERE * 3}?{_HERE * 33}{_SMALL}{_HERE * 5}"
)
_SINGLE_PLAN = (
    f"@£$¥¿\"¤%&'\f*+{UNREADABLE}-/<=>¡^¡_#*{_HERE * 2}{UNREADABLE}{_HERE * 12}{{}}{_HERE * 5}\\"
    f"{_HERE * 12}[~]{_HERE}|{_LETTERS}".ljust(0x65, UNREADABLE)
    + "€"
)

# The scripts of India lie alike in Unicode, 128 places each, and a table takes them in their order. Of each: where its script
# begins, which of the places are not in the table, and its last six signs.
_IN_ORDER = (*range(0x01, 0x04), *range(0x05, 0x3A), *range(0x3C, 0x4E))
_SCRIPTS: Final[dict[int, tuple[int, str, str]]] = {
    4: (0x0980, "0D 0E 11 12 29 31 33-35 45 46 49 4A", "4E 57 5C 5D 70 71"),  # Bengali, Assamese
    5: (0x0A80, "0E 12 29 31 34 46 4A", "50 60-63 71"),  # Gujarati
    6: (0x0900, "", "50 72 7B 7C 7E 7F"),  # Hindi
    7: (0x0C80, "01 0D 11 29 34 45 49", "55 56 60-63"),  # Kannada
    8: (0x0D00, "01 0D 11 29 3C 45 49", "57 60-63 79"),  # Malayalam
    9: (0x0B00, "0D 0E 11 12 29 31 34 45 46 49 4A", "56 57 60-63"),  # Oriya
    10: (0x0A00, "0B-0E 11 12 29 31 34 37 3D 43-46 49 4A", "51 70-74"),  # Punjabi
    11: (0x0B80, "01 0B-0D 11 16-18 1B 1D 20-22 25-27 2B-2D 3C 3D 43-45 49", "50 57 70-72 79"),  # Tamil
    12: (0x0C00, "0D 11 29 34 3C 45 49", "55 56 60-63"),  # Telugu
}
_URDU = (
    "0627 0622 0628 067B 0680 067E 06A6 062A 06C2 067F 0679 067D 067A 067C 062B 062C 0681 0684 0683 0685-0687 062D-062F "
    "068C 0688-068A 068F 068D 0630 0631 0691 0693 0699 0632 0696 0698 069A 0633-0639 0641 0642 06A9-06AB 06AF 06B3 06B1 "
    "0644-0646 06BA-06BC 0648 06C4 06D5 06C1 06BE 0621 06CC 06D0 06D2 064D 0650 064F 0657 0654 0655 0651 0653 0656 0670"
)

# A.2.4 to A.2.13; a dot is a place without a sign.
_SINGLE_SIGNS: Final[dict[int, str]] = {
    4: "09E6-09EF 09DF-09E3 09F2-09FA",
    5: "0964-0965 0AE6-0AEF",
    6: "0964-096F 0951-0954 0958-0963 0970-0971",
    7: "0964-0965 0CE6-0CEF 0CDE 0CF1-0CF2",
    8: "0964-0965 0D66-0D75 0D7A-0D7F",
    9: "0964-0965 0B66-0B6F 0B5C-0B5D 0B5F 0B70-0B71",
    10: "0964-0965 0A66-0A6F 0A59-0A5C 0A5E 0A75",
    11: "0964-0965 0BE6-0BEF 0BF3-0BF8 0BFA",
    12: ". . 0C66-0C6F 0C58-0C59 0C78-0C7F",
    13: "0600-0601 06F0-06F9 060C-0614 061B 061F 0640 0652 0658 066B-066C 0672-0673 06CD 06D4",
}

# 6.2.1.1 and A.2.1 to A.2.3
_EXTENSION = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
_TURKISH_SINGLE = {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"}
_SPANISH_SINGLE = {0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x61: "á", 0x69: "í", 0x6F: "ó", 0x75: "ú"}
_PORTUGUESE_SINGLE = {
    0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ", 0x15: "Ω", 0x16: "Π",
    0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê", 0x41: "À", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x5B: "Ã", 0x5C: "Õ",
    0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú", 0x7B: "ã", 0x7C: "õ", 0x7F: "â",
}  # fmt: skip


def _codes(written: str) -> list[int | None]:
    """``09E6-09E8 09F2 .`` as numbers, None for a dot."""
    codes: list[int | None] = []
    for word in written.split():
        if word == ".":
            codes.append(None)
        else:
            first, _, last = word.partition("-")
            codes += range(int(first, 16), int(last or first, 16) + 1)
    return codes


def _filled(plan: str, signs: Iterator[str]) -> str:
    return "".join(next(signs, UNREADABLE) if sign == _HERE else sign for sign in plan)


def _indian(start: int, left_out: str, last: str) -> str:
    missing = set(_codes(left_out))
    places = [None if place in missing else place for place in _IN_ORDER] + _codes(last)
    return _filled(_LOCKING_PLAN, (UNREADABLE if place is None else chr(start + place) for place in places))


def _single(written: str) -> dict[int, str]:
    signs = (UNREADABLE if code is None else chr(code) for code in _codes(written))
    return {place: sign for place, sign in enumerate(_filled(_SINGLE_PLAN, signs)) if sign != UNREADABLE}


LOCKING: Final[dict[int, str]] = {
    0: _BASIC,
    1: _TURKISH,
    3: _PORTUGUESE,
    **{language: _indian(*script) for language, script in _SCRIPTS.items()},
    13: _filled(_LOCKING_PLAN, (chr(code) for code in _codes(_URDU) if code is not None)),
}
"""128 signs each, U+FFFD where there is none. Spanish (2) has no table of its own (A.3.2)."""

SINGLE: Final[dict[int, dict[int, str]]] = {
    0: _EXTENSION,
    1: _EXTENSION | _TURKISH_SINGLE,
    2: _EXTENSION | _SPANISH_SINGLE,
    3: _EXTENSION | _PORTUGUESE_SINGLE,
    **{language: _single(written) for language, written in _SINGLE_SIGNS.items()},
}
"""The signs behind an escape, by their place."""

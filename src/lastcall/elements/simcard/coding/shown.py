"""Text from a card as people may see it: without the signs that steer a screen, a terminal or a spreadsheet.

A line break of any kind (CR, LF, CR LF, VT, FF, NEL, U+2028, U+2029) is one ``\\n`` in a message and a space in a name or a
party, a tab is a space. Every other control character (C0, DEL, C1), what turns the direction of writing around (U+202A to
U+202E, U+2066 to U+2069), half a surrogate pair and what is no character at all stand as U+FFFD, and ``damaged`` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

UNREADABLE: Final = "\ufffd"

_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_LAST_OF_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NO_CHARACTER = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]")


@dataclass(frozen=True, slots=True)
class Text:
    """``text`` for people; ``damaged``: what of it could not be read, empty when all could."""

    text: str
    damaged: str = ""


def shown(raw: str, *, lines: bool) -> Text:
    """``raw`` (which may hold half surrogate pairs) as people may see it; ``lines``: whether line breaks stay."""
    text = _BREAK.sub("\n" if lines else " ", raw).replace("\t", " ")
    text, controls = _CONTROL.subn(UNREADABLE, text)
    text, halves = _NO_CHARACTER.subn(UNREADABLE, text)
    return Text(
        text, listed("control characters" if controls else "", "something that is no character" if halves else "")
    )


def utf16(octets: bytes) -> str:
    """UCS-2 or UTF-16, big-endian; half surrogate pairs stay as they are, an odd last octet is left out."""
    return octets[: len(octets) // 2 * 2].decode("utf-16-be", "surrogatepass")


def about(part: str, damaged: str) -> str:
    """``damaged``, each with the ``part`` that it is of before it."""
    return "; ".join(f"{part}: {damage}" for damage in damaged.split("; ") if damage)


def listed(*damages: str) -> str:
    """Several damages as one line, each once, the empty ones left out."""
    return "; ".join(dict.fromkeys(part for damage in damages for part in damage.split("; ") if part))

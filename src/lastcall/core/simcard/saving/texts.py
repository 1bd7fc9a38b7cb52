"""Texts of a card made fit for a file: whatever a card holds, every file can be written and read again."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"
_LINE_END: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")


def whole(text: str) -> str:
    """``text`` with surrogates paired (UTF-16), and a lone one replaced: UTF-8 has no form for it."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def readable(text: str) -> str:
    """:func:`whole`, with line ends as ``\\n`` and other control characters replaced: neither HTML nor vCard may hold them."""
    lines = _LINE_END.sub("\n", whole(text))
    return "".join(UNREADABLE if _is_control(character) else character for character in lines)


def one_line(text: str) -> str:
    """:func:`readable`, with every run of blanks and line ends as one space."""
    return " ".join(readable(text).split())


def masked(iccid: str) -> str:
    """A card's number by its last four digits; empty where there is none."""
    return f"•••• {iccid[-4:]}" if iccid else ""


def _is_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in "\n\t"

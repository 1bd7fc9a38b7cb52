"""GSM 7-bit text (3GPP TS 23.038): septets out of their octets, and as text in every national language."""

from __future__ import annotations

from typing import Final

from lastcall.elements.simcard.coding.shown import UNREADABLE, Text, listed, shown
from lastcall.elements.simcard.coding.tables import LOCKING, SINGLE

ESCAPE: Final = 0x1B


def unpack(packed: bytes, count: int) -> bytes:
    """``count`` septets, one in each octet (6.1.2.1.1); fewer where the octets of ``packed`` run out."""
    septets = bytearray()
    held = width = 0
    for octet in packed[: (count * 7 + 7) // 8]:
        held, width = held | octet << width, width + 8
        while width >= 7:
            septets.append(held & 0x7F)
            held, width = held >> 7, width - 7
    return bytes(septets[:count])


def decode(septets: bytes, *, locking: int = 0, single: int = 0, lines: bool = True) -> Text:
    """``septets`` (one in each octet) as text for people.

    ``locking`` and ``single``: national language identifiers (6.2.1.2.4); one without a table counts as none (6.2.1.2.1).
    ``lines``: whether line breaks stay. An escaped septet without a sign of its own is the one of the main table (6.2.1.1).
    """
    signs, damaged = read_signs(septets, locking=locking, single=single)
    seen = shown(signs, lines=lines)
    return Text(seen.text, listed(damaged, seen.damaged))


def read_signs(septets: bytes, *, locking: int = 0, single: int = 0) -> tuple[str, str]:
    """The signs as they stand, line ends and page breaks too, and what was damaged."""
    main, extension = LOCKING.get(locking, LOCKING[0]), SINGLE.get(single, SINGLE[0])
    signs: list[str] = []
    escaped = False
    for septet in septets:
        if septet == ESCAPE and not escaped:
            escaped = True
            continue
        signs.append(_sign(septet, main, extension if escaped else {}))
        escaped = False
    unknown = "a sign that its alphabet does not have" if UNREADABLE in signs else ""
    return "".join(signs), listed(unknown, "it ends within a sign" if escaped else "")


def _sign(septet: int, main: str, extension: dict[int, str]) -> str:
    if septet == ESCAPE:
        return " "  # reserved for a further extension: "shall display a space" (6.2.1.1)
    return extension.get(septet) or (main[septet] if septet < len(main) else UNREADABLE)

"""GSM 7-bit text (3GPP TS 23.038): septets packed into octets and out, and septets as text in every national language."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

from lastcall.core.errors import BadInput
from lastcall.elements.simcard.coding.shown import UNREADABLE, Text, listed, shown
from lastcall.elements.simcard.coding.tables import LOCKING, SINGLE

ESCAPE: Final = 0x1B


def unpack(packed: bytes, count: int, *, fill: int = 0) -> bytes:
    """``count`` septets, one in each octet, out of ``packed`` after ``fill`` bits (6.1.2.1.1); fewer where the octets run out."""
    septets = bytearray()
    held, width = 0, -fill
    for octet in packed:
        if len(septets) >= count:
            break
        held, width = (held | octet << width, width + 8) if width >= 0 else (octet >> -width, width + 8)
        while width >= 7:
            septets.append(held & 0x7F)
            held, width = held >> 7, width - 7
    return bytes(septets[:count])


def pack(septets: bytes, *, fill: int = 0) -> bytes:
    """``septets`` (one in each octet, below 128) packed after ``fill`` bits of zero; what is left of the last octet is zero."""
    packed = bytearray()
    held, width = 0, fill
    for septet in septets:
        held, width = held | (septet & 0x7F) << width, width + 7
        while width >= 8:
            packed.append(held & 0xFF)
            held, width = held >> 8, width - 8
    return bytes(packed) + (bytes([held]) if width else b"")


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


def encode(text: str, *, locking: int = 0, single: int = 0) -> bytes:
    """``text`` in septets, one in each octet. Raises :class:`BadInput` (``not_in_alphabet``)."""
    return b"".join(as_signs(text, locking=locking, single=single))


def as_signs(text: Iterable[str], *, locking: int = 0, single: int = 0) -> list[bytes]:
    """Each sign's septets, which no message may cut apart. Raises as :func:`encode`."""
    try:
        places = _places(locking, single)
        return [places[sign] for sign in text]
    except KeyError:
        raise BadInput("The text has signs that this alphabet does not have.", code="not_in_alphabet") from None


def _sign(septet: int, main: str, extension: dict[int, str]) -> str:
    if septet == ESCAPE:
        return " "  # reserved for a further extension: "shall display a space" (6.2.1.1)
    return extension.get(septet) or (main[septet] if septet < len(main) else UNREADABLE)


@cache
def _places(locking: int, single: int) -> dict[str, bytes]:
    extension = {sign: bytes([ESCAPE, place]) for place, sign in SINGLE[single].items()}
    return extension | {
        sign: bytes([place]) for place, sign in enumerate(LOCKING[locking]) if place != ESCAPE and sign != UNREADABLE
    }

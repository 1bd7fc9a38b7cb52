"""GSM 7-bit text written and packed (3GPP TS 23.038, 6.1.2.1 and 6.2.1)."""

from __future__ import annotations

from functools import cache

from lastcall.elements.simcard.coding.septets import ESCAPE
from lastcall.elements.simcard.coding.shown import UNREADABLE
from lastcall.elements.simcard.coding.tables import LOCKING, SINGLE


def pack(septets: bytes, *, fill: int = 0) -> bytes:
    """``septets`` (one in each octet, below 128) behind ``fill`` bits of zero; what is left of the last octet is zero."""
    bits = sum(septet << (fill + 7 * place) for place, septet in enumerate(septets))
    return bits.to_bytes((fill + 7 * len(septets) + 7) // 8, "little")


def encode_septets(text: str, *, locking: int = 0, single: int = 0) -> bytes:
    """One in each octet."""
    return b"".join(as_signs(text, locking=locking, single=single))


def as_signs(text: str, *, locking: int = 0, single: int = 0) -> list[bytes]:
    """Each sign's septets, which no message may cut apart."""
    places = _places(locking, single)
    if any(sign not in places for sign in text):
        raise ValueError("not in this alphabet")
    return [places[sign] for sign in text]


@cache
def _places(locking: int, single: int) -> dict[str, bytes]:
    extension = {sign: bytes([ESCAPE, place]) for place, sign in SINGLE[single].items()}
    return extension | {
        sign: bytes([place]) for place, sign in enumerate(LOCKING[locking]) if place != ESCAPE and sign != UNREADABLE
    }

"""Alpha identifiers written (3GPP TS 51.011, annex B; ETSI TS 102.221, annex A)."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal, get_args

from .septets import encode_septets

Form = Literal["gsm", "80", "81", "82"]


def encode_alpha(text: str, room: int) -> bytes:
    """``text`` in the first form that fits into ``room`` bytes, padded with FF."""
    for form in get_args(Form):
        with suppress(ValueError):
            raw = encode_alpha_as(text, form)
            if len(raw) <= room:
                return raw.ljust(room, b"\xff")
    raise ValueError("too long")


def encode_alpha_as(text: str, form: Form) -> bytes:
    """``text`` in this form, unpadded."""
    if form == "gsm":
        return encode_septets(text)
    units = text.encode("utf-16-be")
    return b"\x80" + units if form == "80" else _with_base(units, form)


def _with_base(units: bytes, form: Form) -> bytes:
    codes = [int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2)]
    outside = [code for code in codes if not _gsm(code)]
    base = min(outside, default=0)
    if form == "81":
        base &= ~0x7F
    if any(code - base > 0x7F for code in outside) or (form == "81" and base > 0x7F80):
        raise ValueError("more than half a page")
    name = b"".join(_gsm(code) or bytes([0x80 | code - base]) for code in codes)
    pointer = bytes([base >> 7]) if form == "81" else base.to_bytes(2, "big")
    return bytes([int(form, 16), len(name)]) + pointer + name


def _gsm(code: int) -> bytes:
    """Empty where the GSM alphabet does not have it."""
    try:
        return encode_septets(chr(code))
    except ValueError:
        return b""

"""Alpha identifiers: the names in a card's lists (3GPP TS 51.011, annex B; ETSI TS 102.221, annex A)."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Final, Literal, get_args

from lastcall.core.errors import BadInput
from lastcall.elements.simcard.coding import septets
from lastcall.elements.simcard.coding.shown import Text, listed, shown, utf16

Alpha = Text
Form = Literal["gsm", "80", "81", "82"]

_CUT: Final = "cut short"
_UNUSED: Final = 0xFF
_RUNS = re.compile(rb"[\x00-\x7f]+|[\x80-\xff]+")


def decode(raw: bytes) -> Alpha:
    """The name in one line, from the field's bytes with their padding of FF.

    Forms: the GSM default alphabet with its extension, an octet a sign; UCS-2 (80); half a page of UCS-2 beside the GSM alphabet
    (81, 82). Surrogate pairs are read as UTF-16. Damaged: a field that ends within a name or a sign, signs no alphabet has,
    something behind the end.
    """
    match raw[:1]:
        case b"\x80":
            return _ucs2(raw[1:])
        case b"\x81":
            return _half_page(raw[1:], pointer=1)
        case b"\x82":
            return _half_page(raw[1:], pointer=2)
    name, _, rest = raw.partition(b"\xff")
    text = septets.decode(name, lines=False)
    return Alpha(text.text, listed(text.damaged, _behind(rest)))


def encode(text: str, room: int) -> bytes:
    """``text`` in the first form that fits into ``room`` bytes (GSM, 80, 81, 82), padded with FF.

    Raises :class:`BadInput`: ``too_long``, ``not_in_alphabet`` for half a surrogate pair.
    """
    _units(text)
    for form in get_args(Form):
        with suppress(BadInput):
            raw = encode_as(text, form)
            if len(raw) <= room:
                return raw.ljust(room, b"\xff")
    raise BadInput(f"The name does not fit into {room} bytes.", code="too_long", remedy="Make it shorter.")


def encode_as(text: str, form: Form) -> bytes:
    """``text`` in this form, unpadded. Raises :class:`BadInput`: ``not_in_alphabet``, ``too_long`` (81, 82: over 255 signs)."""
    if form == "gsm":
        return septets.encode(text)
    if form == "80":
        return b"\x80" + _units(text)
    return _with_base(text, form)


def _ucs2(octets: bytes) -> Alpha:
    end = next((place for place in range(0, len(octets) - 1, 2) if octets[place : place + 2] == b"\xff\xff"), None)
    name, rest = (octets, b"") if end is None else (octets[:end], octets[end:])
    odd = name[-1:] if len(name) % 2 else b""
    seen = shown(utf16(name), lines=False)
    return Alpha(seen.text, listed(seen.damaged, _CUT if odd not in {b"", b"\xff"} else "", _behind(rest)))


def _half_page(octets: bytes, *, pointer: int) -> Alpha:
    if len(octets) < 1 + pointer:
        return Alpha("", _CUT)
    count, base = octets[0], int.from_bytes(octets[1 : 1 + pointer], "big")
    base <<= 7 if pointer == 1 else 0
    name, rest = octets[1 + pointer :][:count], octets[1 + pointer :][count:]
    parts = [_run(run, base) for run in _RUNS.findall(name)]
    units = "".join(text for text, _ in parts).encode("utf-16-be", "surrogatepass")
    seen = shown(utf16(units), lines=False)
    cut = _CUT if len(name) < count else ""
    return Alpha(seen.text, listed(*(damaged for _, damaged in parts), seen.damaged, cut, _behind(rest)))


def _run(run: bytes, base: int) -> tuple[str, str]:
    if run[0] < 0x80:
        return septets.read_signs(run)
    return "".join(chr(min(base + (octet & 0x7F), 0xFFFF)) for octet in run), ""


def _behind(rest: bytes) -> str:
    return "" if all(octet == _UNUSED for octet in rest) else "something stands behind the end of the name"


def _units(text: str) -> bytes:
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        raise BadInput("The text has half a character in it.", code="not_in_alphabet") from None


def _with_base(text: str, form: Form) -> bytes:
    units = _units(text)
    codes = [int.from_bytes(units[place : place + 2], "big") for place in range(0, len(units), 2)]
    outside = [code for code in codes if not _in_gsm(code)]
    base = min(outside, default=0)
    if form == "81":
        base &= ~0x7F
    if any(code - base > 0x7F for code in outside) or (form == "81" and base > 0x7F80):
        raise BadInput("The text needs more than half a page of UCS-2.", code="not_in_alphabet")
    name = b"".join(septets.encode(chr(code)) if _in_gsm(code) else bytes([0x80 | code - base]) for code in codes)
    if len(name) > 0xFF:
        raise BadInput("The text has more than 255 signs.", code="too_long")
    pointer = bytes([base >> 7]) if form == "81" else base.to_bytes(2, "big")
    return bytes([int(form, 16), len(name)]) + pointer + name


def _in_gsm(code: int) -> bool:
    try:
        septets.encode(chr(code))
    except BadInput:
        return False
    return True

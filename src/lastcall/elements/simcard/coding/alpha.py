"""Alpha identifiers: the names in a card's lists (3GPP TS 51.011, annex B; ETSI TS 102.221, annex A)."""

from __future__ import annotations

import re
from typing import Final

from lastcall.elements.simcard.coding import septets
from lastcall.elements.simcard.coding.shown import Text, listed, shown, utf16

_CUT: Final = "cut short"
_UNUSED: Final = 0xFF
_RUNS = re.compile(rb"[\x00-\x7f]+|[\x80-\xff]+")


def decode(raw: bytes) -> Text:
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
    return Text(text.text, listed(text.damaged, _behind(rest)))


def _ucs2(octets: bytes) -> Text:
    end = next((place for place in range(0, len(octets) - 1, 2) if octets[place : place + 2] == b"\xff\xff"), None)
    name, rest = (octets, b"") if end is None else (octets[:end], octets[end:])
    odd = name[-1:] if len(name) % 2 else b""
    seen = shown(utf16(name), lines=False)
    return Text(seen.text, listed(seen.damaged, _CUT if odd not in {b"", b"\xff"} else "", _behind(rest)))


def _half_page(octets: bytes, *, pointer: int) -> Text:
    if len(octets) < 1 + pointer:
        return Text("", _CUT)
    count, base = octets[0], int.from_bytes(octets[1 : 1 + pointer], "big")
    base <<= 7 if pointer == 1 else 0
    name, rest = octets[1 + pointer :][:count], octets[1 + pointer :][count:]
    parts = [_run(run, base) for run in _RUNS.findall(name)]
    units = "".join(text for text, _ in parts).encode("utf-16-be", "surrogatepass")
    seen = shown(utf16(units), lines=False)
    cut = _CUT if len(name) < count else ""
    return Text(seen.text, listed(*(damaged for _, damaged in parts), seen.damaged, cut, _behind(rest)))


def _run(run: bytes, base: int) -> tuple[str, str]:
    if run[0] < 0x80:
        return septets.read_signs(run)
    return "".join(chr(min(base + (octet & 0x7F), 0xFFFF)) for octet in run), ""


def _behind(rest: bytes) -> str:
    return "" if all(octet == _UNUSED for octet in rest) else "something stands behind the end of the name"

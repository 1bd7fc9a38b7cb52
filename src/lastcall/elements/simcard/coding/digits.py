"""Digits in half octets, the lower half first: ICCID, IMSI and numbers to dial (3GPP TS 51.011, 10.1.1, 10.3.2, 10.5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lastcall.elements.simcard.coding import septets
from lastcall.elements.simcard.coding.shown import UNREADABLE, listed

_SIGNS: Final = "0123456789*#p?"
"""Table 12 of 10.5.1: A is ``*``, B ``#``, C a pause, D any digit; E adds 10 (hexadecimal) to the next; F fills."""
_EXPANSION, _FILLER = 0xE, 0xF
_INTERNATIONAL, _ALPHANUMERIC = 1, 5


@dataclass(frozen=True, slots=True)
class Dialled:
    """``number``: digits and ``* # p ?``, with ``+`` before an international one; or the letters of an alphanumeric one, where
    ``named``."""

    number: str
    damaged: str = ""
    named: bool = False


def iccid(raw: bytes) -> str:
    """The ICCID of EF_ICCID in digits, with the letters A to F as some cards of machines have them; empty where nothing is there.

    Cards of phase 1 may have the higher half first (10.1.1): every ICCID begins with 89 (ITU-T E.118), which tells them apart.
    """
    nibbles = halves(raw[:10])
    if raw[:1] == b"\x89":
        nibbles = [half for low, high in zip(nibbles[::2], nibbles[1::2], strict=True) for half in (high, low)]
    return _hexadecimal(nibbles)


def imsi(raw: bytes) -> str:
    """The IMSI of EF_IMSI in digits; empty where it is cut short or a half octet is no digit."""
    length = raw[0] if raw else 0
    if not 1 <= length <= 8 or len(raw) <= length:
        return ""
    parity, *rest = halves(raw[1 : 1 + length])
    digits = _plain(rest)
    return digits if digits and len(digits) % 2 == parity >> 3 else ""


def dialled(ton_npi: int, bcd: bytes, *, half_octets: int | None = None) -> Dialled:
    """The number in ``bcd``, whose kind is ``ton_npi`` (type 1: international, ``+`` before it; 5: letters of the GSM alphabet).

    ``half_octets``: how many of them count (TS 23.040, 9.1.2.5), else all up to the filler. A number that begins with ``*`` or
    ``#`` has no ``+``. Damaged: digits behind the filler, expanded digits (which have no meaning yet and stand as U+FFFD).
    """
    kind = ton_npi >> 4 & 0x7
    count = len(bcd) * 2 if half_octets is None else half_octets
    if kind == _ALPHANUMERIC:
        return _letters(bcd, count)
    number, damaged = digits_of(halves(bcd)[:count])
    plus = "+" if kind == _INTERNATIONAL and number[:1].isdigit() else ""
    return Dialled(plus + number, damaged)


def digits_of(nibbles: list[int]) -> tuple[str, str]:
    """The signs of half octets up to the filler, and what was damaged."""
    end = nibbles.index(_FILLER) if _FILLER in nibbles else len(nibbles)
    behind = "digits stand behind the end of the number" if any(half != _FILLER for half in nibbles[end:]) else ""
    signs = list(_read(nibbles[:end]))
    return "".join(signs), listed("digits without a meaning" if UNREADABLE in signs else "", behind)


def halves(octets: bytes) -> list[int]:
    """The half octets, the lower first."""
    return [half for octet in octets for half in (octet & 0xF, octet >> 4)]


def _read(nibbles: list[int]) -> Iterator[str]:
    expanded = False
    for half in nibbles:
        if half == _EXPANSION and not expanded:
            expanded = True
            continue
        yield UNREADABLE if expanded else _SIGNS[half]
        expanded = False
    if expanded:
        yield UNREADABLE


def _letters(octets: bytes, count: int) -> Dialled:
    signs = septets.unpack(octets, count * 4 // 7)
    if len(signs) % 8 == 0 and signs.endswith(b"\0") and count % 2 == 0:
        signs = signs[:-1]  # seven spare bits at the end look like an at sign
    text = septets.decode(signs, lines=False)
    return Dialled(text.text, text.damaged, named=True)


def _plain(nibbles: list[int]) -> str:
    number = _hexadecimal(nibbles)
    return number if number.isdecimal() else ""


def _hexadecimal(nibbles: list[int]) -> str:
    """Up to the filler."""
    return "".join(f"{half:X}" for half in nibbles).rstrip("F")

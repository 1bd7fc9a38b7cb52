"""Digits in half octets, the lower half first: ICCID, IMSI and numbers to dial (3GPP TS 51.011, 10.1.1, 10.3.2, 10.5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lastcall.core.errors import BadInput
from lastcall.elements.simcard.coding import septets
from lastcall.elements.simcard.coding.shown import UNREADABLE, listed

INTERNATIONAL: Final = 0x91
UNKNOWN: Final = 0x81
ALPHANUMERIC_TYPE: Final = 5

_SIGNS: Final = "0123456789*#p?"
"""Table 12 of 10.5.1: A is ``*``, B ``#``, C a pause, D any digit; E adds 10 (hexadecimal) to the next; F fills."""
_EXPANSION, _FILLER = 0xE, 0xF


@dataclass(frozen=True, slots=True)
class Dialled:
    """``number``: digits and ``* # p ?``, with ``+`` before an international one; or the letters of an alphanumeric one."""

    number: str
    damaged: str = ""


def iccid(raw: bytes) -> str:
    """The ICCID of EF_ICCID in digits; empty where a half octet is no digit."""
    return _plain(halves(raw[:10]))


def encode_iccid(number: str) -> bytes:
    """EF_ICCID, ten bytes. Raises :class:`BadInput` (``bad_number``)."""
    return _join(_digits(number, most=20)).ljust(10, b"\xff")


def imsi(raw: bytes) -> str:
    """The IMSI of EF_IMSI in digits; empty where it is cut short or a half octet is no digit."""
    length = raw[0] if raw else 0
    if not 1 <= length <= 8 or len(raw) <= length:
        return ""
    parity, *rest = halves(raw[1 : 1 + length])
    digits = _plain(rest)
    return digits if digits and len(digits) % 2 == parity >> 3 else ""


def encode_imsi(number: str) -> bytes:
    """EF_IMSI, nine bytes. Raises :class:`BadInput` (``bad_number``)."""
    digits = _digits(number, most=15)
    octets = _join([0x9 if len(digits) % 2 else 0x1, *digits])
    return (bytes([len(octets)]) + octets).ljust(9, b"\xff")


def dialled(ton_npi: int, bcd: bytes, *, half_octets: int | None = None) -> Dialled:
    """The number in ``bcd``, whose kind is ``ton_npi`` (type 1: international, ``+`` before it; 5: letters of the GSM alphabet).

    ``half_octets``: how many of them count (TS 23.040, 9.1.2.5), else all up to the filler. A number that begins with ``*`` or
    ``#`` has no ``+``. Damaged: digits behind the filler, expanded digits (which have no meaning yet and stand as U+FFFD).
    """
    kind = ton_npi >> 4 & 0x7
    count = len(bcd) * 2 if half_octets is None else half_octets
    if kind == ALPHANUMERIC_TYPE:
        return _letters(bcd, count)
    number, damaged = digits_of(halves(bcd)[:count])
    plus = "+" if kind == 1 and number[:1].isdigit() else ""
    return Dialled(plus + number, damaged)


def encode_dialled(number: str) -> tuple[int, bytes]:
    """Type and half octets of a number of any length. Raises :class:`BadInput` (``bad_number``)."""
    digits = number.removeprefix("+")
    international = len(digits) < len(number)
    if not digits or (international and not digits[0].isdigit()):
        raise _bad()
    return (INTERNATIONAL if international else UNKNOWN), encode_digits(digits)


def encode_digits(digits: str) -> bytes:
    """Digits and ``* # p ?`` in half octets, with a filler where they are odd. Raises :class:`BadInput` (``bad_number``)."""
    if any(sign not in _SIGNS for sign in digits):
        raise _bad()
    return _join([_SIGNS.index(sign) for sign in digits])


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
    return Dialled(text.text, text.damaged)


def _plain(nibbles: list[int]) -> str:
    number = "".join(f"{half:x}" for half in nibbles).rstrip("f")
    return number if number.isdecimal() else ""


def _digits(number: str, *, most: int) -> list[int]:
    if not (number.isascii() and number.isdecimal() and len(number) <= most):
        raise _bad()
    return [int(digit) for digit in number]


def _join(nibbles: list[int]) -> bytes:
    filled = [*nibbles, _FILLER] if len(nibbles) % 2 else nibbles
    return bytes(low | high << 4 for low, high in zip(filled[::2], filled[1::2], strict=True))


def _bad() -> BadInput:
    return BadInput("A number on a card is of digits and * # p ?, with a plus before it or none.", code="bad_number")

"""Digits written in half octets, the lower half first (3GPP TS 51.011, 10.1.1, 10.3.2, 10.5.1)."""

from __future__ import annotations

INTERNATIONAL, UNKNOWN = 0x91, 0x81
_SIGNS = "0123456789*#p?"
_FILLER = 0xF


def encode_iccid(number: str) -> bytes:
    """EF_ICCID, ten bytes; letters A to F stand for their half octets."""
    return _join([int(sign, 16) for sign in number]).ljust(10, b"\xff")


def encode_imsi(number: str) -> bytes:
    """EF_IMSI, nine bytes."""
    octets = _join([0x9 if len(number) % 2 else 0x1, *map(int, number)])
    return (bytes([len(octets)]) + octets).ljust(9, b"\xff")


def encode_dialled(number: str) -> tuple[int, bytes]:
    """Type and half octets of a number of any length."""
    digits = number.removeprefix("+")
    return (INTERNATIONAL if digits != number else UNKNOWN), encode_digits(digits)


def encode_digits(digits: str) -> bytes:
    """Digits and ``* # p ?``, with a filler where they are odd."""
    return _join([_SIGNS.index(sign) for sign in digits])


def _join(nibbles: list[int]) -> bytes:
    filled = [*nibbles, _FILLER] if len(nibbles) % 2 else nibbles
    return bytes(low | high << 4 for low, high in zip(filled[::2], filled[1::2], strict=True))

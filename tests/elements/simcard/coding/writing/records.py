"""Records of lists of numbers written (3GPP TS 51.011, 10.5), and of a USIM's phone book (TS 31.102, 4.4.2)."""

from __future__ import annotations

from lastcall.elements.simcard.coding.records import BOOK_KINDS, NONE, BookFile

from .alpha import encode_alpha
from .digits import encode_dialled, encode_digits

_ROOM = 20
"""Digits that one record holds."""


def encode_number_record(name: str, number: str, *, room_alpha: int, extension: int = NONE) -> bytes:
    """One record with ``room_alpha`` bytes for the name. ``number``: at most twenty digits (:func:`split_number`), or empty."""
    return encode_alpha(name, room_alpha) + _number(number) + bytes([NONE, extension])


def split_number(number: str) -> tuple[str, ...]:
    """The part for the record itself, with its plus, and twenty digits for each extension record after it."""
    bare = number.removeprefix("+")
    parts = [bare[at : at + _ROOM] for at in range(0, len(bare), _ROOM)]
    return (number[: len(number) - len(bare)] + parts[0], *parts[1:])


def encode_extension(number: str, *, following: int = NONE) -> bytes:
    """An extension record of at most twenty digits; ``following``: the record after it (TS 51.011, 10.5.10)."""
    octets = encode_digits(number)
    return bytes([2, len(octets)]) + octets.ljust(10, b"\xff") + bytes([following])


def encode_anr(number: str, *, label: int = 0, entry: tuple[int, int] | None = None, extension: int = NONE) -> bytes:
    """A record of EF_ANR; ``entry``: short file identifier and record of EF_ADN, for a file of type 2."""
    return bytes([label]) + _number(number) + bytes([NONE, extension]) + bytes(entry or ())


def encode_named(text: str, *, room: int, entry: tuple[int, int] | None = None) -> bytes:
    """A record of EF_SNE, EF_EMAIL or EF_GAS with ``room`` bytes of text."""
    return encode_alpha(text, room) + bytes(entry or ())


def encode_pbr(files: tuple[BookFile, ...], *, room: int) -> bytes:
    """A record of EF_PBR, padded with FF."""
    tags = {kind: tag for tag, kind in BOOK_KINDS.items()}
    raw = b""
    for template, kind in ((0xA8, 1), (0xA9, 2), (0xAA, 3)):
        inner = b"".join(_tlv(tags[file.kind], _file(file)) for file in files if file.type == kind)
        raw += _tlv(template, inner) if inner else b""
    return raw.ljust(room, b"\xff")


def _file(file: BookFile) -> bytes:
    return file.file_id.to_bytes(2, "big") + (b"" if file.sfi is None else bytes([file.sfi]))


def _tlv(tag: int, value: bytes) -> bytes:
    return bytes([tag, len(value)]) + value


def _number(number: str) -> bytes:
    if not number:
        return b"\xff" * 12
    kind, octets = encode_dialled(number)
    return bytes([1 + len(octets), kind]) + octets.ljust(10, b"\xff")

"""The user data header of a message (3GPP TS 23.040, 9.2.3.24)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """``length``: its octets with the one that counts them; ``locking``, ``single``: national languages (TS 23.038, 6.2.1.2.4)."""

    length: int = 0
    reference: int | None = None
    part: int = 1
    parts: int = 1
    ports: tuple[int, int] | None = None
    locking: int = 0
    single: int = 0
    damaged: str = ""


NO_HEADER: Final = Header()


def read_header(octets: bytes) -> Header:
    """The header at the start of ``octets``. One whose elements do not fill it exactly is passed over as a whole (9.2.3.24)."""
    length = octets[0] + 1 if octets else 1
    if length > len(octets):
        return Header(length=length, damaged="its header is cut short")
    elements = list(_elements(octets[1:length]))
    if sum(2 + len(value) for _, value in elements) != length - 1:
        return Header(length=length, damaged="its header is not well formed")
    header = Header(length=length)
    for kind, value in elements:
        header = _with(header, kind, value)
    return header


def _elements(octets: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 1 < len(octets):
        kind, length = octets[at], octets[at + 1]
        if at + 2 + length > len(octets):
            return
        yield kind, octets[at + 2 : at + 2 + length]
        at += 2 + length


def _with(header: Header, kind: int, value: bytes) -> Header:
    """Parts (9.2.3.24.1 and 8), ports (3 and 4), languages (15 and 16); every other element is passed over."""
    match kind, len(value):
        case (0x00, 3) | (0x08, 4):
            return _concatenated(header, int.from_bytes(value[:-2], "big"), parts=value[-2], part=value[-1])
        case (0x04, 2):
            return replace(header, ports=(value[0], value[1]))
        case (0x05, 4):
            return replace(header, ports=(int.from_bytes(value[:2], "big"), int.from_bytes(value[2:], "big")))
        case (0x24, 1):
            return replace(header, single=value[0])
        case (0x25, 1):
            return replace(header, locking=value[0])
    return header


def _concatenated(header: Header, reference: int, *, parts: int, part: int) -> Header:
    if not 1 <= part <= parts:  # to be passed over: 9.2.3.24.1
        return replace(header, damaged="which part of the message it is cannot be")
    return replace(header, reference=reference, part=part, parts=parts)

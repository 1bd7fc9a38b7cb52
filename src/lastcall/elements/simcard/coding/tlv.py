"""Data objects on a card (ISO/IEC 8825-1): in the answer to SELECT, in EF_DIR and in EF_PBR."""

from __future__ import annotations

from collections.abc import Iterator

_FILLER = (0x00, 0xFF)


def tlv(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags of one byte and their values, lengths of up to three bytes; what is cut short is given as far as it goes, filler
    (00 and FF) is passed over."""
    at = 0
    while at < len(raw):
        tag = raw[at]
        at += 1
        if tag in _FILLER:
            continue
        length, at = _length(raw, at)
        yield tag, raw[at : at + length]
        at += length


def _length(raw: bytes, at: int) -> tuple[int, int]:
    if at >= len(raw):
        return 0, at
    if raw[at] < 0x80:
        return raw[at], at + 1
    more = raw[at] & 0x7F
    return int.from_bytes(raw[at + 1 : at + 1 + min(more, 2)], "big"), at + 1 + more

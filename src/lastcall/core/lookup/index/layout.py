"""How the index lies in its file: one header page, the directory, a checksum for each block, then the blocks.

All integers are little-endian. The directory has a block's place for each beginning of a number, or -1. A block holds ten
thousand numbers in a row, each as the pair of :mod:`lastcall.core.lookup.pair`: two unsigned integers of 16 bits, disconnect
first, written and read as one of 32.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from lastcall.core.errors import BadInput

MAGIC: Final = b"LCINDEX\0"
VERSION: Final = 1
PREFIX: Final = "7"
DIGITS: Final = 10
BASE: Final = int(PREFIX) * 10**DIGITS
"""The number whose national digits are all zero."""
BLOCK: Final = 10_000
BLOCK_BYTES: Final = BLOCK * 4
MOST_BLOCKS: Final = 10**DIGITS // BLOCK

PAGE: Final = 4096
LIVE_AT: Final = 2048
"""Where the part of the header begins that changes while the file is in use; it lies within one sector of the disk."""
APPLIED, HEAD, AS_OF, KNOWN_SINCE, OLDEST, SUPERSEDED, DIRTY = range(7)
"""Integers of 64 bits in it: the last event's place, and the beginning of its digest; microseconds since 1970; two days as
``date.toordinal`` (0: none); whether another file has taken this one's place; whether an update is under way, or was broken
off."""
LIVE: Final = 7


def _pages(count: int) -> int:
    return -(-count // PAGE) * PAGE


DIRECTORY_AT: Final = PAGE
CHECKSUMS_AT: Final = DIRECTORY_AT + _pages(4 * MOST_BLOCKS)
BLOCKS_AT: Final = CHECKSUMS_AT + _pages(4 * MOST_BLOCKS)

_FIXED: Final = struct.Struct("<8sIII8s64s32sq")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_REBUILD: Final = "Build it anew: lastcall index build."


@dataclass(frozen=True, slots=True)
class Header:
    """What is fixed when the file is made: the operator's time ``zone``, the digest of our ``ranges``, when it was ``built_at``."""

    zone: str
    ranges: bytes
    built_at: datetime

    def packed(self) -> bytes:
        """The beginning of the file, with its checksum."""
        body = _FIXED.pack(
            MAGIC, VERSION, DIGITS, BLOCK, PREFIX.encode(), self.zone.encode(), self.ranges, micros(self.built_at)
        )
        return body + zlib.crc32(body).to_bytes(4, "little")


def read_header(raw: bytes, *, size: int) -> Header:
    """The header of a file of ``size`` bytes that begins with ``raw``. Raises ``BadInput`` (``bad_index``)."""
    if not raw.startswith(MAGIC) or len(raw) < PAGE:
        raise _bad("it is no index of look-ups")
    _, version, digits, block, prefix, zone, ranges, built_at = _FIXED.unpack_from(raw)
    if version != VERSION:
        raise _bad(f"it is of version {version}, and version {VERSION} is read here")
    if zlib.crc32(raw[: _FIXED.size]) != int.from_bytes(raw[_FIXED.size : _FIXED.size + 4], "little"):
        raise _bad("its header is damaged")
    if (digits, block, prefix.rstrip(b"\0").decode()) != (DIGITS, BLOCK, PREFIX):
        raise _bad("it is of another numbering plan")
    if size < BLOCKS_AT or (size - BLOCKS_AT) % BLOCK_BYTES:
        raise _bad(f"it has {size} bytes, which is not its whole")
    return Header(zone.rstrip(b"\0").decode(), ranges, moment(built_at))


def _bad(what: str) -> BadInput:
    return BadInput(f"the index cannot be used: {what}", code="bad_index", remedy=_REBUILD)


def missing() -> BadInput:
    """There is no such file."""
    return BadInput("there is no index", code="no_index", remedy="Build it: lastcall index build.")


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The moment of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=at)

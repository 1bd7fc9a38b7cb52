"""A file of records as segments of whole records, small enough for any memory."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lastcall.core.lookup.bulk.csv_form import RECORD
from lastcall.core.lookup.bulk.form import MOST_RECORD

SIZE: Final = MOST_RECORD
"""Bytes of a segment, at most."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The bytes from ``begin`` to ``end``; ``too_long``: they are a single record that nobody may read into memory."""

    begin: int
    end: int
    too_long: bool = False


def segments(path: Path, start: int, *, quoted: bool) -> Iterator[Segment]:
    """The segments of the file from ``start``, where a record begins. They depend on the file alone, so that work can be resumed.

    ``quoted``: a line's end between quotation marks ends no record.
    """
    if path.stat().st_size <= start:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        held.madvise(mmap.MADV_SEQUENTIAL)
        at = start
        while at < len(held):
            segment = _next(held, at, quoted)
            yield segment
            at = segment.end


def _next(held: mmap.mmap, at: int, quoted: bool) -> Segment:
    if at + SIZE >= len(held):
        return Segment(at, len(held))
    end = held.rfind(b"\n", at, at + SIZE) + 1
    if not end:
        found = held.find(b"\n", at + SIZE)
        return Segment(at, found + 1 if found >= 0 else len(held), too_long=True)
    if quoted and held.find(b'"', at, end) >= 0:
        end = at + _whole(held[at:end])
    return Segment(at, end)


def _whole(block: bytes) -> int:
    """How much of the block is whole records; at least its first line."""
    if block.count(b'"') % 2 == 0:
        return len(block)
    at = 0
    while at < len(block):
        found = RECORD.match(block, at)
        if found is None:  # the quotation mark is closed behind the block, or never
            return at or block.index(b"\n") + 1
        at = found.end()
    return at

"""How rows are written: what a format of text must know about its records, whoever answers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from lastcall.core.errors import BadInput
from lastcall.core.lookup.bulk.grid import Layout

MOST_RECORD: Final = 1 << 20
"""A record is at most so long, in bytes; one that is longer is answered with ``too_long`` and not kept."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What one record says. ``reason``: why it cannot be answered, or empty."""

    number: str = ""
    day: str = ""
    reason: str = ""


class Form(Protocol):
    """A format of text with one record after the other."""

    @property
    def quoted(self) -> bool:
        """Whether a record may hold line ends, between quotation marks."""

    def layout(self, first: bytes) -> Layout | None:
        """The fixed layout that the first record has, if it is one of those that most files have throughout."""

    def read(self, record: bytes) -> Fields | None:
        """What a record (without its line's end) says; None for an empty line, which is no row."""

    def written(self, record: bytes, answer: str, reason: str) -> bytes:
        """The record with its answer or its reason, without line's end."""

    def suffix(self, answer: str, reason: str) -> bytes:
        """What follows the kept part of a record in a fixed layout, before its tail."""

    def lost(self, reason: str) -> bytes:
        """What stands for a record that is not kept, with a line's end."""


def cannot_read(what: str, *, line: int, remedy: str, code: str = "bad_file") -> BadInput:
    """The file as a whole is not what it was said to be."""
    return BadInput(f"line {line}: {what}", code=code, remedy=remedy)


def parted(record: bytes) -> tuple[bytes, bytes]:
    """A record and its line's end, which may be missing."""
    if record.endswith(b"\r\n"):
        return record[:-2], b"\r\n"
    return (record[:-1], b"\n") if record.endswith(b"\n") else (record, b"")

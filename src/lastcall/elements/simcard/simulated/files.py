"""The files of a card: folders (MF, DF, ADF) and elementary files (3GPP TS 51.011, 6; ETSI TS 102.221, 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

Level = Literal["always", "pin", "pin2", "adm", "never"]
Structure = Literal["transparent", "linear", "cyclic"]
MF: Final = 0x3F00
CURRENT_ADF: Final = 0x7FFF
"""The application that was selected last (TS 102.221, 8.3)."""


@dataclass(frozen=True, slots=True)
class Access:
    """What must be open for what. ``manage``: to invalidate and to rehabilitate it."""

    read: Level = "pin"
    update: Level = "pin"
    increase: Level = "never"
    manage: Level = "adm"


PUBLIC: Final = Access(read="always", update="adm")
FIXED: Final = Access(read="pin", update="adm")
OWN: Final = Access(read="pin", update="pin")
SECOND: Final = Access(read="pin", update="pin2")


@dataclass(slots=True, eq=False)
class File:
    """An elementary file. ``record``: bytes of a record, 0 for a transparent one; a cyclic one keeps its newest record first.

    Two files may share one ``data``, as the phone books of a card's two applications do. Faults: ``told_record`` and
    ``told_size`` are what its header says instead of the truth, ``short``: how many bytes each answer lacks.
    """

    fid: int
    data: bytearray
    access: Access = OWN
    record: int = 0
    cyclic: bool = False
    sfi: int = 0
    invalidated: bool = False
    told_record: int | None = None
    told_size: int | None = None
    short: int = 0
    parent: Folder | None = field(default=None, repr=False)

    @property
    def structure(self) -> Structure:
        if not self.record:
            return "transparent"
        return "cyclic" if self.cyclic else "linear"

    @property
    def count(self) -> int:
        """Of its records."""
        return len(self.data) // self.record if self.record else 0

    @property
    def header_size(self) -> int:
        """Its size as its header gives it."""
        return len(self.data) if self.told_size is None else self.told_size

    @property
    def header_record(self) -> int:
        """The length of a record as its header gives it."""
        return self.record if self.told_record is None else self.told_record

    @property
    def header_count(self) -> int:
        """Of its records, as its header gives it."""
        return min(self.header_size // self.header_record, 255) if self.header_record else 0

    def read_record(self, number: int) -> bytes:
        """Record ``number``, from 1."""
        return bytes(self.data[(number - 1) * self.record : number * self.record])

    def write_record(self, number: int, content: bytes) -> None:
        """Overwrite record ``number``, from 1."""
        self.data[(number - 1) * self.record : number * self.record] = content

    def push_record(self, content: bytes) -> None:
        """Of a cyclic file: the oldest goes, ``content`` becomes record 1."""
        self.data[:] = content + self.data[: -self.record]


@dataclass(slots=True, eq=False)
class Folder:
    """The MF, a DF, or an application (``aid``), with its children in the order in which they were made."""

    fid: int
    aid: bytes = b""
    children: list[File | Folder] = field(default_factory=list, repr=False)
    parent: Folder | None = field(default=None, repr=False)

    def add(self, *children: File | Folder) -> Folder:
        """Put them in; gives the folder itself."""
        for child in children:
            child.parent = self
            self.children.append(child)
        return self

    def child(self, fid: int) -> File | Folder | None:
        """The child of that id; an application has none that others could select it by."""
        return next((child for child in self.children if child.fid == fid and not _is_application(child)), None)

    def folder(self, fid: int) -> Folder | None:
        """The child folder of that id."""
        found = self.child(fid)
        return found if isinstance(found, Folder) else None

    def folders(self) -> list[Folder]:
        return [child for child in self.children if isinstance(child, Folder)]

    def files(self) -> list[File]:
        return [child for child in self.children if isinstance(child, File)]

    def applications(self) -> list[Folder]:
        """The folders with an AID, in order."""
        return [folder for folder in self.folders() if folder.aid]


def _is_application(node: File | Folder) -> bool:
    return isinstance(node, Folder) and bool(node.aid)


def path_of(node: File | Folder) -> str:
    """As ``7F10/6F3A``; the MF alone is ``3F00``."""
    parts: list[str] = []
    walked: File | Folder | None = node
    while walked is not None and walked.fid != MF:
        parts.append(f"{walked.fid:04X}")
        walked = walked.parent
    return "/".join(reversed(parts)) or "3F00"


def walk(folder: Folder) -> Iterator[File]:
    """All files beneath, depth first."""
    for child in folder.children:
        if isinstance(child, File):
            yield child
        else:
            yield from walk(child)

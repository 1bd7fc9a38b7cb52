"""Phone books for tests: the files of DF_PHONEBOOK, record by record (3GPP TS 31.102, 4.4.2)."""

from __future__ import annotations

from collections.abc import Sequence

from lastcall.elements.simcard.coding.records import BookFile
from lastcall.elements.simcard.simulated.card import SimulatedCard
from lastcall.elements.simcard.simulated.files import OWN, File, Folder

from .coding.writing.records import encode_number_record, encode_pbr
from .reading import usim

ADN = BookFile(type=1, kind="ADN", file_id=0x4F3A)
EXT1 = BookFile(type=3, kind="EXT1", file_id=0x4F4A)
ROOM = 20


def records(fid: int, given: Sequence[bytes], *, places: int, length: int) -> File:
    """A file of records, free ones behind those given."""
    raw = b"".join(each.ljust(length, b"\xff") for each in given)
    return File(fid, bytearray(raw.ljust(places * length, b"\xff")), OWN, record=length)


def pbr(*sets: tuple[BookFile, ...]) -> File:
    return records(0x4F30, [encode_pbr(files, room=80) for files in sets], places=len(sets), length=80)


def adn(*lines: tuple[str, str, int], fid: int = 0x4F3A, places: int = 5) -> File:
    given = [encode_number_record(name, number, room_alpha=ROOM, extension=ext) for name, number, ext in lines]
    return records(fid, given, places=places, length=ROOM + 14)


def book(*children: File | Folder) -> SimulatedCard:
    return usim(book=Folder(0x5F3A).add(*children))

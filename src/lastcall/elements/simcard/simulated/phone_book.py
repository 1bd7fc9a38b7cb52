"""A USIM's own phone book: names with further numbers, mail addresses, second names and groups (3GPP TS 31.102, 4.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from . import written
from .files import FIXED, OWN, File, Folder
from .headers import tlv
from .written import Line

_ROOM: Final = 18
_MAIL: Final = 32
_FREE: Final = 0xFF


@dataclass(frozen=True, slots=True)
class Person:
    """``more``: a further number with the place of its label in EF_AAS; ``groups``: places in EF_GAS."""

    line: Line
    more: tuple[str, int] | None = None
    mail: str = ""
    second_name: str = ""
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The file ids of one set of files, one record of EF_PBR."""

    adn: int
    iap: int
    control: int
    group: int
    further: int
    mail: int
    second: int
    sfi: int


SETS: Final = (
    Files(0x4F3A, 0x4F25, 0x4F09, 0x4F26, 0x4F11, 0x4F50, 0x4F1B, 0x01),
    Files(0x4F3B, 0x4F27, 0x4F0A, 0x4F28, 0x4F12, 0x4F51, 0x4F1C, 0x03),
)
_EXT1, _LABELS, _GROUPS = 0x4F4A, 0x4F4B, 0x4F4C


def rich_book(sets: Sequence[Sequence[Person]], *, labels: Sequence[str], groups: Sequence[str], places: int) -> Folder:
    """DF_PHONEBOOK with up to two sets of ``places`` entries; mails and second names are few, and found through EF_IAP."""
    folder = Folder(0x5F3A)
    directory = b"".join(_references(files).ljust(64, b"\xff") for files, _ in zip(SETS, sets, strict=False))
    folder.add(File(0x4F30, bytearray(directory), FIXED, record=64))
    extensions = b""
    for files, people in zip(SETS, sets, strict=False):
        extensions = _add_set(folder, files, people, places, extensions)
    folder.add(
        File(_EXT1, written.filled_extensions(extensions, 5), OWN, record=13, sfi=0x02),
        File(_LABELS, _texts(labels, 12), OWN, record=12),
        File(_GROUPS, _texts(groups, 14), OWN, record=14),
        File(0x4F22, bytearray(b"\x00\x00\x00\x07"), OWN),
        File(0x4F23, bytearray(b"\x00\x09"), OWN),
    )
    return folder


def _add_set(folder: Folder, files: Files, people: Sequence[Person], places: int, before: bytes) -> bytes:
    """Gives the extension records, with those of this set behind those from ``before``."""
    entries, further, control, grouped = bytearray(), bytearray(), bytearray(), bytearray()
    index, mails, seconds, extensions = bytearray(), bytearray(), bytearray(), before
    for place, person in enumerate(people, start=1):
        tail = written.dialled(person.line.number)[1][20:]
        extension = len(extensions) // 13 + 1 if tail else _FREE
        extensions += written.extension_record(tail) if tail else b""
        entries += written.number_record(
            written.alpha(person.line.name, person.line.form), person.line.number, room=_ROOM, extension=extension
        )
        further += _further(person)
        control += b"\x00\x00"
        grouped += bytes(person.groups).ljust(3, b"\x00")
        index += bytes([_attach(mails, written.gsm(person.mail), _MAIL, files.sfi, place)])
        second = written.alpha(person.second_name) if person.second_name else b""
        index += bytes([_attach(seconds, second, _ROOM, files.sfi, place)])
    folder.add(
        File(files.adn, written.filled(entries, places, _ROOM + 14), OWN, record=_ROOM + 14, sfi=files.sfi),
        File(files.iap, written.filled(index, places, 2), OWN, record=2),
        File(files.control, bytearray(control.ljust(places * 2, b"\x00")), OWN, record=2),
        File(files.group, bytearray(grouped.ljust(places * 3, b"\x00")), OWN, record=3),
        File(files.further, written.filled(further, places, 15), OWN, record=15),
        File(files.mail, written.filled(mails, 5, _MAIL + 2), OWN, record=_MAIL + 2),
        File(files.second, written.filled(seconds, 5, _ROOM + 2), OWN, record=_ROOM + 2),
    )
    return extensions


def _attach(records: bytearray, content: bytes, room: int, sfi: int, place: int) -> int:
    """Add a record of type 2, which names its entry, and give its place; ``FF`` when there is nothing to add."""
    if not content:
        return _FREE
    records += content[:room].ljust(room, b"\xff") + bytes([sfi, place])
    return len(records) // (room + 2)


def _further(person: Person) -> bytes:
    """EF_ANR (4.4.2.9), of type 1: label, length, type, number, capability, extension."""
    if person.more is None:
        return b"\xff" * 15
    number, label = person.more
    return bytes([label]) + written.number_record(b"", number, room=0)


def _references(files: Files) -> bytes:
    """One record of EF_PBR (4.4.2.1)."""
    first = _reference(0xC0, files.adn, files.sfi) + _reference(0xC1, files.iap) + _reference(0xC4, files.further)
    first += _reference(0xC5, files.control) + _reference(0xC6, files.group)
    linked = _reference(0xCA, files.mail) + _reference(0xC3, files.second)
    shared = _reference(0xC2, _EXT1, 0x02) + _reference(0xC7, _LABELS) + _reference(0xC8, _GROUPS)
    return tlv(0xA8, first) + tlv(0xA9, linked) + tlv(0xAA, shared)


def _reference(tag: int, fid: int, sfi: int | None = None) -> bytes:
    return tlv(tag, fid.to_bytes(2, "big") + (bytes([sfi]) if sfi else b""))


def _texts(texts: Sequence[str], length: int) -> bytearray:
    records = b"".join(written.alpha(text)[:length].ljust(length, b"\xff") for text in texts)
    return written.filled(records, 4, length)

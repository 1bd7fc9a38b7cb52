"""The records of a card's lists of numbers (3GPP TS 51.011, 10.5) and of a USIM's phone book (TS 31.102, 4.4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from lastcall.elements.simcard.coding import alpha, digits
from lastcall.elements.simcard.coding.shown import Text, about, listed
from lastcall.elements.simcard.coding.tlv import tlv

NONE: Final = 0xFF
"""No capability, no extension, no record."""

_TAIL = 14
_NUMBER = 11
"""Type of number and ten bytes of digits."""
_EXTENSION = 13
_CUT = "cut short"
_LENGTH = "the length of the number is impossible"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord:
    """One record of EF_ADN, EF_FDN, EF_SDN, EF_LND or EF_MSISDN.

    ``number``: as :class:`~lastcall.elements.simcard.coding.digits.Dialled`; ``capability``: record of EF_CCP, 255 none;
    ``extension``: record of EF_EXT1 (2, 3) with the rest of the number, 0 none; ``empty``: nothing is stored here.
    """

    name: str
    number: str
    capability: int = NONE
    extension: int = 0
    empty: bool = False
    damaged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnotherNumber:
    """One record of EF_ANR (TS 31.102, 4.4.2.9). ``label``: record of EF_AAS, 0 none; ``entry``: record of EF_ADN where the
    file says so (type 2), else 0; the rest as :class:`NumberRecord`."""

    number: str
    label: int = 0
    capability: int = NONE
    extension: int = 0
    entry: int = 0
    empty: bool = False
    damaged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One record of EF_SNE or EF_EMAIL (TS 31.102, 4.4.2.10 and 4.4.2.13). ``entry``: as :class:`AnotherNumber`."""

    text: str
    entry: int = 0
    empty: bool = False
    damaged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One record of EF_EXT1, EXT2 or EXT3. ``digits``: the number goes on with them; ``next``: the record after this, 0 none."""

    kind: Literal["digits", "subaddress", "none"]
    digits: str = ""
    next: int = 0
    damaged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookFile:
    """A file of the phone book. ``type``: 1 (its records stand beside those of EF_ADN), 2 (found through EF_IAP, in the order of
    these), 3 (found through a record number); ``sfi``: its short identifier, None without one."""

    type: Literal[1, 2, 3]
    kind: str
    file_id: int
    sfi: int | None = None


BOOK_KINDS: Final = {
    0xC0: "ADN", 0xC1: "IAP", 0xC2: "EXT1", 0xC3: "SNE", 0xC4: "ANR", 0xC5: "PBC", 0xC6: "GRP",
    0xC7: "AAS", 0xC8: "GAS", 0xC9: "UID", 0xCA: "EMAIL", 0xCB: "CCP1", 0xCC: "PURI",
}  # fmt: skip
"""TS 31.102, 4.4.2.1, table 4.3; the tag of a kind this table does not have is given as ``?``."""
_TYPES: Final[dict[int, Literal[1, 2, 3]]] = {0xA8: 1, 0xA9: 2, 0xAA: 3}


def decode_number_record(raw: bytes) -> NumberRecord:
    """A name of any room and fourteen bytes behind it (TS 51.011, 10.5.1).

    Damaged: a record under fourteen bytes, a length that is impossible, and what the name and the number say of themselves.
    """
    if _unused(raw):
        return NumberRecord(name="", number="", empty=True)
    if len(raw) < _TAIL:
        return NumberRecord(name="", number="", damaged=_CUT)
    name, tail = alpha.decode(raw[:-_TAIL]), raw[-_TAIL:]
    number = _number(tail[0], tail[1:12])
    empty = not name.text and not number.number and not name.damaged and not number.damaged
    return NumberRecord(
        name=name.text,
        number=number.number,
        capability=tail[12],
        extension=_pointer(tail[13]),
        empty=empty,
        damaged=listed(about("name", name.damaged), about("number", number.damaged)),
    )


def decode_extension(raw: bytes) -> Extension:
    """Thirteen bytes (TS 51.011, 10.5.10). A subaddress is named and not read."""
    if _unused(raw):
        return Extension(kind="none")
    if len(raw) < _EXTENSION:
        return Extension(kind="none", damaged=_CUT)
    following = _pointer(raw[12])
    match raw[0]:
        case 1:
            return Extension(kind="subaddress", next=following)
        case 2 if raw[1] <= 10:
            number, damaged = digits.digits_of(digits.halves(raw[2 : 2 + raw[1]]))
            return Extension(kind="digits", digits=number, next=following, damaged=damaged)
        case 2:
            number, _ = digits.digits_of(digits.halves(raw[2:12]))
            return Extension(kind="digits", digits=number, next=following, damaged=_LENGTH)
    return Extension(kind="none", damaged="an extension of no known kind")


def decode_anr(raw: bytes) -> AnotherNumber:
    """Fifteen bytes, or seventeen where the file is of type 2 (TS 31.102, 4.4.2.9)."""
    if _unused(raw):
        return AnotherNumber(number="", empty=True)
    if len(raw) < 15:
        return AnotherNumber(number="", damaged=_CUT)
    number = _number(raw[1], raw[2:13])
    return AnotherNumber(
        number=number.number,
        label=_pointer(raw[0]),
        capability=raw[13],
        extension=_pointer(raw[14]),
        entry=_pointer(raw[16]) if len(raw) >= 17 else 0,
        empty=not number.number and not number.damaged,
        damaged=number.damaged,
    )


def decode_named(raw: bytes, *, indexed: bool) -> Named:
    """A second name or an e-mail address; ``indexed``: the file is of type 2, and two bytes at the end name the entry
    (TS 31.102, 4.4.2.10 and 4.4.2.13)."""
    if _unused(raw):
        return Named(text="", empty=True)
    if indexed and len(raw) < 2:
        return Named(text="", damaged=_CUT)
    text = alpha.decode(raw[:-2] if indexed else raw)
    entry = _pointer(raw[-1]) if indexed else 0
    return Named(text=text.text, entry=entry, empty=not text.text and not text.damaged, damaged=text.damaged)


def decode_label(raw: bytes) -> Text:
    """A record of EF_GAS or EF_AAS: what a group, or an additional number, is called (TS 31.102, 4.4.2.7 and 4.4.2.8)."""
    return alpha.decode(raw)


def decode_groups(raw: bytes) -> tuple[int, ...]:
    """A record of EF_GRP: the records of EF_GAS the entry belongs to (TS 31.102, 4.4.2.6)."""
    return tuple(dict.fromkeys(group for group in raw if _pointer(group)))


def decode_iap(raw: bytes) -> tuple[int, ...]:
    """A record of EF_IAP: for each file of type 2, in their order, the record that belongs to the entry, 0 none
    (TS 31.102, 4.4.2.2)."""
    return tuple(_pointer(record) for record in raw)


def decode_pbr(raw: bytes) -> tuple[BookFile, ...]:
    """A record of EF_PBR: the files of one set of the phone book, in its order (TS 31.102, 4.4.2.1).

    What is no template of its own (A8, A9, AA) is passed over; a file without identifier is left out.
    """
    return tuple(file for tag, value in tlv(raw) if tag in _TYPES for file in _files(_TYPES[tag], value))


def _number(length: int, octets: bytes) -> digits.Dialled:
    """``octets``: the type of number and ten bytes of digits; ``length`` counts both."""
    if length in {0, NONE}:
        return digits.Dialled("")
    if length > _NUMBER:
        read = digits.dialled(octets[0], octets[1:])
        return digits.Dialled(read.number, listed(_LENGTH, read.damaged))
    return digits.dialled(octets[0], octets[1:length])


def _pointer(record: int) -> int:
    return 0 if record == NONE else record


def _unused(raw: bytes) -> bool:
    """Never written (FF), or wiped with zeros, as some telephones do."""
    return bool(raw) and (raw.count(0xFF) == len(raw) or raw.count(0) == len(raw))


def _files(kind: Literal[1, 2, 3], value: bytes) -> Iterator[BookFile]:
    for tag, body in tlv(value):
        if len(body) >= 2:
            sfi = body[2] if len(body) > 2 else None
            yield BookFile(type=kind, kind=BOOK_KINDS.get(tag, "?"), file_id=int.from_bytes(body[:2], "big"), sfi=sfi)

"""What a card says of a file that was selected: how it is made, how long, and how the PIN stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from .coding.tlv import tlv

Structure = Literal["directory", "transparent", "records", "unknown"]

MOST_RECORDS: Final = 254
"""Of one file (3GPP TS 51.011, 6.4.2)."""
_GSM_STRUCTURES: Final[dict[int, Structure]] = {0: "transparent", 1: "records", 3: "records"}
_GSM_DIRECTORIES: Final = (0x01, 0x02)
_GSM_FILE: Final = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A PIN as the card names it: ``reference`` (ETSI TS 102.221, 9.5.1), whether it is asked for, None where unsaid."""

    reference: int
    enabled: bool | None
    used: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``size``: of the contents in bytes, ``length``: of a record, ``records``: how many; 0 where the card does not say.

    ``sure``: the three fit together. ``enabled``, ``tries``, ``puk_tries``: of the PIN
    (class A0); ``keys``: the PINs (class 00); both of directories.
    """

    structure: Structure = "unknown"
    size: int = 0
    length: int = 0
    records: int = 0
    sure: bool = False
    enabled: bool | None = None
    tries: int | None = None
    puk_tries: int | None = None
    keys: tuple[Key, ...] = ()


def read_gsm(raw: bytes) -> Found:
    """The answer to SELECT in class A0 (3GPP TS 51.011, 9.2.1). Never raises: what is missing is unknown."""
    if len(raw) < 7:
        return Found()
    if raw[6] in _GSM_DIRECTORIES:
        return _gsm_directory(raw)
    if raw[6] != _GSM_FILE:
        return Found()
    size = int.from_bytes(raw[2:4], "big")
    structure = _GSM_STRUCTURES.get(raw[13], "unknown") if len(raw) > 13 else "unknown"
    length = raw[14] if len(raw) > 14 else 0
    if structure == "transparent":
        return Found(structure=structure, size=size, sure=size > 0)
    return _of_records(size=size, length=length, records=0)


def read_fcp(raw: bytes) -> Found:
    """The file control parameters of class 00 (ETSI TS 102.221, 11.1.1.3). Never raises: what is missing is unknown."""
    outer = next(tlv(raw), None)
    parts = list(tlv(outer[1])) if outer is not None and outer[0] == 0x62 else []
    first: dict[int, bytes] = {}
    for tag, value in parts:
        first.setdefault(tag, value)
    descriptor = first.get(0x82, b"")
    kind = descriptor[0] & 0x3F if descriptor else 0xFF
    if kind == 0x38:
        return Found(structure="directory", keys=_keys(first.get(0xC6, b"")))
    size = int.from_bytes(first.get(0x80, b"")[:4], "big")
    if kind & 0x07 == 0x01:
        return Found(structure="transparent", size=size, sure=size > 0)
    length = int.from_bytes(descriptor[2:4], "big") if len(descriptor) >= 4 else 0
    records = descriptor[4] if len(descriptor) > 4 else 0
    length = length if length <= 255 else 0
    # A card that leaves the size out says no less: its records are as many and as long as its descriptor tells.
    return _of_records(size=size if 0x80 in first else length * records, length=length, records=records)


def _gsm_directory(raw: bytes) -> Found:
    if len(raw) < 20:
        return Found(structure="directory")
    known, puk_known = bool(raw[18] & 0x80), bool(raw[19] & 0x80)
    return Found(
        structure="directory",
        enabled=not raw[13] & 0x80,
        tries=raw[18] & 0x0F if known else None,
        puk_tries=raw[19] & 0x0F if puk_known else None,
    )


def _of_records(*, size: int, length: int, records: int) -> Found:
    fits = length > 0 and size % length == 0 and (not records or records == size // length)
    count = records or (size // length if length else 0)
    return Found(
        structure="records", size=size, length=length, records=min(count, MOST_RECORDS),
        sure=fits and 0 < count <= MOST_RECORDS,
    )  # fmt: skip


def _keys(template: bytes) -> tuple[Key, ...]:
    """The PIN status template (ETSI TS 102.221, 11.1.1.4.10): bits in the order of the key references."""
    bits, used = b"", True
    found: list[Key] = []
    for tag, value in tlv(template):
        if tag == 0x90:
            bits = value
        elif tag == 0x95:
            used = bool(value and value[0] & 0x08)
        elif tag == 0x83 and value:
            found.append(Key(reference=value[0], enabled=_bit(bits, len(found)), used=used))
            used = True
    return tuple(found)


def _bit(bits: bytes, at: int) -> bool | None:
    return bool(bits[at // 8] & (0x80 >> at % 8)) if at // 8 < len(bits) else None

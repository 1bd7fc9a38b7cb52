"""File control parameters: what a UICC says of a file when it is selected (ETSI TS 102.221, 11.1.1.3 and 11.1.1.4)."""

from __future__ import annotations

from typing import Final

from .files import Access, File, Folder, Level
from .pins import Pin

RULES_FILE: Final = 0x2F06
"""EF_ARR under the MF, which holds :data:`RULES`."""
_KEYS: Final[dict[Level, int]] = {"pin": 0x01, "pin2": 0x81, "adm": 0x0A}
_READ, _UPDATE, _MANAGE, _INCREASE = 0x01, 0x02, 0x18, 0x32
_STRUCTURES: Final = {"transparent": 0x41, "linear": 0x42, "cyclic": 0x46}
_LINEAR_OR_CYCLIC_CODING = 0x21
RULES: Final = (
    Access(read="always", update="adm"),
    Access(read="pin", update="adm"),
    Access(read="pin", update="pin"),
    Access(read="pin", update="pin2"),
    Access(read="always", update="pin"),
)
"""The records of EF_ARR, from 1: how the files of a card may be accessed."""


def file_template(file: File) -> bytes:
    """The FCP template of an EF."""
    descriptor = bytes([_STRUCTURES[file.structure], _LINEAR_OR_CYCLIC_CODING])
    if file.record:
        descriptor += file.header_record.to_bytes(2, "big") + bytes([file.header_count])
    body = tlv(0x82, descriptor) + tlv(0x83, file.fid.to_bytes(2, "big"))
    body += tlv(0x8A, b"\x04" if file.invalidated else b"\x05") + tlv(0x8B, _rule(file.access))
    body += tlv(0x80, file.header_size.to_bytes(2, "big")) + tlv(0x88, bytes([file.sfi << 3]) if file.sfi else b"")
    return tlv(0x62, body)


def folder_template(folder: Folder, pins: dict[int, Pin]) -> bytes:
    """The FCP template of the MF, a DF or an ADF, with the state of its PINs (9.5.2)."""
    body = tlv(0x82, bytes([0x78, 0x21])) + tlv(0x83, folder.fid.to_bytes(2, "big"))
    body += tlv(0x84, folder.aid) if folder.aid else b""
    body += tlv(0xA5, tlv(0x80, b"\x71") + tlv(0x83, b"\x00\x0b\xb8")) + tlv(0x8A, b"\x05")
    body += tlv(0x8B, _rule(RULES[0])) + tlv(0xC6, _pin_status(pins))
    return tlv(0x62, body)


def rule_record(access: Access) -> bytes:
    """One record of EF_ARR: an access mode, then what it asks for (9.2.4)."""
    modes: tuple[tuple[int, Level], ...] = ((_READ, access.read), (_UPDATE, access.update), (_MANAGE, access.manage))
    return b"".join(tlv(0x80, bytes([mode])) + _condition(level) for mode, level in modes)


def tlv(tag: int, value: bytes) -> bytes:
    """A tag of one byte, a length of one or two (ISO/IEC 7816-4, 5.2.2)."""
    length = bytes([len(value)]) if len(value) < 0x80 else bytes([0x81, len(value)])
    return bytes([tag]) + length + value


def _condition(level: Level) -> bytes:
    if level == "always":
        return tlv(0x90, b"")
    if level == "never":
        return tlv(0x97, b"")
    return tlv(0xA4, tlv(0x83, bytes([_KEYS[level]])) + tlv(0x95, b"\x08"))


def _rule(access: Access) -> bytes:
    plain = Access(read=access.read, update=access.update)
    return RULES_FILE.to_bytes(2, "big") + bytes([RULES.index(plain) + 1])


def _pin_status(keys: dict[int, Pin]) -> bytes:
    """PS_DO, one bit a key in the order of the keys (9.5.2); the universal PIN's usage goes before its reference."""
    bits, references = 0, b""
    for place, (key, pin) in enumerate(keys.items()):
        bits |= (0x80 >> place) if pin.enabled else 0
        usage = tlv(0x95, b"\x08" if keys[0x01].replaced else b"\x00") if key == 0x11 else b""
        references += usage + tlv(0x83, bytes([key]))
    return tlv(0x90, bytes([bits])) + references

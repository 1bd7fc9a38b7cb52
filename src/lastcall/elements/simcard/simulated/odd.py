"""What should not stand on a card and does: cut, lying and looping records, as they come from broken phones and worn cards."""

from __future__ import annotations

from typing import Final

from . import people, written
from .written import READ, SMS_RECORD, UNREAD, Line, Rung, Text

CENTRE: Final = "+79430000001"
ROOM: Final = 18
NUMBERS: Final = (
    Line("International", "+79430005001", ton_npi=0x91),
    Line("Unknown type", "89430005002", ton_npi=0x81),
    Line("National", "9430005003", ton_npi=0xA1),
    Line("Network's own", "943", ton_npi=0xB1),
    Line("Local", "0005004", ton_npi=0xC1),
    Line("Abbreviated", "0943", ton_npi=0xE1),
    Line("Private plan", "943000", ton_npi=0x99),
    Line("No plan at all", "943001", ton_npi=0x80),
    Line("Ten digits", "9430005005"),
    Line("One digit", "9"),
    Line("Twenty digits", "+79430005006000000001"[:21]),
    Line("Twenty-one", "+794300050070000000012"),
    Line("Forty-four", "+79430005008123456789012345678901234567890123"),
    Line("Pause", "+79430005009p123p4"),
    Line("Balance", "*943#"),
    Line("Any digit", "9430005??0"),
    Line("", "+79430005010"),
    Line("No number", ""),
)
"""``Twenty-one`` goes on in EF_EXT1, ``Forty-four`` in two records of it."""


def calls() -> tuple[Rung, ...]:
    """Calls of which the telephone wrote down less than it could: no number, no offset, no time, no duration, nothing spoken."""
    return (
        Rung("", "", people.at(9, 10, 0), 35),
        Rung("Ирина 🌷", "+79430005021", people.at(8, 10, 0).replace(tzinfo=None), None),
        Rung("王玉", "+79430005022", None, 90),
        Rung("Short", "0943", people.at(7, 10, 0, people.NEWFOUNDLAND), 0, answered=False),
        Rung("Only a number", "+79430005023"),
    )


def loose_numbers(extensions: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Records of EF_ADN that lie, and the last records of an EF_EXT1 of ``extensions`` records that they lead to."""
    loop, subaddress, last = extensions - 2, extensions - 1, extensions
    book = (
        _entry("Loops", extension=loop),
        _entry("Subaddress", extension=subaddress),
        _entry("Nowhere", extension=0x7F),
        _entry("Free one", extension=last),
        _raw("Length 12", bytes([12, 0x91]) + b"\x97\x34\x00\x00\x50\x11\xff\xff\xff\xff"),
        _raw("Length 0", bytes([0, 0x91]) + b"\x97\x34\x00\x00\x50\x12\xff\xff\xff\xff"),
        _raw("Bad nibbles", bytes([7, 0x91]) + b"\x97\xf4\xee\x0f\x50\x13\xff\xff\xff\xff"),
        _raw("Letters", bytes([6, 0xD0]) + written.packed7("Demo5")[1].ljust(10, b"\xff")),
    )
    ends = (
        written.extension_record("0" * 4, after=loop),
        bytes([1, 5, 0xA0, 0x50, 0x01, 0x02, 0x03]) + b"\xff" * 6,
        b"\x00" + b"\xff" * 12,
    )
    return book, ends


def damaged_names() -> tuple[bytes, ...]:
    """Names whose lengths and pairs do not hold."""
    number = written.number_record(b"", "+79430005020", room=0)
    names = (
        b"\x81\x40\x08\xb0\xb1\xb2",
        b"\x82\x0c\x04\x30",
        b"\x81\x05",
        b"\x80" + "Мама".encode("utf-16-be") + b"\x04",
        b"\x80\xd8\x3d\xff\xff",
        b"Anna\x1b",
        b"\x80",
        b"Two\xffnames\xff",
    )
    return tuple(name[:ROOM].ljust(ROOM, b"\xff") + number for name in names)


def damaged_texts() -> tuple[bytes, ...]:
    """Records of EF_SMS that end too early, or say that they go on beyond their end."""
    good = written.sms_record(
        READ, CENTRE, written.tpdu(_text("Целое сообщение"), *written.user_data("Целое сообщение"))
    )
    lie = bytearray(good)
    lie[len(good.rstrip(b"\xff")) - 2 * len("Целое сообщение") - 1] = 0xFE
    head = 1 + 8
    return (
        good[:40].ljust(SMS_RECORD, b"\xff"),
        bytes(lie),
        good[: head + 4].ljust(SMS_RECORD, b"\xff"),
        bytes([READ, 0xFF]) + b"\xff" * (SMS_RECORD - 2),
        bytes([READ, 0x0C]) + good[2:],
        b"\x01" + b"\x00" * (SMS_RECORD - 1),
        bytes([UNREAD]) + good[1 : head + 1] + b"\xff" + good[head + 2 :],
        _no_such_time(),
        _header_too_long(),
        written.sms_record(READ, CENTRE, written.tpdu(_text("?"), 0x04, bytes([4]) + b"\x00\x01\x02\xff")),
        written.sms_record(READ, CENTRE, written.tpdu(_text("?"), 0x20, bytes([3]) + b"\x41\x42\x43")),
        b"\x1d" + good[1:],
    )


def lone_parts() -> tuple[bytes, ...]:
    """Parts two of three and one of two of long messages whose others are not there, and one with a 16-bit reference."""
    wide = written.tpdu(_text(""), *written.user_data("Вторая часть", bytes([6, 8, 4, 1, 44, 2, 2])), header=True)
    return (_part("Середина", 33, 3, 2), _part("Начало ", 34, 2, 1), written.sms_record(READ, CENTRE, wide))


def split_pair() -> tuple[bytes, ...]:
    """A long message whose two parts each hold one half of a panda."""
    body = ("Смотри: 🐼! " + "👍🏽" * 3).encode("utf-16-be")
    cut = body.index("🐼".encode("utf-16-be")) + 2
    parts = []
    for number, piece in enumerate((body[:cut], body[cut:]), start=1):
        data = bytes([5, 0, 3, 77, 2, number]) + piece
        tpdu = written.tpdu(_text(""), 0x08, bytes([len(data)]) + data, header=True)
        parts.append(written.sms_record(READ, CENTRE, tpdu))
    return tuple(parts)


def _entry(name: str, *, extension: int) -> bytes:
    return written.number_record(written.gsm(name), "+79430005030000000001"[:21], room=ROOM, extension=extension)


def _raw(name: str, number: bytes) -> bytes:
    return written.gsm(name).ljust(ROOM, b"\xff") + number + b"\xff\xff"


def _text(text: str) -> Text:
    return Text(READ, "+79430003003", text, people.at(15, 12, 0))


def _part(text: str, reference: int, parts: int, part: int) -> bytes:
    data = written.user_data(text, bytes([5, 0, 3, reference, parts, part]))
    return written.sms_record(READ, CENTRE, written.tpdu(_text(text), *data, header=True))


def _no_such_time() -> bytes:
    body = bytearray(written.tpdu(_text("Когда?"), *written.user_data("Когда?")))
    start = body.index(written.stamp(people.at(15, 12, 0)))
    body[start : start + 7] = written.swapped("25139961616199", 7)
    return written.sms_record(READ, CENTRE, bytes(body))


def _header_too_long() -> bytes:
    return written.sms_record(
        READ, CENTRE, written.tpdu(_text(""), 0x08, bytes([6, 200]) + b"\x00\x03\x01\x02\x01", header=True)
    )

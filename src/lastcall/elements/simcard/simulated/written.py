"""What is written on a card: its bytes, made here by small encoders of their own, so that a stand-in's card does not agree with our
decoders merely because both come from one hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

Form = Literal["gsm", "80", "81", "82", "auto"]
"""Of an alpha identifier (ETSI TS 102.221, annex A); ``auto``: the shortest that holds the text."""
EMPTY: Final = 0xFF
_DIGITS: Final = "0123456789*#p?"
_ALPHABET: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = {"^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
"""3GPP TS 23.038, 6.2.1: the default alphabet and its extension."""
INTERNATIONAL, UNKNOWN, NATIONAL, SHORT_CODE = 0x91, 0x81, 0xA1, 0xE1
SMS_RECORD: Final = 176
_PART_UCS2, _PART_GSM = 67, 153


def swapped(digits: str, length: int) -> bytes:
    """Digits two a byte, the first in the low nibble, ``F`` behind the last (3GPP TS 24.008, 10.5.4.7)."""
    nibbles = [_DIGITS.index(digit) for digit in digits] + [0xF] * (2 * length - len(digits))
    return bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))


def iccid(digits: str) -> bytes:
    """EF_ICCID, ten bytes (TS 51.011, 10.1.1); letters A to F stand as they are."""
    filled = digits.ljust(20, "F")
    return bytes.fromhex("".join(high + low for low, high in zip(filled[::2], filled[1::2], strict=True)))


def imsi(digits: str) -> bytes:
    """EF_IMSI, nine bytes: length, then the parity nibble and the digits (TS 51.011, 10.3.2)."""
    odd = len(digits) % 2
    nibbles = [9 if odd else 1, *map(int, digits)] + ([] if odd else [0xF])
    packed = bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    return (bytes([len(packed)]) + packed).ljust(9, b"\xff")


def gsm(text: str) -> bytes:
    """One character a byte, or two with the escape."""
    return b"".join(bytes([0x1B, _ESCAPED[c]]) if c in _ESCAPED else bytes([_ALPHABET.index(c)]) for c in text)


def alpha(text: str, form: Form = "auto") -> bytes:
    """An alpha identifier, without padding."""
    if form == "auto":
        form = _shortest(text)
    if form == "gsm":
        return gsm(text)
    if form == "80":
        return b"\x80" + text.encode("utf-16-be")
    base = _base(text) if form == "81" else min(ord(c) for c in text if not _is_gsm(c))
    head = bytes([0x81, len(text), base >> 7]) if form == "81" else bytes([0x82, len(text)]) + base.to_bytes(2, "big")
    return head + bytes(gsm(c)[0] if _is_gsm(c) else 0x80 | (ord(c) - base) for c in text)


def dialled(number: str, ton_npi: int | None = None) -> tuple[int, str]:
    """Type of number and numbering plan, and the digits alone."""
    digits = number.removeprefix("+")
    if ton_npi is None:
        ton_npi = INTERNATIONAL if number.startswith("+") else UNKNOWN
    return ton_npi, digits


def number_record(name: bytes, number: str, *, room: int, ton_npi: int | None = None, extension: int = EMPTY) -> bytes:
    """EF_ADN and its kin (TS 51.011, 10.5.1): ``room`` bytes of name, then fourteen. Of a long number the first twenty digits."""
    ton, digits = dialled(number, ton_npi)
    packed = swapped(digits[:20], (min(len(digits), 20) + 1) // 2)
    head = bytes([len(packed) + 1, ton]) if packed else b"\xff\xff"
    return name[:room].ljust(room, b"\xff") + head + packed.ljust(10, b"\xff") + bytes([EMPTY, extension])


def extension_record(digits: str, *, after: int = EMPTY) -> bytes:
    """EF_EXT1: up to twenty more digits, and the record that goes on (TS 51.011, 10.5.10)."""
    packed = swapped(digits, (len(digits) + 1) // 2)
    return bytes([2, len(packed)]) + packed.ljust(10, b"\xff") + bytes([after])


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list of numbers as it is to stand on the card."""

    name: str
    number: str
    form: Form = "auto"
    ton_npi: int | None = None


def book(lines: Sequence[Line], *, places: int, room: int, extensions: int = 10) -> tuple[bytearray, bytearray]:
    """A list of numbers and its extension file: as many records as there are ``places`` and ``extensions``."""
    records, more = bytearray(), bytearray()
    for line in lines:
        tail = dialled(line.number)[1][20:]
        chunks = [tail[start : start + 20] for start in range(0, len(tail), 20)]
        first = len(more) // 13 + 1 if chunks else EMPTY
        for place, chunk in enumerate(chunks, start=first):
            more += extension_record(chunk, after=EMPTY if place == first + len(chunks) - 1 else place + 1)
        name = alpha(line.name, line.form)
        records += number_record(name, line.number, room=room, ton_npi=line.ton_npi, extension=first)
    return filled(records, places, room + 14), filled_extensions(more, extensions)


@dataclass(frozen=True, slots=True)
class Rung:
    """A call as it is to stand on the card. ``number``: empty where it was withheld; ``at``: without an offset where the telephone
    knew none; ``seconds``: None where it did not count; ``answered``: of one that was received."""

    name: str
    number: str
    at: datetime | None = None
    seconds: int | None = None
    answered: bool = True


def call_record(call: Rung, *, room: int, received: bool) -> bytes:
    """A record of EF_ICI or EF_OCI, without a link to the phone book (TS 31.102, 4.2.33 and 4.2.34)."""
    head = number_record(alpha(call.name) if call.name else b"", call.number, room=room)
    at = b"\xff" * 7 if call.at is None else stamp(call.at)
    if call.at is not None and call.at.tzinfo is None:
        at = at[:6] + b"\xff"
    lasted = b"\xff" * 3 if call.seconds is None else call.seconds.to_bytes(3, "big")
    return head + at + lasted + (bytes([call.answered]) if received else b"") + b"\xff" * 3


def free_call_record(*, room: int) -> bytes:
    """A record of EF_ICI as it comes from the factory (TS 31.102, annex E)."""
    return b"\xff" * (room + 14 + 7) + bytes.fromhex("0000000001FFFF")


def filled(records: bytes | bytearray, places: int, length: int) -> bytearray:
    """Free records behind those that are used."""
    return bytearray(records.ljust(places * length, b"\xff"))


def filled_extensions(records: bytes | bytearray, places: int) -> bytearray:
    """A free extension record is of no type (TS 51.011, 10.5.10)."""
    free = b"\x00" + b"\xff" * 12
    return bytearray(records + free * (places - len(records) // 13))


def packed7(text: str, *, skip: int = 0) -> tuple[int, bytes]:
    """Septets in octets, beginning ``skip`` bits into the first (TS 23.038, 6.1.2.1). Gives their number too."""
    septets = gsm(text)
    bits = 0
    for place, septet in enumerate(septets):
        bits |= septet << (skip + 7 * place)
    return len(septets), bits.to_bytes((skip + 7 * len(septets) + 7) // 8, "little")


def party(who: str, ton_npi: int | None = None) -> bytes:
    """An address of a TPDU: a number, or letters (TS 23.040, 9.1.2.5)."""
    if who.lstrip("+").strip("0123456789*#"):
        count, packed = packed7(who)
        return bytes([(count * 7 + 3) // 4, 0xD0]) + packed
    ton, digits = dialled(who, ton_npi)
    return bytes([len(digits), ton]) + swapped(digits, (len(digits) + 1) // 2)


def centre(number: str) -> bytes:
    """The service centre's address as it stands before a TPDU (TS 51.011, 10.5.3)."""
    if not number:
        return b"\x00"
    ton, digits = dialled(number)
    packed = swapped(digits, (len(digits) + 1) // 2)
    return bytes([len(packed) + 1, ton]) + packed


def stamp(at: datetime) -> bytes:
    """The service centre's time stamp: local time, and how many quarters of an hour it is ahead (TS 23.040, 9.2.3.11)."""
    offset = at.utcoffset()
    quarters = int(offset.total_seconds()) // 900 if offset is not None else 0
    zone = swapped(f"{abs(quarters):02d}", 1)[0] | (0x08 if quarters < 0 else 0)
    return swapped(f"{at:%y%m%d%H%M%S}", 6) + bytes([zone])


def user_data(text: str, header: bytes = b"") -> tuple[int, bytes]:
    """The data coding and the user data with its length (TS 23.040, 9.2.3.16 and 9.2.3.24)."""
    if all(_is_gsm(c) or c in _ESCAPED for c in text):
        skip = (7 - len(header) * 8 % 7) % 7
        count, packed = packed7(text, skip=skip)
        return 0x00, bytes([(len(header) * 8 + skip) // 7 + count]) + header + packed
    body = header + text.encode("utf-16-be")
    return 0x08, bytes([len(body)]) + body


@dataclass(frozen=True, slots=True)
class Text:
    """A text message as it is to stand on the card. ``status``: the record's first byte (TS 51.011, 10.5.3); ``at``: None for one
    that was sent from here; ``reference``: of a long one."""

    status: int
    who: str
    text: str
    at: datetime | None = None
    reference: int = 1
    who_ton: int | None = None


READ, UNREAD, SENT, TO_BE_SENT, DELETED = 0x01, 0x03, 0x05, 0x07, 0x00


def sms_records(message: Text, smsc: str) -> list[bytes]:
    """The records that it takes, long ones in parts."""
    size = _PART_GSM if all(_is_gsm(c) for c in message.text) else _PART_UCS2
    whole = size + 7 if size == _PART_GSM else 70
    if len(message.text.encode("utf-16-be")) // 2 <= whole:
        return [sms_record(message.status, smsc, tpdu(message, *user_data(message.text)))]
    chunks = _chunks(message.text, size)
    heads = [bytes([5, 0, 3, message.reference, len(chunks), part]) for part in range(1, len(chunks) + 1)]
    tpdus = [tpdu(message, *user_data(chunk, head), header=True) for chunk, head in zip(chunks, heads, strict=True)]
    return [sms_record(message.status, smsc, each) for each in tpdus]


def tpdu(message: Text, coding: int, data: bytes, *, header: bool = False) -> bytes:
    """SMS-DELIVER or SMS-SUBMIT (TS 23.040, 9.2.2.1 and 9.2.2.2)."""
    flag = 0x40 if header else 0
    who = party(message.who, message.who_ton)
    if message.at is None:
        return bytes([0x11 | flag, 0]) + who + bytes([0, coding, 0xA7]) + data
    return bytes([0x04 | flag]) + who + bytes([0, coding]) + stamp(message.at) + data


def sms_record(status: int, smsc: str, body: bytes) -> bytes:
    """One record of EF_SMS, filled up."""
    return (bytes([status]) + centre(smsc) + body).ljust(SMS_RECORD, b"\xff")


def free_sms_record() -> bytes:
    """A record that was never used."""
    return b"\x00".ljust(SMS_RECORD, b"\xff")


def _chunks(text: str, size: int) -> list[str]:
    """Parts of at most ``size`` UTF-16 units, none of which cuts a surrogate pair."""
    chunks: list[str] = []
    current, used = "", 0
    for c in text:
        width = 2 if ord(c) > 0xFFFF else 1
        if used + width > size:
            chunks, current, used = [*chunks, current], "", 0
        current, used = current + c, used + width
    return [*chunks, current]


def _is_gsm(c: str) -> bool:
    return c in _ALPHABET and c != "\x1b"


def _shortest(text: str) -> Form:
    if all(_is_gsm(c) or c in _ESCAPED for c in text):
        return "gsm"
    foreign = [ord(c) for c in text if not _is_gsm(c)]
    if max(foreign) > 0xFFFF or len(text) < 3:
        return "80"
    if min(foreign) >> 7 == max(foreign) >> 7 and max(foreign) < 0x8000:
        return "81"
    return "82" if max(foreign) - min(foreign) < 0x80 else "80"


def _base(text: str) -> int:
    return min(ord(c) for c in text if not _is_gsm(c)) >> 7 << 7

"""A record of EF_SMS read: SMS-DELIVER, SMS-SUBMIT and SMS-STATUS-REPORT (3GPP TS 23.040, 9.2.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lastcall.elements.simcard.coding import digits, septets
from lastcall.elements.simcard.coding.header import NO_HEADER, Header, read_header
from lastcall.elements.simcard.coding.shown import Text, about, listed, shown, utf16
from lastcall.elements.simcard.coding.sms import Coding, Kind, SmsRecord, coding_of, read_time, status_of

_LONGEST_RECORD = 255
_MOST_OCTETS = 140
_MOST_HALF_OCTETS = 20
_CUT = "cut short"
_KINDS: Final[tuple[Kind, ...]] = ("deliver", "submit", "status_report", "deliver")
"""By TP-MTI; what is reserved is read as a message delivered (9.2.3.1)."""
_HEADED = 0x40
_VALIDITY_OCTETS = (0, 7, 1, 7)


class _Octets:
    """Octets taken one after another; ``short`` once more were wanted than there are."""

    def __init__(self, raw: bytes) -> None:
        self.rest = raw
        self.short = False

    def take(self, count: int) -> bytes:
        taken, self.rest = self.rest[:count], self.rest[count:]
        self.short = self.short or len(taken) < count
        return taken

    def one(self) -> int:
        return int.from_bytes(self.take(1), "big")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What the user data say."""

    text: str = ""
    data: bytes = b""
    units: bytes = b""
    coding: Coding = "gsm7"
    header: Header = NO_HEADER
    damaged: str = ""


def decode_sms_record(raw: bytes) -> SmsRecord:
    """A record of EF_SMS, of any length.

    Damaged: what is cut short, lengths that cannot be, a time that is none (then None), a header that is not well formed, a part
    that cannot be, signs without an alphabet, compressed text (kept in ``data``), a status that says sent of what was delivered.
    """
    status_byte = raw[0] if raw else 0
    free = not status_byte & 0x01 or not raw.strip(b"\xff")
    status = "deleted" if free else status_of(status_byte)
    record = SmsRecord(status_byte=status_byte, free=free, sent=status in {"sent", "to_be_sent"}, status=status)
    octets = _Octets(raw[1:_LONGEST_RECORD])
    if not octets.rest.strip(b"\xff") or not octets.rest.strip(b"\0"):
        return record if free else replace(record, damaged="nothing stands in it")
    centre = _centre(octets)
    record = replace(record, centre=centre.number, damaged=centre.damaged)
    if not octets.rest:
        return replace(record, damaged=listed(record.damaged, _CUT))
    return _read(record, octets)


def _read(record: SmsRecord, octets: _Octets) -> SmsRecord:
    first = octets.one()
    kind = _KINDS[first & 0x03]
    if record.sent and kind == "status_report":
        return replace(record, damaged=listed(record.damaged, "a command to the SMSC, which has no text"))
    sent = kind == "submit"
    disagree = "" if record.free or record.sent == sent else "its status says otherwise than its kind"
    sent = sent if record.free else record.sent
    record = replace(record, kind=kind, sent=sent, damaged=listed(record.damaged, disagree))
    match kind:
        case "submit":
            return _submit(record, octets, first)
        case "status_report":
            return _status_report(record, octets, first)
    return _deliver(record, octets, first)


def _deliver(record: SmsRecord, octets: _Octets, first: int) -> SmsRecord:
    party = _address(octets)
    octets.one()  # TP-PID
    dcs = octets.one()
    at, no_time = _time(octets)
    body = _body(octets, dcs, headed=bool(first & _HEADED))
    return _finished(record, party, at, body, listed(no_time, _CUT if octets.short else ""))


def _submit(record: SmsRecord, octets: _Octets, first: int) -> SmsRecord:
    octets.one()  # TP-MR
    party = _address(octets)
    octets.one()  # TP-PID
    dcs = octets.one()
    octets.take(_VALIDITY_OCTETS[first >> 3 & 0x03])
    body = _body(octets, dcs, headed=bool(first & _HEADED))
    return _finished(record, party, None, body, _CUT if octets.short else "")


def _status_report(record: SmsRecord, octets: _Octets, first: int) -> SmsRecord:
    octets.one()  # TP-MR
    party = _address(octets)
    at, no_time = _time(octets)
    octets.take(7 + 1)  # TP-DT, TP-ST
    body = _report_body(octets, headed=bool(first & _HEADED))
    return _finished(record, party, at, body, listed(no_time, _CUT if octets.short else ""))


def _report_body(octets: _Octets, *, headed: bool) -> _Body:
    given = octets.one() if octets.rest else 0  # TP-PI, 9.2.3.27
    if given & 0xF8:
        return _Body()  # extended or reserved: on a card, the padding
    octets.take(1 if given & 0x01 else 0)
    dcs = octets.one() if given & 0x02 else 0
    return _body(octets, dcs, headed=headed) if given & 0x04 else _Body()


def _finished(record: SmsRecord, party: digits.Dialled, at: datetime | None, body: _Body, damaged: str) -> SmsRecord:
    return replace(
        record,
        party=party.number,
        named=party.named,
        at=at,
        text=body.text,
        data=body.data,
        units=body.units,
        coding=body.coding,
        reference=body.header.reference,
        part=body.header.part,
        parts=body.header.parts,
        ports=body.header.ports,
        damaged=listed(record.damaged, about("number", party.damaged), damaged, body.header.damaged, body.damaged),
    )


def _centre(octets: _Octets) -> digits.Dialled:
    length = octets.one()
    if length in {0x00, 0xFF}:
        return digits.Dialled("")
    if length > 12:
        octets.take(length)
        return digits.Dialled("", "the length of the SMSC's number is impossible")
    kind, *_ = value = octets.take(length) or b"\0"
    number = digits.dialled(kind, value[1:])
    return digits.Dialled(number.number, about("number of the SMSC", number.damaged))


def _address(octets: _Octets) -> digits.Dialled:
    """TS 23.040, 9.1.2.5: half octets of the value, type of number, value."""
    length, kind = octets.one(), octets.one()
    if length > _MOST_HALF_OCTETS:
        octets.rest = b""  # where it ends, and all behind it begins, nobody knows
        return digits.Dialled("", "its length is impossible")
    return digits.dialled(kind, octets.take((length + 1) // 2), half_octets=length)


def _time(octets: _Octets) -> tuple[datetime | None, str]:
    at = read_time(octets.take(7))
    return at, "" if at else "its time is none"


def _body(octets: _Octets, dcs: int, *, headed: bool) -> _Body:
    coding, compressed = coding_of(dcs)
    length = octets.one()
    size = (length * 7 + 7) // 8 if coding == "gsm7" and not compressed else length
    raw = octets.take(min(size, _MOST_OCTETS))
    header = read_header(raw) if headed else NO_HEADER
    impossible = "the length of its text is impossible" if size > _MOST_OCTETS else ""
    if header.length > len(raw):
        return _Body(coding=coding, header=header, damaged=impossible)
    body = _content(raw, length, header, coding, compressed=compressed)
    return replace(body, coding=coding, header=header, damaged=listed(impossible, body.damaged))


def _content(raw: bytes, length: int, header: Header, coding: Coding, *, compressed: bool) -> _Body:
    behind = raw[header.length :]
    if compressed:
        return _Body(data=behind, damaged="its text is compressed (TS 23.042)")
    match coding:
        case "8bit":
            return _Body(data=behind)
        case "ucs2":
            text = ucs2_text(inner(behind) if header.parts > 1 else behind)
            return _Body(text=text.text, units=behind, damaged=text.damaged)
    signs = septets.unpack(raw, length)[(header.length * 8 + 6) // 7 :]
    text = septets.decode(signs, locking=header.locking, single=header.single)
    return _Body(text=text.text, damaged=text.damaged)


def ucs2_text(units: bytes) -> Text:
    """UCS-2, in which surrogate pairs count as UTF-16, as text for people."""
    text = shown(utf16(units), lines=True)
    return Text(text.text, listed(text.damaged, "it ends within a sign" if len(units) % 2 else ""))


def inner(units: bytes) -> bytes:
    """Without the half of a surrogate pair at either end, whose other half stands in another part of the message."""
    start = 2 if units[:1] and 0xDC <= units[0] <= 0xDF else 0
    last = len(units) // 2 * 2 - 2
    end = last if last >= start and 0xD8 <= units[last] <= 0xDB else len(units)
    return units[start:end]

"""Records of EF_SMS written: texts of any length as SMS-DELIVER or SMS-SUBMIT (3GPP TS 23.040, 9.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypedDict, Unpack

from lastcall.elements.simcard.coding.sms import Coding

from .digits import UNKNOWN, encode_dialled, encode_digits
from .septets import as_signs, encode_septets, pack

RECORD: Final = 176
"""Bytes of a record: its status, the number of the SMSC and the TPDU, padded with FF (TS 51.011, 10.5.3)."""

_DELIVER, _SUBMIT, _HEADED = 0x04, 0x01, 0x40  # a deliver has TP-MMS set: no more messages wait
_ALPHANUMERIC = 0xD0
_STATUS = {"deleted": 0x00, "read": 0x01, "unread": 0x03, "sent": 0x05, "to_be_sent": 0x07}
_DCS: dict[Coding, int] = {"gsm7": 0x00, "8bit": 0x04, "ucs2": 0x08}
_VALIDITY = {0: 0x00, 1: 0x10, 7: 0x18}
_CONCATENATED_8, _CONCATENATED_16, _PORTS_16, _SINGLE_SHIFT, _LOCKING_SHIFT = 0x00, 0x08, 0x05, 0x24, 0x25
_NUMBER = re.compile(r"\+?[0-9*#p?]+")

Element = tuple[int, bytes]


class Content(TypedDict, total=False):
    """``coding``: the first of ``gsm7`` and ``ucs2`` that holds the text unless said, ``8bit`` for ``data``; ``locking``,
    ``single``: national languages of a text in ``gsm7``; ``reference`` of its parts, in sixteen bits if ``wide``; ``ports``: (to,
    from)."""

    coding: Coding
    data: bytes
    locking: int
    single: int
    reference: int
    wide: bool
    ports: tuple[int, int] | None


def encode_deliver(
    text: str = "", *, party: str, at: datetime, centre: str = "", status: str = "read", **content: Unpack[Content]
) -> list[bytes]:
    """Records of a message that was delivered to the card, one for each part. ``party``: a number or letters."""
    start = bytes([_STATUS[status]]) + _centre(centre)
    return [
        _record(start + bytes([_DELIVER | headed]) + _address(party) + bytes([0, dcs]) + _time(at) + body)
        for headed, dcs, body in _parts(text, **content)
    ]


def encode_submit(
    text: str = "",
    *,
    party: str,
    centre: str = "",
    status: str = "sent",
    validity: bytes = b"",
    **content: Unpack[Content],
) -> list[bytes]:
    """Records of a message sent or to be sent. ``validity``: TP-VP, none, one octet (relative) or seven (absolute)."""
    start, first = bytes([_STATUS[status]]) + _centre(centre), _SUBMIT | _VALIDITY[len(validity)]
    return [
        _record(start + bytes([first | headed, 0]) + _address(party) + bytes([0, dcs]) + validity + body)
        for headed, dcs, body in _parts(text, **content)
    ]


def _parts(
    text: str,
    *,
    coding: Coding | None = None,
    data: bytes = b"",
    locking: int = 0,
    single: int = 0,
    reference: int = 0,
    wide: bool = False,
    ports: tuple[int, int] | None = None,
) -> Iterator[tuple[int, int, bytes]]:
    """For each part the bit that says that it has a header, its coding, and its length, header and text."""
    coding = coding or _coding(text, data, locking, single)
    signs = _signs(text, data, coding, locking, single)
    elements = _elements(locking, single, ports)
    whole = _header(elements)
    if sum(map(len, signs)) <= _room(whole, coding):
        yield _HEADED if whole else 0, _DCS[coding], _user_data(whole, b"".join(signs), coding)
        return
    kind, width = (_CONCATENATED_16, 2) if wide else (_CONCATENATED_8, 1)
    pieces = list(_fill(signs, _room(_header([*elements, (kind, bytes(width + 2))]), coding)))
    for part, piece in enumerate(pieces, start=1):
        told = reference.to_bytes(width, "big") + bytes([len(pieces), part])
        yield _HEADED, _DCS[coding], _user_data(_header([(kind, told), *elements]), piece, coding)


def _coding(text: str, data: bytes, locking: int, single: int) -> Coding:
    if data:
        return "8bit"
    try:
        encode_septets(text, locking=locking, single=single)
    except ValueError:
        return "ucs2"
    return "gsm7"


def _signs(text: str, data: bytes, coding: Coding, locking: int, single: int) -> list[bytes]:
    """What no part may cut apart."""
    match coding:
        case "8bit":
            return [bytes([octet]) for octet in data]
        case "gsm7":
            return as_signs(text, locking=locking, single=single)
    return [sign.encode("utf-16-be") for sign in text]


def _elements(locking: int, single: int, ports: tuple[int, int] | None) -> list[Element]:
    elements = [(_SINGLE_SHIFT, bytes([single]))] if single else []
    elements += [(_LOCKING_SHIFT, bytes([locking]))] if locking else []
    return elements + ([(_PORTS_16, b"".join(port.to_bytes(2, "big") for port in ports))] if ports else [])


def _header(elements: Iterable[Element]) -> bytes:
    body = b"".join(bytes([kind, len(value)]) + value for kind, value in elements)
    return bytes([len(body)]) + body if body else b""


def _room(header: bytes, coding: Coding) -> int:
    return 160 - (len(header) * 8 + 6) // 7 if coding == "gsm7" else 140 - len(header)


def _fill(signs: Iterable[bytes], most: int) -> Iterator[bytes]:
    piece = b""
    for sign in signs:
        if len(piece) + len(sign) > most:
            yield piece
            piece = b""
        piece += sign
    yield piece


def _user_data(header: bytes, body: bytes, coding: Coding) -> bytes:
    if coding != "gsm7":
        return bytes([len(header) + len(body)]) + header + body
    before = (len(header) * 8 + 6) // 7
    return bytes([before + len(body)]) + header + pack(body, fill=before * 7 - len(header) * 8)


def _address(party: str) -> bytes:
    """TS 23.040, 9.1.2.5."""
    if not party:
        return bytes([0, UNKNOWN])
    if _NUMBER.fullmatch(party):
        kind, octets = encode_dialled(party)
        return bytes([len(party.removeprefix("+")), kind]) + octets
    letters = encode_septets(party)
    return bytes([(len(letters) * 7 + 3) // 4, _ALPHANUMERIC]) + pack(letters)


def _centre(number: str) -> bytes:
    if not number:
        return b"\0"
    kind, octets = encode_dialled(number)
    return bytes([1 + len(octets), kind]) + octets


def _time(at: datetime) -> bytes:
    """TP-SCTS (TS 23.040, 9.2.3.11)."""
    offset = at.utcoffset() or timedelta()
    zone = encode_digits(f"{abs(offset) // timedelta(minutes=15):02}")[0] | (0x08 if offset < timedelta() else 0)
    return encode_digits(f"{at:%y%m%d%H%M%S}") + bytes([zone])


def _record(raw: bytes) -> bytes:
    return raw.ljust(RECORD, b"\xff")

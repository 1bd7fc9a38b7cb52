"""Records of EF_SMS written: texts of any length as SMS-DELIVER or SMS-SUBMIT (3GPP TS 23.040, 9.2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from lastcall.core.errors import BadInput
from lastcall.elements.simcard.coding import digits, septets
from lastcall.elements.simcard.coding.header import (
    CONCATENATED_8,
    CONCATENATED_16,
    LOCKING_SHIFT,
    PORTS_16,
    SINGLE_SHIFT,
    write_header,
)
from lastcall.elements.simcard.coding.sms import RECORD, STATUS_BYTES, Coding, write_time

_DELIVER, _SUBMIT, _HEADED = 0x04, 0x01, 0x40  # a deliver has TP-MMS set: no more messages wait
_ALPHANUMERIC = 0xD0
_DCS: dict[str, int] = {"gsm7": 0x00, "8bit": 0x04, "ucs2": 0x08}
_MOST_PARTS = 255
_NUMBER = re.compile(r"\+?[0-9*#p?]+")

Element = tuple[int, bytes]


def encode_deliver(
    text: str = "",
    *,
    party: str,
    at: datetime,
    centre: str = "",
    status: Literal["read", "unread", "deleted"] = "read",
    coding: Coding | None = None,
    data: bytes = b"",
    locking: int = 0,
    single: int = 0,
    reference: int = 0,
    wide: bool = False,
    ports: tuple[int, int] | None = None,
    dcs: int | None = None,
) -> list[bytes]:
    """Records of a message that was delivered to the card, one for each part.

    ``party``: a number or up to eleven letters of the GSM alphabet; ``coding``: the first of ``gsm7`` and ``ucs2`` that holds the
    text unless said, ``8bit`` for ``data``; ``locking``, ``single``: national languages of a text in ``gsm7``; ``reference`` of
    its parts, in sixteen bits if ``wide``; ``ports``: (to, from); ``dcs``: another data coding scheme than the usual one.
    Raises :class:`BadInput`: ``not_in_alphabet``, ``too_long``, ``bad_number``, ``bad_time``.
    """
    coding = coding or _coding(text, data, locking, single)
    pieces = _signs(text, data, coding, locking, single)
    elements = _elements(locking, single, ports)
    head = _address(party) + bytes([0x00, _DCS[coding] if dcs is None else dcs]) + write_time(at)
    start = bytes([STATUS_BYTES[status]]) + _centre(centre)
    return [
        _record(start + bytes([_DELIVER | headed]) + head + body)
        for headed, body in _bodies(pieces, coding, elements, reference, wide=wide)
    ]


def encode_submit(
    text: str = "",
    *,
    party: str,
    centre: str = "",
    status: Literal["sent", "to_be_sent", "deleted"] = "sent",
    coding: Coding | None = None,
    data: bytes = b"",
    locking: int = 0,
    single: int = 0,
    reference: int = 0,
    wide: bool = False,
    ports: tuple[int, int] | None = None,
    dcs: int | None = None,
    validity: bytes = b"",
) -> list[bytes]:
    """Records of a message sent or to be sent, one for each part. ``validity``: TP-VP, none, one octet (relative) or seven
    (absolute); the rest, and what is raised, as :func:`encode_deliver`."""
    coding = coding or _coding(text, data, locking, single)
    pieces = _signs(text, data, coding, locking, single)
    elements = _elements(locking, single, ports)
    first = _SUBMIT | {0: 0x00, 1: 0x10, 7: 0x18}[len(validity)]
    head = b"\0" + _address(party) + bytes([0x00, _DCS[coding] if dcs is None else dcs]) + validity
    start = bytes([STATUS_BYTES[status]]) + _centre(centre)
    return [
        _record(start + bytes([first | headed]) + head + body)
        for headed, body in _bodies(pieces, coding, elements, reference, wide=wide)
    ]


def _coding(text: str, data: bytes, locking: int, single: int) -> Coding:
    if data:
        return "8bit"
    try:
        septets.encode(text, locking=locking, single=single)
    except BadInput:
        return "ucs2"
    return "gsm7"


def _signs(text: str, data: bytes, coding: Coding, locking: int, single: int) -> list[bytes]:
    """What no part may cut apart."""
    match coding:
        case "8bit":
            return [bytes([octet]) for octet in data]
        case "gsm7":
            return septets.as_signs(text, locking=locking, single=single)
    try:
        return [sign.encode("utf-16-be") for sign in text]
    except UnicodeEncodeError:
        raise BadInput("The text has half a character in it.", code="not_in_alphabet") from None


def _elements(locking: int, single: int, ports: tuple[int, int] | None) -> list[Element]:
    elements = [(SINGLE_SHIFT, bytes([single]))] if single else []
    elements += [(LOCKING_SHIFT, bytes([locking]))] if locking else []
    return elements + ([(PORTS_16, b"".join(port.to_bytes(2, "big") for port in ports))] if ports else [])


def _bodies(
    signs: list[bytes], coding: Coding, elements: list[Element], reference: int, *, wide: bool
) -> Iterator[tuple[int, bytes]]:
    """For each part the bit that says that it has a header, and its length, header and text."""
    whole = write_header(elements)
    if sum(map(len, signs)) <= _room(whole, coding):
        yield _HEADED if whole else 0, _user_data(whole, b"".join(signs), coding)
        return
    kind, width = (CONCATENATED_16, 2) if wide else (CONCATENATED_8, 1)
    pieces = list(_fill(signs, _room(write_header([*elements, (kind, bytes(width + 2))]), coding)))
    if len(pieces) > _MOST_PARTS:
        raise BadInput("The text needs more than 255 parts.", code="too_long")
    for part, piece in enumerate(pieces, start=1):
        told = reference.to_bytes(width, "big") + bytes([len(pieces), part])
        yield _HEADED, _user_data(write_header([(kind, told), *elements]), piece, coding)


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
    return bytes([before + len(body)]) + header + septets.pack(body, fill=before * 7 - len(header) * 8)


def _address(party: str) -> bytes:
    if not party:
        return bytes([0, digits.UNKNOWN])
    if _NUMBER.fullmatch(party):
        kind, octets = digits.encode_dialled(party)
        length = len(party.removeprefix("+"))
    else:
        letters = septets.encode(party)
        kind, octets, length = _ALPHANUMERIC, septets.pack(letters), (len(letters) * 7 + 3) // 4
    if len(octets) > 10:
        raise BadInput("A party is of at most twenty digits or eleven letters.", code="too_long")
    return bytes([length, kind]) + octets


def _centre(number: str) -> bytes:
    if not number:
        return b"\0"
    kind, octets = digits.encode_dialled(number)
    if len(octets) > 10:
        raise BadInput("The SMSC's number is of at most twenty digits.", code="too_long")
    return bytes([1 + len(octets), kind]) + octets


def _record(raw: bytes) -> bytes:
    return raw.ljust(RECORD, b"\xff")

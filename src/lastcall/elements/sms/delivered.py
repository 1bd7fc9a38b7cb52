"""What an SMSC delivers to us (deliver_sm, SMPP 3.4, 4.6.1): a text of a subscriber, a part of one, or a delivery receipt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lastcall.core.texting.arrived import Arrived, PartOf, Reported
from lastcall.core.texting.submission import DELIVERED, FAILED, ON_ITS_WAY
from lastcall.elements.sms.link import Garbled
from lastcall.elements.sms.parts import DEFAULT_ALPHABET, UCS2, default_alphabet

_INTERNATIONAL: Final = 1  # type of number, SMPP 3.4, 5.2.5
_HEADED: Final = 0x40  # esm_class: a user data header indicator; SMPP 3.4, 5.2.12
_RECEIPT_TYPES: Final = {
    0x04,
    0x08,
    0x20,
}  # esm_class, bits 5-2: SMSC delivery receipt, delivery ack., intermediate notification
_SHORT_PARTS, _LONG_PARTS = 0x00, 0x08  # information elements of concatenation; TS 23.040, 9.2.3.24.1 and 9.2.3.24.8
_USER_MESSAGE_REFERENCE, _SAR_REFERENCE, _SAR_TOTAL, _SAR_PLACE = 0x0204, 0x020C, 0x020E, 0x020F  # SMPP 3.4, 5.3.2
_PAYLOAD, _RECEIPTED_ID, _MESSAGE_STATE, _NETWORK_ERROR = 0x0424, 0x001E, 0x0427, 0x0423
_STATES: Final = {
    2: "DELIVRD",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIV",
    6: "ACCEPTD",
    7: "UNKNOWN",
    8: "REJECTD",
}  # 5.2.28
_FAILURES: Final = frozenset({"EXPIRED", "DELETED", "UNDELIV", "REJECTD"})
_RECEIPT: Final = re.compile(
    r"id:\s*(?P<id>[^\s]+).*?stat:\s*(?P<stat>[A-Za-z]+)(?:.*?err:\s*(?P<err>[0-9A-Za-z]+))?", re.DOTALL
)


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def octet(self) -> int:
        return self.octets(1)[0]

    def octets(self, count: int) -> bytes:
        taken = self._body[self._at : self._at + count]
        if len(taken) < count:
            raise Garbled
        self._at += count
        return taken

    def words(self) -> str:
        end = self._body.find(b"\0", self._at)
        if end < 0:
            raise Garbled
        taken, self._at = self._body[self._at : end], end + 1
        return taken.decode("latin-1")

    def parameters(self) -> Iterator[tuple[int, bytes]]:
        while self._at < len(self._body):
            tag, length = int.from_bytes(self.octets(2), "big"), int.from_bytes(self.octets(2), "big")
            yield tag, self.octets(length)


@dataclass(frozen=True, slots=True)
class _Delivery:
    """The fields of a deliver_sm that we read; ``header``: the user data header's elements by their identifier."""

    sender: str
    recipient: str
    esm_class: int
    data_coding: int
    octets: bytes
    header: dict[int, bytes]
    parameters: dict[int, bytes]


def read_delivery(body: bytes) -> Arrived | Reported:
    """What a deliver_sm with this body delivers. Raises :class:`Garbled`."""
    delivery = _fields(_Reader(body))
    if delivery.esm_class & 0x3C in _RECEIPT_TYPES:
        return _report(delivery)
    # Some SMSCs send nought for all: that tells no text from another.
    reference = delivery.parameters.get(_USER_MESSAGE_REFERENCE, b"").lstrip(b"\0").hex()
    text = decoded(delivery.octets, delivery.data_coding)
    return Arrived(
        sender=delivery.sender, recipient=delivery.recipient, text=text, reference=reference, part=_part(delivery)
    )  # fmt: skip


def _fields(reader: _Reader) -> _Delivery:
    reader.words()  # service_type
    sender, recipient = _address(reader), _address(reader)
    esm_class = reader.octet()
    reader.octets(2)  # protocol_id, priority_flag
    reader.words(), reader.words()  # schedule_delivery_time, validity_period
    reader.octets(2)  # registered_delivery, replace_if_present_flag
    data_coding = reader.octet()
    reader.octet()  # sm_default_msg_id
    octets = reader.octets(reader.octet())
    parameters = dict(reader.parameters())
    octets = octets or parameters.get(_PAYLOAD, b"")
    header: dict[int, bytes] = {}
    if esm_class & _HEADED and octets:
        header, octets = dict(_elements(octets[1 : 1 + octets[0]])), octets[1 + octets[0] :]
    return _Delivery(sender, recipient, esm_class, data_coding, octets, header, parameters)


def _address(reader: _Reader) -> str:
    kind, _ = reader.octet(), reader.octet()
    address = reader.words()
    return f"+{address}" if kind == _INTERNATIONAL and not address.startswith("+") else address


def _elements(header: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(header)
    at = 0
    while at < len(header):
        tag, value = reader.octet(), reader.octets(reader.octet())
        at += 2 + len(value)
        yield tag, value


def part_of(header: bytes) -> PartOf | None:
    """What the elements of a user data header (without its length octet) say of parts. Raises :class:`Garbled`."""
    return _headed_part(dict(_elements(header)))


def _headed_part(header: dict[int, bytes]) -> PartOf | None:
    if len(short := header.get(_SHORT_PARTS, b"")) == 3:
        return PartOf(f"8 {short[0]}", short[2], short[1])
    if len(long := header.get(_LONG_PARTS, b"")) == 4:
        return PartOf(f"16 {int.from_bytes(long[:2], 'big')}", long[3], long[2])
    return None


def _part(delivery: _Delivery) -> PartOf | None:
    found, told = _headed_part(delivery.header), delivery.parameters
    if found is None and {_SAR_REFERENCE, _SAR_TOTAL, _SAR_PLACE} <= told.keys():
        reference, total, place = (int.from_bytes(told[tag], "big") for tag in (_SAR_REFERENCE, _SAR_TOTAL, _SAR_PLACE))
        found = PartOf(f"sar {reference}", place, total)
    return found if found is not None and found.total > 1 else None


def _report(delivery: _Delivery) -> Reported:
    """The parameters where the SMSC gives them, else the words of SMPP 3.4, appendix B."""
    told = _RECEIPT.search(delivery.octets.decode("latin-1"))
    name = delivery.parameters.get(_RECEIPTED_ID, b"").rstrip(b"\0").decode("latin-1") or (told["id"] if told else "")
    state = _STATES.get(int.from_bytes(delivery.parameters.get(_MESSAGE_STATE, b"\0"), "big"), "")
    state = state or (told["stat"].upper() if told else "")
    error = (told["err"] or "").strip("0") if told else delivery.parameters.get(_NETWORK_ERROR, b"").hex()
    outcome = DELIVERED if state == "DELIVRD" else FAILED if state in _FAILURES else ON_ITS_WAY
    return Reported(name=name, outcome=outcome, reason=f"{state} {error}".strip() if outcome == FAILED else "")


def decoded(octets: bytes, data_coding: int) -> str:
    """The text of octets in a coding (SMPP 3.4, 5.2.19; TS 23.038, 4). Half of a surrogate pair stays as it is; binary is no
    text."""
    alphabet = _alphabet(data_coding)
    if alphabet == UCS2:
        return octets[: len(octets) & ~1].decode("utf-16-be", "surrogatepass")
    if alphabet == DEFAULT_ALPHABET:
        return default_alphabet(octets)
    return octets.decode(_CODECS[alphabet], "replace") if alphabet in _CODECS else ""


_CODECS: Final = {
    1: "ascii",
    3: "latin-1",
    6: "iso8859-5",
    7: "iso8859-8",
    5: "shift_jis",
    13: "shift_jis",
    14: "euc_kr",
}


def _alphabet(data_coding: int) -> int:
    if data_coding < 0x10:
        return data_coding
    if data_coding >= 0xF0:
        return 4 if data_coding & 0x04 else DEFAULT_ALPHABET
    if data_coding < 0x40:
        return {0x00: DEFAULT_ALPHABET, 0x08: UCS2}.get(data_coding & 0x0C, 4)
    return UCS2 if 0xE0 <= data_coding < 0xF0 else DEFAULT_ALPHABET

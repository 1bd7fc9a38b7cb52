"""A serving MSC/VLR for the tests: speaks GSUP over IPA to an HLR and remembers all that it was told.

GSUP is Osmocom's stand-in for MAP (3GPP TS 29.002) between HLR and MSC/VLR; message and element numbers are those of
the "Generic Subscriber Update Protocol" chapter of the OsmoHLR user manual. Each message is one octet of type, then
elements of tag, length and value. It travels in IPA frames: two octets of length, one of protocol, the payload.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

GSUP_PORT = 4222

_IPA_CCM = 0xFE
_IPA_OSMO = 0xEE
_OSMO_GSUP = 0x05

_CCM_PING, _CCM_PONG, _CCM_ID_GET, _CCM_ID_RESPONSE, _CCM_ID_ACK = 0x00, 0x01, 0x04, 0x05, 0x06
_CCM_SERIAL_NUMBER, _CCM_UNIT_NAME, _CCM_UNIT_ID = 0x00, 0x01, 0x08

_IE_IMSI, _IE_CAUSE, _IE_MSISDN, _IE_CN_DOMAIN = 0x01, 0x02, 0x08, 0x28


class Kind(IntEnum):
    """The GSUP messages that this peer sends or is sent."""

    UPDATE_LOCATION_REQUEST = 0x04
    UPDATE_LOCATION_ERROR = 0x05
    UPDATE_LOCATION_RESULT = 0x06
    INSERT_DATA_REQUEST = 0x10
    INSERT_DATA_RESULT = 0x12
    DELETE_DATA_REQUEST = 0x14
    DELETE_DATA_RESULT = 0x16
    LOCATION_CANCEL_REQUEST = 0x1C
    LOCATION_CANCEL_RESULT = 0x1E


class Domain(IntEnum):
    """Core network domain, as GSUP numbers it."""

    PS = 1
    CS = 2


_ANSWERS = {
    Kind.INSERT_DATA_REQUEST: Kind.INSERT_DATA_RESULT,
    Kind.DELETE_DATA_REQUEST: Kind.DELETE_DATA_RESULT,
    Kind.LOCATION_CANCEL_REQUEST: Kind.LOCATION_CANCEL_RESULT,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One message from the HLR. ``cause``: 3GPP TS 24.008, 10.5.5.14; ``msisdn``: digits; None where not told."""

    kind: Kind
    imsi: str
    cause: int | None = None
    msisdn: str | None = None
    domain: Domain | None = None


def _to_bcd(digits: str) -> bytes:
    padded = digits + "f" * (len(digits) % 2)
    return bytes.fromhex("".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2)))


def _from_bcd(octets: bytes) -> str:
    return "".join(f"{octet & 15:x}{octet >> 4:x}" for octet in octets).rstrip("f")


def _element(tag: int, value: bytes) -> bytes:
    return bytes((tag, len(value))) + value


def encode(kind: Kind, imsi: str, domain: Domain | None = None) -> bytes:
    """The GSUP message ``kind`` about ``imsi``."""
    body = bytes((kind,)) + _element(_IE_IMSI, _to_bcd(imsi))
    return body + _element(_IE_CN_DOMAIN, bytes((domain,))) if domain is not None else body


def decode(message: bytes) -> Heard:
    """Read a GSUP message; elements that the tests do not ask about are passed over."""
    elements, at = {}, 1
    while at < len(message):
        tag, length = message[at], message[at + 1]
        elements[tag] = message[at + 2 : at + 2 + length]
        at += 2 + length
    cause, msisdn, domain = (elements.get(tag) for tag in (_IE_CAUSE, _IE_MSISDN, _IE_CN_DOMAIN))
    return Heard(
        kind=Kind(message[0]),
        imsi=_from_bcd(elements[_IE_IMSI]),
        cause=cause[0] if cause else None,
        msisdn=_from_bcd(msisdn[1:]) if msisdn else None,  # the first octet is the type of number
        domain=Domain(domain[0]) if domain else None,
    )


class GsupPeer:
    """An MSC/VLR called ``name``, connected to the HLR at ``host``:``port`` from :meth:`open` (or ``with``) on.

    It confirms every InsertData and DeleteData. All that it hears is in :meth:`heard`, in order.
    """

    def __init__(self, name: str, host: str, port: int = GSUP_PORT, *, timeout: float = 5.0) -> None:
        self.name = name
        self._address = (host, port)
        self._timeout = timeout
        self._heard: list[Heard] = []
        self._news = threading.Condition()
        self._ready = threading.Event()
        self._writing = threading.Lock()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> Self:
        """Connect and end the IPA handshake. Raises :class:`TimeoutError` when the HLR does not."""
        self._socket = socket.create_connection(self._address, self._timeout)
        self._socket.settimeout(None)
        self._reader = threading.Thread(target=self._read, name=f"gsup-{self.name}", daemon=True)
        self._reader.start()
        if not self._ready.wait(self._timeout):
            self.close()
            raise TimeoutError(f"the HLR did not end the IPA handshake with {self.name} in {self._timeout} s")
        return self

    def close(self) -> None:
        """Leave the HLR; may be called twice."""
        with contextlib.suppress(OSError):  # the HLR may have been faster
            self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join(self._timeout)
        self._socket.close()

    def heard(self, imsi: str, kind: Kind | None = None) -> list[Heard]:
        """What the HLR has said about ``imsi`` so far."""
        with self._news:
            return [one for one in self._heard if one.imsi == imsi and kind in (None, one.kind)]

    def wait(self, wanted: Callable[[list[Heard]], bool], timeout: float) -> bool:
        """Whether ``wanted``, asked of everything heard, comes true within ``timeout`` seconds."""
        with self._news:
            return self._news.wait_for(lambda: wanted(self._heard), timeout)

    def attach(self, imsi: str, *, domain: Domain = Domain.CS) -> Heard:
        """A phone with ``imsi`` comes on the air here: the HLR's answer, a result or an error with its cause."""
        with self._news:
            known = len(self._heard)
        self._send(_IPA_OSMO, bytes((_OSMO_GSUP,)) + encode(Kind.UPDATE_LOCATION_REQUEST, imsi, domain))
        ends = (Kind.UPDATE_LOCATION_RESULT, Kind.UPDATE_LOCATION_ERROR)

        def answers(heard: list[Heard]) -> list[Heard]:
            return [one for one in heard[known:] if one.imsi == imsi and one.kind in ends]

        if not self.wait(lambda heard: bool(answers(heard)), self._timeout):
            raise TimeoutError(f"the HLR did not answer a location update in {self._timeout} s")
        with self._news:
            return answers(self._heard)[0]

    def _send(self, protocol: int, payload: bytes) -> None:
        with self._writing:
            self._socket.sendall(struct.pack(">HB", len(payload), protocol) + payload)

    def _read(self) -> None:
        try:
            with self._socket.makefile("rb") as stream:
                while len(head := stream.read(3)) == 3:
                    length, protocol = struct.unpack(">HB", head)
                    self._receive(protocol, stream.read(length))
        except OSError:
            return  # closed under our feet: the tests' own waits will tell

    def _receive(self, protocol: int, payload: bytes) -> None:
        if protocol == _IPA_CCM:
            self._shake_hands(payload[0])
        elif protocol == _IPA_OSMO and payload[0] == _OSMO_GSUP:
            self._hear(decode(payload[1:]))

    def _shake_hands(self, step: int) -> None:
        if step == _CCM_PING:
            self._send(_IPA_CCM, bytes((_CCM_PONG,)))
        elif step == _CCM_ID_GET:
            self._send(_IPA_CCM, bytes((_CCM_ID_RESPONSE,)) + self._identity())
            self._send(_IPA_CCM, bytes((_CCM_ID_ACK,)))
        elif step == _CCM_ID_ACK:
            self._ready.set()

    def _identity(self) -> bytes:
        texts = {_CCM_SERIAL_NUMBER: self.name, _CCM_UNIT_NAME: self.name, _CCM_UNIT_ID: "0/0/0"}
        values = [bytes((tag,)) + text.encode() + b"\0" for tag, text in texts.items()]
        return b"".join(struct.pack(">H", len(value)) + value for value in values)

    def _hear(self, heard: Heard) -> None:
        with self._news:
            self._heard.append(heard)
            self._news.notify_all()
        if (answer := _ANSWERS.get(heard.kind)) is not None:
            self._send(_IPA_OSMO, bytes((_OSMO_GSUP,)) + encode(answer, heard.imsi, heard.domain))

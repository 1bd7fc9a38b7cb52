"""What one record of EF_SMS says (3GPP TS 51.011, 10.5.3), its data coding scheme (TS 23.038, 4) and its times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Literal

from lastcall.elements.simcard.coding.digits import halves

Coding = Literal["gsm7", "ucs2", "8bit"]
Kind = Literal["deliver", "submit", "status_report", "unknown"]

_CENTURY = 90
_WIDEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsRecord:
    """One record of EF_SMS.

    ``free``: its place may be written over; ``status``: as :data:`lastcall.core.simcard.card.STATUSES`; ``sent``: by this card.
    ``party``: who sent it or to whom it goes, ``named``: a name and no number;
    ``centre``: the SMSC's number. ``at``: the SMSC's time with its offset. ``text`` of
    ``gsm7`` and ``ucs2``, ``data`` of ``8bit`` and of what is compressed. ``reference``, ``part`` of ``parts``: of a message in
    several parts; ``ports``: (to, from) of an application. ``units``: the octets of a text in ``ucs2``, for :func:`join`.
    """

    status_byte: int
    free: bool
    sent: bool
    status: str
    centre: str = ""
    party: str = ""
    at: datetime | None = None
    text: str = ""
    data: bytes = b""
    coding: Coding = "gsm7"
    reference: int | None = None
    part: int = 1
    parts: int = 1
    ports: tuple[int, int] | None = None
    kind: Kind = "unknown"
    damaged: str = ""
    units: bytes = b""
    named: bool = False

    @property
    def blank(self) -> bool:
        """Free, and nothing of a message lies there any more that can be read."""
        return self.free and not (self.party or self.text or self.data)


def status_of(status_byte: int) -> str:
    """The status of TS 51.011, 10.5.3, whose first bit says whether the place is used."""
    if not status_byte & 0x01:
        return "deleted"
    return ("read", "unread", "sent", "to_be_sent")[status_byte >> 1 & 0x03]


def coding_of(dcs: int) -> tuple[Coding, bool]:
    """Alphabet, and whether the text is compressed; what is reserved is the GSM alphabet (TS 23.038, 4)."""
    group = dcs >> 4
    if group < 0x8:
        alphabets: tuple[Coding, ...] = ("gsm7", "8bit", "ucs2", "gsm7")
        return alphabets[dcs >> 2 & 0x03], bool(dcs & 0x20)
    if group == 0xF:
        return ("8bit" if dcs & 0x04 else "gsm7"), False
    return ("ucs2" if group == 0xE else "gsm7"), False


def read_time(octets: bytes) -> datetime | None:
    """TP-SCTS in its own offset (TS 23.040, 9.2.3.11); None where it is no time. Years 90 to 99 are of the last century."""
    if len(octets) != 7:
        return None
    nibbles = halves(octets)
    offset = _offset(octets[6])
    if any(half > 9 for half in nibbles[:12]) or offset is None:
        return None
    year, month, day, hour, minute, second = (
        10 * tens + ones for tens, ones in zip(nibbles[:12:2], nibbles[1:12:2], strict=True)
    )
    try:
        return datetime(
            year + (1900 if year >= _CENTURY else 2000), month, day, hour, minute, second, tzinfo=timezone(offset)
        )
    except ValueError:
        return None


def _offset(octet: int) -> timedelta | None:
    tens, ones = octet & 0x07, octet >> 4
    offset = (10 * tens + ones) * timedelta(minutes=15)
    if ones > 9 or offset > _WIDEST:
        return None
    return -offset if octet & 0x08 else offset
